"""Where "now" comes from: the wall, or the sample's own time while the workspace plays it. Milliseconds UTC."""

from __future__ import annotations

import time
from typing import Protocol

from sqlalchemy import select

from backend.db.connect import Database
from backend.db.tables import workspace


class Clock(Protocol):
    """A source of "now" that knows whether time passes by itself."""

    def now_ms(self) -> int: ...

    def seconds_until(self, at_ms: int) -> float | None:
        """Real seconds until that instant, 0 when it is past; None when nobody can tell, as time may stand still."""
        ...


class WallClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds_until(self, at_ms: int) -> float | None:
        return max(0.0, (at_ms - self.now_ms()) / 1000)


class SampleClock:
    """Sample time: it moves when the player moves it, and stands still otherwise."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def now_ms(self) -> int:
        with self._db.read() as conn:
            at: int | None = conn.execute(select(workspace.c.sample_at)).scalar_one_or_none()
        assert at is not None, "the workspace is not on sample time"
        return at

    def seconds_until(self, at_ms: int) -> float | None:
        return 0.0 if at_ms <= self.now_ms() else None


class WorkspaceClock:
    """The clock the workspace goes by: sample time in a sample workspace, else the wall."""

    def __init__(self, db: Database, wall: Clock) -> None:
        self._db = db
        self._wall = wall

    def now_ms(self) -> int:
        at = self._sample_at()
        return self._wall.now_ms() if at is None else at

    def seconds_until(self, at_ms: int) -> float | None:
        at = self._sample_at()
        if at is None:
            return self._wall.seconds_until(at_ms)
        return 0.0 if at_ms <= at else None

    def _sample_at(self) -> int | None:
        with self._db.read() as conn:
            row = conn.execute(select(workspace.c.mode, workspace.c.sample_at)).one_or_none()
        return row.sample_at if row is not None and row.mode == "sample" else None
