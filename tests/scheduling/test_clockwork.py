"""The clock ticks when something is due, once, in one process, and says when it cannot."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from backend.db.connect import Database
from backend.db.tables import event
from backend.engine.tick import Moved
from backend.scheduling import chore
from backend.scheduling.clockwork import BEAT_SECONDS, DELIVER_SECONDS, Clockwork
from tests.scheduling.conftest import NOW, PATIENCE_SECONDS, NotingEngine, StoppedClock

Maker = Callable[..., Clockwork]


@pytest.fixture
def make(db: Database) -> Iterator[Maker]:
    """Clocks over the test's database; all are stopped in the end."""
    made: list[Clockwork] = []

    def make(engine: Any, **given: Any) -> Clockwork:
        parts = {"pump": lambda now_ms: 0, "on_moved": lambda moved: None, "clock": StoppedClock(), **given}
        made.append(Clockwork(db, engine, **parts))
        return made[-1]

    yield make
    for clockwork in made:
        clockwork.stop()


def test_it_ticks_as_soon_as_it_starts(make: Maker) -> None:
    engine = NotingEngine()
    make(engine).start()
    engine.wait_for_a_tick()
    assert engine.ticks == [NOW]


def test_it_ticks_again_when_something_is_due(make: Maker) -> None:
    engine = NotingEngine(due=NOW + 5_000)
    make(engine).start()
    engine.wait_for_a_tick()
    engine.wait_for_a_tick()


def test_it_ticks_when_woken(make: Maker) -> None:
    engine = NotingEngine()
    clockwork = make(engine)
    clockwork.start()
    engine.wait_for_a_tick()
    clockwork.wake()
    engine.wait_for_a_tick()


def test_an_event_that_another_process_stored_is_found_at_a_beat(make: Maker, db: Database) -> None:
    engine = NotingEngine()
    clockwork = make(engine, beat_seconds=0.02)
    clockwork.start()
    engine.wait_for_a_tick()
    assert not engine.ticked.acquire(timeout=0.1), "without anything due a beat does not tick"
    with db.write() as conn:
        conn.execute(insert(event).values(contact_id=1, name="Signed Up", at=NOW, engine_at=NOW))
    engine.wait_for_a_tick()


def test_what_is_due_but_cannot_move_is_not_tried_without_pause(make: Maker) -> None:
    class Stuck(NotingEngine):
        def tick(self, now_ms: int) -> Moved:
            super().tick(now_ms)
            return Moved(next_due_ms=NOW - 1, faults={1: "broken"})

    engine = Stuck()
    make(engine).start()
    engine.wait_for_a_tick()
    assert not engine.ticked.acquire(timeout=0.1)


def test_what_moved_is_told_and_then_delivered(make: Maker) -> None:
    told: list[int] = []
    is_told = threading.Event()
    pumped = threading.Semaphore(0)

    def tell(moved: Moved) -> None:
        told.append(moved.moves)
        is_told.set()

    class Moving(NotingEngine):
        def tick(self, now_ms: int) -> Moved:
            assert pumped.acquire(timeout=PATIENCE_SECONDS), "the first beat delivers, too; let it be over"
            return Moved(journeys={7: {1: Counter({0: 3})}})

    def pump(now_ms: int) -> int:
        pumped.release()
        return 0

    make(Moving(), pump=pump, on_moved=tell).start()
    deadline = DELIVER_SECONDS * 0.8  # sooner than delivery would come round by itself
    assert is_told.wait(PATIENCE_SECONDS)
    assert told == [3]
    assert pumped.acquire(timeout=deadline)


def test_delivery_goes_on_until_nothing_is_left(make: Maker) -> None:
    left = [3, 2, 1, 0]
    make(NotingEngine(), pump=lambda now_ms: left.pop(0)).deliver_all(NOW)
    assert left == []


def test_telling_may_fail_without_harm_to_the_tick(make: Maker) -> None:
    class Moving(NotingEngine):
        def tick(self, now_ms: int) -> Moved:
            return Moved(journeys={7: {1: Counter({0: 3})}})

    def refuse(moved: Moved) -> None:
        raise RuntimeError("nobody listens")

    assert make(Moving(), on_moved=refuse).tick_to(NOW).moves == 3


def test_only_one_of_two_processes_ticks(make: Maker) -> None:
    first, second = NotingEngine(), NotingEngine()
    holding, standing = make(first, beat_seconds=0.02), make(second, beat_seconds=0.02)
    holding.start()
    first.wait_for_a_tick()
    standing.start()
    standing.wake()
    assert not second.ticked.acquire(timeout=0.1)
    assert (holding.health()["role"], standing.health()["role"]) == ("holding", "standing by")
    assert standing.health()["ok"]
    holding.stop()
    second.wait_for_a_tick()
    assert standing.health()["role"] == "holding"


def test_nothing_ticks_while_it_is_held_still(make: Maker) -> None:
    engine = NotingEngine()
    clockwork = make(engine)
    clockwork.start()
    engine.wait_for_a_tick()
    with clockwork.still():
        clockwork.wake()
        assert not engine.ticked.acquire(timeout=0.1)
        clockwork.tick_to(NOW + 1)  # the thread inside may
        engine.wait_for_a_tick()
    engine.wait_for_a_tick()


def test_a_tick_that_raises_is_tried_again(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chore, "RETRY_SECONDS", 0.001)
    engine = NotingEngine(broken=2)
    clockwork = make(engine)
    clockwork.start()
    for _ in range(3):
        engine.wait_for_a_tick()


def test_a_tick_that_keeps_raising_shows_in_health(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chore, "RETRY_SECONDS", 0.001)
    engine = NotingEngine(broken=1000)
    clockwork = make(engine)
    clockwork.start()
    for _ in range(5):
        engine.wait_for_a_tick()
    health = clockwork.health()
    assert not health["ok"]
    assert health["error"] == "RuntimeError: the engine stumbled"
    assert health["role"] == "holding"


def test_health_fails_when_the_clock_stands_still(make: Maker) -> None:
    now = [1000.0]
    engine = NotingEngine()
    clockwork = make(engine, monotonic=lambda: now[0])
    clockwork.start()
    engine.wait_for_a_tick()
    assert clockwork.health()["ok"]
    now[0] += 3 * BEAT_SECONDS
    assert clockwork.health()["ok"]
    now[0] += 1
    assert not clockwork.health()["ok"]


def test_health_fails_when_the_scheduler_is_dead(make: Maker) -> None:
    clockwork = make(NotingEngine())
    assert clockwork.health()["role"] == "stopped"
    clockwork.start()
    assert clockwork.health()["ok"]
    clockwork.stop()
    assert not clockwork.health()["ok"]


def test_housekeeping_goes_on_after_one_task_failed(make: Maker) -> None:
    done: list[int] = []

    def fail(now_ms: int) -> None:
        raise RuntimeError("dust")

    clockwork = make(NotingEngine(), housekeeping=(fail, done.append))
    clockwork.start()
    clockwork._keep_house()
    assert len(done) == 1


def test_jobs_are_in_memory_with_ids_of_ours_and_never_missed(make: Maker) -> None:
    engine = NotingEngine()
    clockwork = make(engine)
    clockwork.start()
    engine.wait_for_a_tick()
    jobs = {job.id: job for job in clockwork._scheduler.get_jobs()}
    assert {"beat", "housekeeping"} <= set(jobs) <= {"beat", "housekeeping", "tick", "deliver"}
    for job in jobs.values():
        assert (job.coalesce, job.misfire_grace_time, job.max_instances) == (True, None, 1)
