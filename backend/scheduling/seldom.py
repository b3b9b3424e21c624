"""Housekeeping comes round every minute; what need not be done that often is wrapped here."""

from __future__ import annotations

from collections.abc import Callable

HOUR_MS = 3_600_000


def hourly(task: Callable[[int], object]) -> Callable[[int], None]:
    """`task`, at its first turn and then an hour after it last went well. Both take wall time in milliseconds."""
    done_at: int | None = None

    def in_turn(now_ms: int) -> None:
        nonlocal done_at
        # A wall clock that was set back must not put it off for longer than an hour.
        if done_at is None or abs(now_ms - done_at) >= HOUR_MS:
            task(now_ms)
            done_at = now_ms

    return in_turn
