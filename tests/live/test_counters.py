"""At most so often, never less than everything."""

from __future__ import annotations

import threading

from backend.live.counters import Coalescer, Counters, Edges
from backend.live.limits import BURST, PER_SECOND, Allowance

PATIENCE_SECONDS = 10.0


def watching(*journeys: int) -> Coalescer:
    coalescer = Coalescer(seconds=0.2)
    for journey in journeys:
        coalescer.watch(journey)
    return coalescer


def test_the_first_movement_is_told_at_once() -> None:
    coalescer = watching(1)
    assert coalescer.next_at() is None
    assert coalescer.add(1, {"a:next": 2})
    assert coalescer.take(100.0) == {1: {"a:next": 2}}


def test_what_follows_within_the_interval_waits_and_is_added_up() -> None:
    coalescer = watching(1)
    coalescer.add(1, {"a:next": 1})
    coalescer.take(100.0)
    coalescer.add(1, {"a:next": 1})
    coalescer.add(1, {"a:next": 2, "b:else": 1})
    assert coalescer.take(100.1) == {}
    assert coalescer.next_at() == 100.2
    assert coalescer.take(100.2) == {1: {"a:next": 3, "b:else": 1}}
    assert coalescer.take(200.0) == {}


def test_no_journey_is_told_of_more_than_five_times_a_second() -> None:
    coalescer = watching(1)
    told = 0
    for millisecond in range(1000):
        coalescer.add(1, {"a:next": 1})
        told += len(coalescer.take(100 + millisecond / 1000))
    assert told == 5


def test_everything_that_moved_is_told_in_the_end() -> None:
    coalescer = watching(1)
    total = 0
    for tenth in range(100):
        coalescer.add(1, {"a:next": tenth})
        total += sum(moved.get("a:next", 0) for moved in coalescer.take(tenth / 10).values())
    total += sum(moved.get("a:next", 0) for moved in coalescer.take(1000).values())
    assert total == sum(range(100))


def test_journeys_have_turns_of_their_own() -> None:
    coalescer = watching(1, 2)
    coalescer.add(1, {"a:next": 1})
    assert set(coalescer.take(100.0)) == {1}
    coalescer.add(1, {"a:next": 1})
    coalescer.add(2, {"a:next": 1})
    assert set(coalescer.take(100.1)) == {2}


def test_a_journey_nobody_watches_is_not_kept() -> None:
    coalescer = watching(1)
    coalescer.watch(1)
    coalescer.unwatch(1)
    assert coalescer.add(1, {"a:next": 1})
    coalescer.unwatch(1)
    assert not coalescer.add(1, {"a:next": 1})
    assert coalescer.take(100.0) == {}


def test_the_thread_tells_and_survives_what_goes_wrong() -> None:
    told: list[tuple[int, Edges]] = []
    is_told = threading.Semaphore(0)

    def emit(journey: int, moved: Edges) -> None:
        told.append((journey, dict(moved)))
        is_told.release()
        if journey == 1:
            raise RuntimeError("no such journey")

    counters = Counters(emit, seconds=0.01)
    counters.coalescer.watch(1)
    counters.coalescer.watch(2)
    counters.start()
    counters.add(1, {"a:next": 1})
    assert is_told.acquire(timeout=PATIENCE_SECONDS)
    counters.add(2, {"b:next": 1})
    assert is_told.acquire(timeout=PATIENCE_SECONDS)
    counters.stop()
    assert told == [(1, {"a:next": 1}), (2, {"b:next": 1})]


def test_all_that_are_watched_are_told_anew() -> None:
    told: set[int] = set()
    is_told = threading.Semaphore(0)

    def emit(journey: int, moved: Edges) -> None:
        told.add(journey)
        is_told.release()

    counters = Counters(emit, seconds=0.01)
    for journey in (1, 2):
        counters.coalescer.watch(journey)
    counters.start()
    counters.add_all()
    for _ in range(2):
        assert is_told.acquire(timeout=PATIENCE_SECONDS)
    counters.stop()
    assert told == {1, 2}


def test_an_allowance_is_a_burst_and_then_a_steady_rate() -> None:
    now = [0.0]
    allowance = Allowance(monotonic=lambda: now[0])
    assert [allowance.take() for _ in range(BURST + 1)] == [True] * BURST + [False]
    now[0] += 1 / PER_SECOND
    assert allowance.take()
    assert not allowance.take()
    now[0] += 3600
    assert [allowance.take() for _ in range(BURST + 1)].count(True) == BURST
