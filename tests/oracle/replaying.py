"""Instant by instant through one contact's time, and contact by contact through the audience."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tests.oracle.conditions import Event
from tests.oracle.passages import Contact, History, Journey
from tests.oracle.walking import Walk


def histories(
    journey: Journey,
    contacts: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    *,
    start_ms: int,
    until_ms: int,
    enroll: Collection[str] | str | None,
) -> list[History]:
    """What became of every contact; nothing passes from one contact to another, so each is lived alone."""
    people = {person.user_id: person for person in map(Contact, contacts)}
    everyone: dict[str, list[Event]] = {user_id: [] for user_id in people}
    for row in sorted(events, key=lambda row: row["at_ms"]):  # a stable sort: then file row
        if row["at_ms"] <= until_ms:
            event = Event(row["event"], row["at_ms"], row.get("properties") or {})
            everyone.setdefault(row["user_id"], []).append(event)
    lived = []
    for user_id, own in everyone.items():
        exists_at_start = user_id in people or own[0].at < start_ms
        is_enrolled = exists_at_start and (enroll == "all" or (enroll is not None and user_id in enroll))
        history = History(people.get(user_id) or Contact({"user_id": user_id}))
        live(Walk(journey, history), own, start_ms=start_ms, until_ms=until_ms, is_enrolled=is_enrolled)
        lived.append(history)
    return lived


def live(walk: Walk, events: list[Event], *, start_ms: int, until_ms: int, is_enrolled: bool) -> None:
    """At one instant: the enrolling, then events, then what is due, then messages."""
    for event in events:
        if event.at < start_ms:
            walk.remember(event)
    coming = [event for event in events if event.at >= start_ms]
    if is_enrolled:
        walk.enroll(start_ms)
        finish_instant(walk, coming, start_ms)
    while (at := next_instant(walk, coming)) is not None and at <= until_ms:
        finish_instant(walk, coming, at)


def finish_instant(walk: Walk, coming: list[Event], at: int) -> None:
    while coming and coming[0].at <= at:
        walk.look_at(coming.pop(0))
    walk.release_due(at)
    walk.send_pending(at)


def next_instant(walk: Walk, coming: list[Event]) -> int | None:
    dues = [passage.due for passage in walk.inside() if passage.due is not None]
    return min(dues + [event.at for event in coming[:1]], default=None)
