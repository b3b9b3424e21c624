"""What is done once an hour."""

from __future__ import annotations

import pytest

from backend.scheduling.seldom import HOUR_MS, hourly
from tests.scheduling.conftest import NOW

MINUTE_MS = 60_000


def test_it_is_done_at_the_first_turn_and_then_once_an_hour() -> None:
    done: list[int] = []
    task = hourly(done.append)
    for minute in range(150):
        task(NOW + minute * MINUTE_MS)
    assert [(at - NOW) // MINUTE_MS for at in done] == [0, 60, 120]


def test_what_failed_is_tried_at_the_next_turn() -> None:
    tried: list[int] = []

    def fail_at_first(now_ms: int) -> None:
        tried.append(now_ms)
        if len(tried) == 1:
            raise RuntimeError("dust")

    task = hourly(fail_at_first)
    with pytest.raises(RuntimeError):
        task(NOW)
    task(NOW + MINUTE_MS)
    task(NOW + 2 * MINUTE_MS)
    assert tried == [NOW, NOW + MINUTE_MS]


def test_a_clock_set_back_does_not_stop_it() -> None:
    done: list[int] = []
    task = hourly(done.append)
    task(NOW)
    task(NOW - 24 * HOUR_MS)
    assert done == [NOW, NOW - 24 * HOUR_MS]


def test_two_tasks_do_not_share_their_hour() -> None:
    done: list[str] = []
    for name in ("one", "two"):
        hourly(lambda now_ms, name=name: done.append(name))(NOW)  # type: ignore[misc]
    assert done == ["one", "two"]
