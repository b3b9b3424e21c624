"""A chore: one APScheduler job that says itself when it wants to run again, and can be woken before.

APScheduler drops a job that comes up while it still runs, and a wake-up with it; so a chore that is woken while it runs
remembers that, and its next run is scheduled by a listener, which APScheduler calls once the run is counted as over. A
chore that raises is tried again, ever more slowly, and says so in `error`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.base import BaseScheduler

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
RETRY_SECONDS_MAX = 60.0

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
        self._state = threading.Lock()
        self._is_running = False
        self._is_woken = False
        self._delay: float | None = None
        self._not_before = 0.0
        self._expected: float | None = None
        scheduler.add_listener(self._after, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def wake(self) -> None:
        """Run soon: at once, or again at once when it is running; after the pause when it failed."""
        with self._state:
            if self._is_running:
                self._is_woken = True
            else:
                self._schedule(0.0)

    @property
    def is_running(self) -> bool:
        return self._is_running

    def overdue_seconds(self) -> float:
        """How long it has been expected to start, or has been running; 0 when it rests."""
        with self._state:
            return 0.0 if self._expected is None else max(0.0, self._monotonic() - self._expected)

    def _schedule(self, delay: float) -> None:
        delay = max(delay, self._not_before - self._monotonic(), 0.0)
        self._expected = self._monotonic() + delay
        when = datetime.now(UTC) + timedelta(seconds=delay)
        self._scheduler.add_job(self._run, "date", run_date=when, id=self.name, replace_existing=True)

    def _run(self) -> None:
        with self._state:
            self._is_running, self._is_woken, self._expected = True, False, self._monotonic()
        try:
            self._delay = self._body()
        except Exception as problem:
            self.failures += 1
            self.error = f"{type(problem).__name__}: {problem}"
            self._delay = min(RETRY_SECONDS_MAX, RETRY_SECONDS * 2.0 ** (self.failures - 1))
            self._not_before = self._monotonic() + self._delay
            logger.exception("%s failed %d times in a row; again in %.1f s", self.name, self.failures, self._delay)
        else:
            self.failures, self.error, self._not_before = 0, None, 0.0

    def _after(self, event: JobExecutionEvent) -> None:
        if event.job_id != self.name:
            return
        with self._state:
            self._is_running, self._expected = False, None
            delay = 0.0 if self._is_woken else self._delay
            if delay is not None and self._scheduler.running:
                self._schedule(delay)
