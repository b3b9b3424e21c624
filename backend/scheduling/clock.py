"""Where "now" comes from: the wall, or the sample's own time while the workspace plays it. Milliseconds UTC."""

from __future__ import annotations

import time
from typing import Protocol

from sqlalchemy import select

from backend.db.connect import Database
from backend.db.tables import engine_state, workspace


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
            if row is None or row.mode != "sample":
                return None
            # An event sent by hand while the sample stands still comes an instant after what was played: what it set
            # off is due then, and would else have to wait for the sample to go on.
            reached = conn.execute(select(engine_state.c.reached_at)).scalar_one()
        return max(int(row.sample_at), int(reached))
