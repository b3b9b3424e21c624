"""One way to choose, two to decide: Hypothesis, which makes a failing case small, or a seed, which is fast and even."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choose(Protocol):
    """Picks one of some things; the first is the simplest."""

    def __call__(self, things: Sequence[T], /) -> T: ...


def by_hypothesis(draw: st.DrawFn) -> Choose:
    def choose(things: Sequence[T], /) -> T:
        return draw(st.sampled_from(things))

    return choose


def by_seed(seed: int) -> Choose:
    return Random(seed).choice


def often(choose: Choose) -> bool:
    return choose([True, True, True, False])


def rarely(choose: Choose) -> bool:
    return choose([False, False, False, True])


def several(choose: Choose, make: Callable[[], T], sizes: Sequence[int]) -> list[T]:
    """As many as one of `sizes`, each made anew."""
    return [make() for _ in range(choose(sizes))]


def few(choose: Choose, things: Sequence[T], most: int) -> list[T]:
    """One to `most` different ones, in the order they were chosen."""
    return list(dict.fromkeys(several(choose, lambda: choose(things), range(1, most + 1))))
