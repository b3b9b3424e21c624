"""Plays the sample: the shop's purchases arrive through the public event API, and sample time goes with them.

A step sends the purchases between the sample's now and a little later, then moves now, then ticks and delivers. Where
it stands is the workspace's row alone, so playing goes on after a restart; a step that was cut off is done again, and
the purchases it had sent already are known by their messageId. Sample time never goes back, except by restart().
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from backend.accounts import keys
from backend.db.connect import Database
from backend.db.tables import api_key, contact, workspace
from backend.db.types import iso
from backend.sample import empty
from backend.sample.own import own_journeys
from backend.sample.purchases import FROM_MS, UNTIL_MS, between, played_by, purchases
from backend.scheduling.clock import WallClock
from backend.scheduling.clockwork import Clockwork
from backend.scheduling.door import Door, DoorClosed

logger = logging.getLogger(__name__)

DAY_MS = 86_400_000
STEP_SECONDS = 0.2
STEP_SECONDS_MAX = 1.0  # after a pause of the machine, sample time does not jump
SPEED_MAX = 60.0  # days a second
KEY_NAME = "Playing the sample"
REAL_NAME = "My workspace"


class NotASample(Exception):
    """The workspace works for real; there is no sample to play."""


@dataclass(frozen=True)
class Position:
    """Where the sample stands: `at_ms` is sample time, `speed` in days a second."""

    at_ms: int
    is_playing: bool
    speed: float


class Player:
    """One a process; `clockwork` ticks for it. `announce` tells the browsers, `refresh` that all counts changed."""

    def __init__(
        self,
        db: Database,
        clockwork: Clockwork,
        url: str,
        *,
        announce: Callable[[str, dict[str, Any]], None] = lambda name, data: None,
        refresh: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db, self._clockwork, self._door = db, clockwork, Door(url)
        self._announce, self._refresh, self._monotonic = announce, refresh, monotonic
        self._key: str | None = None
        self._stepped_at: float | None = None
        self._chore = clockwork.add("play", self.step)

    # --- what a person asks for -----------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The document of GET /api/sample. Raises NotASample."""
        with self._db.read() as conn:
            here = _position(conn)
            people = conn.execute(select(func.count()).select_from(contact)).scalar_one()
        if here is None:
            raise NotASample
        return {
            "mode": "sample",
            **_shown(here),
            "from": iso(FROM_MS),
            "until": iso(UNTIL_MS),
            "done": here.at_ms >= UNTIL_MS,
            "events_total": len(purchases()),
            "events_played": played_by(here.at_ms) if here.at_ms > FROM_MS else 0,
            "contacts": people,
        }

    def play(self, speed: float | None = None) -> dict[str, Any]:
        """Play, or go on at another speed (0 < speed <= SPEED_MAX). At the end nothing is left to play."""
        values: dict[str, Any] = {"sample_playing": workspace.c.sample_at < UNTIL_MS}
        if speed is not None:
            if not 0 < speed <= SPEED_MAX:
                raise ValueError(f"speed must be above 0 and at most {SPEED_MAX:g} days a second")
            values["sample_speed"] = speed
        return self._change(values)

    def pause(self) -> dict[str, Any]:
        """Sample time stands still from here on."""
        return self._change({"sample_playing": False})

    def restart(self) -> dict[str, Any]:
        """Back to the first day, paused: passages, messages and purchases are gone, people and journeys stay."""
        with self._clockwork.still(), self._db.write() as conn:
            if _position(conn) is None:
                raise NotASample
            empty.rewind(conn, to_ms=FROM_MS)
        self._refresh()
        return self._tell()

    def start_for_real(self) -> None:
        """Leave the sample for good: an empty workspace on the wall clock. Journeys the user drew stay, as drafts."""
        with self._clockwork.still(), self._db.write() as conn:
            if _position(conn) is None:
                raise NotASample
            empty.start_for_real(conn, keep=own_journeys(conn), name=REAL_NAME)
            _forget_keys(conn)
        self._key = None
        self._refresh()
        self._clockwork.wake()

    def _change(self, values: dict[str, Any]) -> dict[str, Any]:
        with self._db.write() as conn:
            if not conn.execute(update(workspace).where(workspace.c.mode == "sample").values(values)).rowcount:
                raise NotASample
        self._chore.wake()
        return self._tell()

    def _tell(self) -> dict[str, Any]:
        state = self.state()
        self._announce("sample", {name: state[name] for name in ("at", "playing", "speed")})
        return state

    # --- one step -------------------------------------------------------------------------------------------------

    def step(self) -> float | None:
        """Play on for the time that has passed since the last step; answers when to step again. Raises DoorClosed."""
        started = self._monotonic()
        with self._clockwork.still():
            with self._db.read() as conn:
                here = _position(conn)
            if here is None or not here.is_playing:
                self._stepped_at = None
                return None
            seconds = STEP_SECONDS if self._stepped_at is None else min(started - self._stepped_at, STEP_SECONDS_MAX)
            there_ms = min(here.at_ms + max(1, round(seconds * here.speed * DAY_MS)), UNTIL_MS)
            self._send(here.at_ms, there_ms)
            if not self._advance(here.at_ms, there_ms):
                return 0.0  # paused or rewound meanwhile: look again
            self._stepped_at = started
            self._clockwork.tick_to(there_ms)
            self._clockwork.deliver_all(there_ms)
        is_over = there_ms >= UNTIL_MS
        self._announce("sample", _shown(Position(there_ms, not is_over, here.speed)))
        return None if is_over else max(0.0, STEP_SECONDS - (self._monotonic() - started))

    def _send(self, from_ms: int, to_ms: int) -> None:
        calls = [purchase.as_track_call() for purchase in between(from_ms, to_ms)]
        if calls:
            try:
                self._door.send(self._write_key(), calls)
            except DoorClosed:
                self._key = None  # it may have been revoked
                raise

    def _advance(self, from_ms: int, to_ms: int) -> bool:
        """Sample time moves on, if it still is where the step found it; it stops playing at the end of the data."""
        w = workspace.c
        still = update(workspace).where(w.mode == "sample", w.sample_playing, w.sample_at == from_ms)
        with self._db.write() as conn:
            moved = conn.execute(still.values(sample_at=to_ms, sample_playing=to_ms < UNTIL_MS)).rowcount
        return bool(moved)

    def _write_key(self) -> str:
        if self._key is None:
            with self._db.write() as conn:
                _forget_keys(conn)
                _, self._key = keys.create(conn, "write", KEY_NAME, now_ms=WallClock().now_ms())
        return self._key


def _forget_keys(conn: Connection) -> None:
    """Only its hash is stored, so every process that plays makes a key of its own; the last one's is of no use."""
    conn.execute(delete(api_key).where(api_key.c.kind == "write", api_key.c.name == KEY_NAME))


def _position(conn: Connection) -> Position | None:
    row = conn.execute(select(workspace)).one_or_none()
    if row is None or row.mode != "sample" or row.sample_at is None:
        return None
    return Position(row.sample_at, row.sample_playing, row.sample_speed)


def _shown(here: Position) -> dict[str, Any]:
    return {"at": iso(here.at_ms), "playing": here.is_playing, "speed": here.speed}
