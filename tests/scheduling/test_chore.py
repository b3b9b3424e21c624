"""A chore runs when it is woken and when it asked to, never twice at once, and survives its own failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.schedulers.background import BackgroundScheduler

from backend.scheduling import chore as room
from backend.scheduling.chore import Chore
from tests.scheduling.conftest import PATIENCE_SECONDS


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    running = BackgroundScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None})
    running.start()
    yield running
    running.shutdown()


class Work:
    """A body that notes its runs and can be held up in the middle."""

    def __init__(self, *answers: float | Exception | None) -> None:
        self.answers = list(answers)
        self.runs = 0
        self.began = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self) -> float | None:
        self.runs += 1
        self.began.release()
        assert self.may_end.wait(PATIENCE_SECONDS)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self) -> None:
        assert self.began.acquire(timeout=PATIENCE_SECONDS), "it did not run"

    def does_not_begin(self) -> bool:
        return not self.began.acquire(timeout=0.05)


def test_it_runs_when_woken(scheduler: BackgroundScheduler) -> None:
    work = Work()
    Chore(scheduler, "work", work).wake()
    work.wait()
    assert work.does_not_begin()


def test_it_runs_again_when_it_asked_to(scheduler: BackgroundScheduler) -> None:
    work = Work(0.0, 0.001, None)
    Chore(scheduler, "work", work).wake()
    for _ in range(3):
        work.wait()
    assert work.does_not_begin()


def test_a_wake_up_during_a_run_is_not_lost(scheduler: BackgroundScheduler) -> None:
    work = Work()
    work.may_end.clear()
    chore = Chore(scheduler, "work", work)
    chore.wake()
    work.wait()
    for _ in range(5):
        chore.wake()
    assert work.does_not_begin(), "it never runs twice at once"
    work.may_end.set()
    work.wait()
    assert work.does_not_begin(), "five wake-ups during one run are one more run"


def test_being_woken_early_replaces_the_later_run(scheduler: BackgroundScheduler) -> None:
    work = Work(3600.0)
    chore = Chore(scheduler, "work", work)
    chore.wake()
    work.wait()
    chore.wake()
    work.wait()
    assert work.runs == 2


@pytest.mark.slow
def test_no_wake_up_is_lost_among_many(scheduler: BackgroundScheduler) -> None:
    """Whatever is asked for before a wake-up is seen by a run that begins after it."""
    asked, seen = [0], [0]
    is_seen = threading.Condition()

    def body() -> float | None:
        with is_seen:
            seen[0] = asked[0]
            is_seen.notify()
        return None

    chore = Chore(scheduler, "work", body)
    for number in range(1, 1001):
        asked[0] = number
        chore.wake()
        if number % 3 == 0:  # now and then wait, so that idle, running and just ended chores are woken
            with is_seen:
                assert is_seen.wait_for(lambda: seen == asked, PATIENCE_SECONDS), f"wake-up {number} was lost"
    with is_seen:
        assert is_seen.wait_for(lambda: seen == asked, PATIENCE_SECONDS)


def test_stopping_in_the_middle_of_a_run_does_not_hang() -> None:
    running = BackgroundScheduler(timezone="UTC")
    running.start()
    work = Work(0.001)
    work.may_end.clear()
    chore = Chore(running, "work", work)
    chore.wake()
    work.wait()
    chore.stop()
    stopping = threading.Thread(target=running.shutdown)
    stopping.start()
    work.may_end.set()
    stopping.join(PATIENCE_SECONDS)
    assert not stopping.is_alive()
    assert work.runs == 1


def test_a_failure_is_tried_again_ever_more_slowly(
    scheduler: BackgroundScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.001)
    work = Work(*(RuntimeError("no") for _ in range(4)))
    delays = []
    chore = Chore(scheduler, "work", work)
    schedule = chore._schedule

    def note(delay: float) -> None:
        delays.append(delay)
        schedule(delay)

    monkeypatch.setattr(chore, "_schedule", note)
    chore.wake()
    for _ in range(5):
        work.wait()
    assert delays == [0.0, 0.001, 0.002, 0.004, 0.008]


def test_wake_ups_do_not_hammer_what_just_failed(scheduler: BackgroundScheduler) -> None:
    work = Work(RuntimeError("no"))
    chore = Chore(scheduler, "work", work)
    ended = threading.Event()
    scheduler.add_listener(lambda event: ended.set(), EVENT_JOB_EXECUTED)
    chore.wake()
    work.wait()
    assert ended.wait(PATIENCE_SECONDS)
    assert chore.failures == 1
    assert chore.error == "RuntimeError: no"
    chore.wake()
    assert work.does_not_begin()


def test_a_success_forgets_the_failures(scheduler: BackgroundScheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.001)
    work = Work(RuntimeError("no"), 0.0)
    chore = Chore(scheduler, "work", work)
    chore.wake()
    for _ in range(3):
        work.wait()
    assert (chore.failures, chore.error) == (0, None)


def test_it_is_overdue_as_long_as_nothing_runs_it() -> None:
    now = 100.0
    chore = Chore(BackgroundScheduler(timezone="UTC"), "work", Work(), monotonic=lambda: now)  # never started
    assert chore.overdue_seconds() == 0
    chore.wake()
    now = 117.0
    assert chore.overdue_seconds() == 17
