"""A program that sends events and keeps a log of what was acknowledged, in the wire format of the Segment SDKs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.support.server import PATIENCE_SECONDS

EVENT = "Signed Up"
RETRY_SECONDS = 0.05
TRIES_MAX = 20 * PATIENCE_SECONDS


def calls(people: Iterable[int], *, each: int) -> Iterator[dict[str, Any]]:
    """Everybody is identified, then signs up `each` times; the property `n` tells the events apart."""
    n = 0
    for person in people:
        user_id = f"person-{person}"
        traits = {"email": f"{user_id}@example.net", "first_name": f"P{person}"}
        yield {"type": "identify", "messageId": f"identify-{person}", "userId": user_id, "traits": traits}
        for _ in range(each):
            n += 1
            track = {"type": "track", "messageId": f"track-{n}", "userId": user_id, "event": EVENT}
            yield {**track, "properties": {"n": n}}


@dataclass
class Ledger:
    """`acknowledged`: the calls whose batch was answered with 200; `repeats`: batches that had to be sent again."""

    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    repeats: int = 0
    refused: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, batch: Sequence[dict[str, Any]]) -> None:
        with self._lock:
            self.acknowledged += batch

    def repeat(self) -> None:
        with self._lock:
            self.repeats += 1

    @property
    def tracked(self) -> list[int]:
        """The `n` of every acknowledged event."""
        return [call["properties"]["n"] for call in self.acknowledged if call["type"] == "track"]


def send(url: str, write_key: str, batches: Iterator[Sequence[dict[str, Any]]], ledger: Ledger) -> None:
    """Send each batch until it is acknowledged, every try with the same messageIds. Several may share the batches."""
    with requests.Session() as session:
        for batch in batches:
            for _ in range(TRIES_MAX):
                try:
                    answer = session.post(
                        f"{url}/v1/batch", json={"batch": batch}, auth=(write_key, ""), timeout=PATIENCE_SECONDS
                    )
                except requests.RequestException:
                    pass
                else:
                    if answer.status_code == 200 and answer.json() == {"success": True}:
                        ledger.write(batch)
                        break
                    ledger.refused.append(f"{answer.status_code} {answer.text[:200]}")
                ledger.repeat()
                threading.Event().wait(RETRY_SECONDS)
            else:
                raise AssertionError("the server did not come back")


class Shared(Iterator[Sequence[dict[str, Any]]]):
    """Batches that several threads take from."""

    def __init__(self, everything: Sequence[dict[str, Any]], size: int) -> None:
        self._batches = iter([everything[start : start + size] for start in range(0, len(everything), size)])
        self._lock = threading.Lock()

    def __next__(self) -> Sequence[dict[str, Any]]:
        with self._lock:
            return next(self._batches)
