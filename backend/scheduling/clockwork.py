"""The clock of the installation: it ticks the engine when something is due, pumps delivery, keeps house.

Jobs are few, in memory, and derived from the database when the clock is taken; losing them loses nothing.

tick           at the engine's next due time, earlier when woken
deliver        after a tick that made messages, and every few seconds for what was put off
beat           every few seconds: keeps or takes the clock, and looks whether another process left work
housekeeping   every minute
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, select

from backend.db.connect import Database
from backend.db.tables import engine_state, event
from backend.db.types import iso
from backend.engine.tick import Moved
from backend.scheduling.chore import Body, Chore
from backend.scheduling.clock import Clock, WallClock
from backend.scheduling.holder import Holder, holder_for

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
DELIVER_SECONDS = 5.0
STUCK_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 60.0
OVERDUE_BEATS = 3
FAILURES_MAX = 3
RUN_SECONDS_MAX = 300.0


class Ticking(Protocol):
    """What the clock needs of the engine."""

    def tick(self, now_ms: int) -> Moved: ...

    def next_due(self) -> int | None: ...


class Clockwork:
    """Call start() once the database is migrated; wake() whenever something was stored that the engine should see.

    pump:         delivers what may be sent at that instant; answers how many messages it handled.
    on_moved:     told after every tick that moved somebody; what it raises is logged and harms nothing.
    housekeeping: each is called about once a minute with wall time in milliseconds.
    """

    def __init__(
        self,
        db: Database,
        engine: Ticking,
        pump: Callable[[int], int],
        on_moved: Callable[[Moved], object],
        clock: Clock,
        *,
        housekeeping: Sequence[Callable[[int], object]] = (),
        holder: Holder | None = None,
        beat_seconds: float = BEAT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._engine, self._pump, self._on_moved, self._clock = engine, pump, on_moved, clock
        self._housekeeping = tuple(housekeeping)
        self._holder = holder or holder_for(db)
        self._beat_seconds, self._monotonic = beat_seconds, monotonic
        self._ticking, self._delivering = threading.RLock(), threading.RLock()
        self._is_holding = False
        self._beat_at: float | None = None
        self._ticked_at: int | None = None
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(8)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._chores: dict[str, Chore] = {}
        self._tick = self.add("tick", self._do_tick)
        self._deliver = self.add("deliver", self._do_deliver)

    def add(self, name: str, body: Body) -> Chore:
        """A further chore; it is woken at every beat while this process holds the clock. Before start()."""
        self._chores[name] = Chore(self._scheduler, name, body, monotonic=self._monotonic)
        return self._chores[name]

    # --- running --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it tells of every job, and of every skipped one
        self._scheduler.start()
        self._beat()
        for name, seconds, body in (
            ("beat", self._beat_seconds, self._beat),
            ("housekeeping", HOUSEKEEPING_SECONDS, self._keep_house),
        ):
            self._scheduler.add_job(body, "interval", seconds=seconds, id=name, replace_existing=True)

    def stop(self) -> None:
        """Finish what is running and let the clock go."""
        for chore in self._chores.values():
            chore.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._is_holding = False
        self._holder.release()

    def wake(self) -> None:
        """Something was stored, enrolled or left to send: look at once. Where another process holds the clock, its
        next beat sees it."""
        if self._is_holding and self._scheduler.running:
            self._tick.wake()
            self._deliver.wake()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing ticks and nothing is delivered meanwhile, except by the thread inside."""
        with self._ticking, self._delivering:
            yield

    # --- chores ---------------------------------------------------------------------------------------------------

    def tick_to(self, now_ms: int) -> Moved:
        """Move everything due by then, and tell what moved."""
        with self._ticking:
            moved = self._engine.tick(now_ms)
            self._ticked_at = WallClock().now_ms()
        if moved.journeys:
            try:
                self._on_moved(moved)
            except Exception:
                logger.exception("telling what moved failed; the move itself stands")
        return moved

    def deliver_all(self, now_ms: int) -> None:
        """Hand over everything that may be sent at that instant."""
        with self._delivering:
            while self._pump(now_ms):
                pass

    def _do_tick(self) -> float | None:
        if not self._hold():
            return None
        with self._ticking:
            moved = self.tick_to(self._clock.now_ms())
        if moved.moves:
            self._deliver.wake()
        seconds = None if moved.next_due_ms is None else self._clock.seconds_until(moved.next_due_ms)
        # What is due and did not move cannot be moved just now (its journey has a fault): no need to hurry.
        return STUCK_SECONDS if seconds == 0 and not moved.moves else seconds

    def _do_deliver(self) -> float | None:
        if not self._is_holding:
            return None
        with self._delivering:
            self.deliver_all(self._clock.now_ms())
        return DELIVER_SECONDS

    def _keep_house(self) -> None:
        if not self._is_holding:
            return
        now_ms = WallClock().now_ms()
        for task in self._housekeeping:
            try:
                task(now_ms)
            except Exception:
                logger.exception("housekeeping failed and is tried again in a minute: %r", task)

    # --- holding the clock ----------------------------------------------------------------------------------------

    def _beat(self) -> None:
        """Take the clock or keep it; while we have it, look for work that nobody told us of."""
        was_holding = self._is_holding
        try:
            if self._hold():
                if not was_holding:
                    logger.info("this process holds the clock")
                for chore in self._chores.values():
                    if chore is not self._tick or not was_holding or self._is_due():
                        chore.wake()
        except Exception:
            logger.exception("a beat of the clock failed")
        else:
            self._beat_at = self._monotonic()

    def _hold(self) -> bool:
        self._is_holding = self._holder.hold()
        return self._is_holding

    def _is_due(self) -> bool:
        """Time is up for somebody, or events are stored that the engine has not looked at."""
        due = self._engine.next_due()
        if due is not None and due <= self._clock.now_ms():
            return True
        newest = select(func.max(event.c.id)).scalar_subquery()
        with self._db.read() as conn:
            return bool(conn.execute(select(newest > engine_state.c.event_watermark)).scalar_one_or_none())

    # --- health ---------------------------------------------------------------------------------------------------

    def health(self) -> dict[str, Any]:
        """`ok` is false when the clock stands still: a dead scheduler, a beat or a tick overdue by three beats, a tick
        that keeps failing. `role`: holding | standing by | stopped."""
        limit = OVERDUE_BEATS * self._beat_seconds
        is_alive = self._is_alive()
        beat_age = None if self._beat_at is None else self._monotonic() - self._beat_at
        problems = [chore.error for chore in self._chores.values() if chore.failures >= FAILURES_MAX]
        is_late = self._is_holding and any(
            chore.overdue_seconds() > self._limit(chore) for chore in self._chores.values()
        )
        is_beating = beat_age is not None and beat_age <= limit
        return {
            "ok": is_alive and is_beating and not is_late and not problems,
            "role": "stopped" if not is_alive else "holding" if self._is_holding else "standing by",
            "last_tick_at": iso(self._ticked_at),
            "seconds_since_beat": None if beat_age is None else round(beat_age, 1),
            "error": next((chore.error for chore in self._chores.values() if chore.error), None),
        }

    def _limit(self, chore: Chore) -> float:
        return RUN_SECONDS_MAX if chore.is_running else OVERDUE_BEATS * self._beat_seconds

    def _is_alive(self) -> bool:
        thread = getattr(self._scheduler, "_thread", None)  # it may die while `running` still says True
        return bool(self._scheduler.running and thread is not None and thread.is_alive())
