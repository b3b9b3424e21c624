"""Counts on their way to the browsers: what moved is added up, and at most five times a second per journey it is told.

An emission is the whole flow document, read once, with `moved` on top: the people per edge since the last one. `seq`
grows by one with each emission of a journey, so that a browser that missed one sees it and reads the document again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

EMIT_SECONDS = 0.2

Edges = Mapping[str, int]
Emit = Callable[[int, Edges], None]


class Coalescer:
    """Which journeys are to be told of, and when. Thread-safe; the time is an argument.

    Only watched journeys are kept; for the others nothing is added up.
    """

    def __init__(self, seconds: float = EMIT_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: Counter[int] = Counter()
        self._moved: dict[int, Counter[str]] = {}
        self._told_at: dict[int, float] = {}

    def watch(self, journey: int) -> None:
        with self._lock:
            self._watched[journey] += 1

    def unwatch(self, journey: int) -> None:
        with self._lock:
            self._watched[journey] -= 1
            if self._watched[journey] <= 0:
                for kept in (self._watched, self._moved, self._told_at):
                    kept.pop(journey, None)

    def is_watched(self, journey: int) -> bool:
        return journey in self._watched

    def watched(self) -> list[int]:
        with self._lock:
            return list(self._watched)

    def add(self, journey: int, edges: Edges) -> bool:
        """Note what moved (nothing: the counts changed otherwise); False when nobody watches."""
        with self._lock:
            if journey not in self._watched:
                return False
            self._moved.setdefault(journey, Counter()).update(edges)
            return True

    def take(self, now: float) -> dict[int, Edges]:
        """The journeys whose turn it is, with what moved; they are told of at `now`."""
        with self._lock:
            ready = [journey for journey in self._moved if self._ready_at(journey) <= now]
            for journey in ready:
                self._told_at[journey] = now
            return {journey: self._moved.pop(journey) for journey in ready}

    def next_at(self) -> float | None:
        """When the next journey's turn comes; None while nothing moved."""
        with self._lock:
            return min(map(self._ready_at, self._moved), default=None)

    def _ready_at(self, journey: int) -> float:
        return self._told_at.get(journey, float("-inf")) + self._seconds


class Counters:
    """The thread that tells. `emit(journey, moved)` reads the counts and sends them; what it raises is logged."""

    def __init__(self, emit: Emit, *, seconds: float = EMIT_SECONDS) -> None:
        self.coalescer = Coalescer(seconds)
        self._emit = emit
        self._bell = threading.Condition()
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def add(self, journey: int, edges: Edges) -> None:
        if self.coalescer.add(journey, edges):
            self._ring()

    def add_all(self) -> None:
        """All counts may have changed: every journey that is watched is told anew."""
        for journey in self.coalescer.watched():
            self.coalescer.add(journey, {})
        self._ring()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="live counters", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_stopping = True
        self._ring()
        if self._thread:
            self._thread.join(timeout=5)

    def _ring(self) -> None:
        with self._bell:
            self._bell.notify()

    def _run(self) -> None:
        while not self._is_stopping:
            for journey, moved in self.coalescer.take(time.monotonic()).items():
                self._tell(journey, moved)
            with self._bell:
                at = self.coalescer.next_at()
                if not self._is_stopping and (at is None or at > time.monotonic()):
                    self._bell.wait(None if at is None else at - time.monotonic())

    def _tell(self, journey: int, moved: Edges) -> None:
        try:
            self._emit(journey, moved)
        except Exception:
            logger.exception(
                "the counts of journey %s could not be told; they are in the database all the same", journey
            )
