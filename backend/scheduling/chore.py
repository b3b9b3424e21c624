"""A chore: one APScheduler job that says itself when it wants to run again, and can be woken before.

APScheduler drops a job that comes up while it still counts as running, and a wake-up with it. So a chore that is woken
while it runs goes round once more instead of being scheduled, and one that was dropped all the same (it had just ended,
and was not counted as over yet) is told so and woken again. A chore that raises is tried again, ever more slowly, and
says so in `error`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.base import BaseScheduler

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
RETRY_SECONDS_MAX = 60.0
FAR_DAYS = 36_500  # until then somebody has said when to run again

Body = Callable[[], float | None]


class Chore:
    """`body` does a bounded piece of work and answers in how many seconds it wants to run again; None: when woken."""

    def __init__(
        self, scheduler: BaseScheduler, name: str, body: Body, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.failures = 0
        self.error: str | None = None
        self._scheduler = scheduler
        self._body = body
        self._monotonic = monotonic
        # Held while a job is added, so that a later run never replaces an earlier one. Never ask for it in a listener
        # of runs: APScheduler may call those while it holds its own lock.
        self._state = threading.Lock()
        self._is_running = False
        self._is_woken = False
        self._is_stopped = False
        self._not_before = 0.0
        self._expected: float | None = None
        scheduler.add_listener(self._dropped, EVENT_JOB_MAX_INSTANCES)

    def wake(self) -> None:
        """Run soon: at once, or once more when it is running; after the pause when it failed."""
        with self._state:
            if self._is_running:
                self._is_woken = True
            else:
                self._schedule(0.0)

    def stop(self) -> None:
        """Schedule nothing more. Needed before the scheduler is shut down: it would wait for us, and we for it."""
        with self._state:
            self._is_stopped = True

    @property
    def is_running(self) -> bool:
        return self._is_running

    def overdue_seconds(self) -> float:
        """How long it has been expected to start, or has been running; 0 when it rests."""
        with self._state:
            return 0.0 if self._expected is None else max(0.0, self._monotonic() - self._expected)

    def _schedule(self, delay: float) -> None:
        if self._is_stopped:
            return
        delay = max(delay, self._not_before - self._monotonic())
        self._expected = self._monotonic() + delay
        when = datetime.now(UTC) + timedelta(seconds=delay)
        # Not a date job: those are removed once they were started, and that can end the scheduler's thread
        # (JobLookupError) when it happens just as the scheduler is shut down.
        self._scheduler.add_job(
            self._run, "interval", days=FAR_DAYS, next_run_time=when, id=self.name, replace_existing=True
        )

    def _run(self) -> None:
        while True:
            with self._state:
                self._is_running, self._is_woken, self._expected = True, False, self._monotonic()
            delay = self._once()
            with self._state:
                wants_more = delay == 0 or (self._is_woken and not self.failures)
                if wants_more and not self._is_stopped:
                    continue
                self._is_running, self._expected = False, None
                if delay is not None:
                    self._schedule(delay)
                return

    def _once(self) -> float | None:
        try:
            delay = self._body()
        except Exception as problem:
            self.failures += 1
            self.error = f"{type(problem).__name__}: {problem}"
            delay = min(RETRY_SECONDS_MAX, RETRY_SECONDS * 2.0 ** (self.failures - 1))
            self._not_before = self._monotonic() + delay
            logger.exception("%s failed %d times in a row; again in %.1f s", self.name, self.failures, delay)
        else:
            self.failures, self.error, self._not_before = 0, None, 0.0
        return delay

    def _dropped(self, event: JobSubmissionEvent) -> None:
        if event.job_id == self.name:
            self.wake()
