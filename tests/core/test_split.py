"""The random split: always the same answer, and fair."""

from __future__ import annotations

from binascii import crc32

import pytest

from backend.core.split import contact_split, node_factor, slot


@pytest.mark.parametrize("user", ["ada", "ben", "zoé", "", "x" * 500])
@pytest.mark.parametrize("passage", [1, 2, 1_000_000])
def test_it_is_the_formula(user: str, passage: int) -> None:
    p = 2147483647
    b = crc32(user.encode("utf-8")) % p
    a = crc32(b"test") % (p - 2) + 2
    assert contact_split(user) == b
    assert node_factor("test") == a
    assert slot(b, passage, "test") == ((b + 7919 * passage) % p * a % p) * 10000 // p


def test_it_is_fair() -> None:
    """A thousand people on ten slices: chi square with nine degrees of freedom, 27.9 at one in a thousand."""
    slices = [0] * 10
    for person in range(1_000):
        slices[slot(contact_split(f"user-{person}"), 1, "test") // 1000] += 1
    assert sum((found - 100) ** 2 / 100 for found in slices) < 27.9


def test_another_passage_or_step_draws_anew() -> None:
    """Over many steps, half of the people go another way; for a single step it may be more or fewer."""
    people = [contact_split(f"user-{person}") for person in range(200)]
    steps = [f"test-{number}" for number in range(100)]
    first = [slot(b, 1, "test") < 5000 for b in people for _ in steps]
    other_step = [slot(b, 1, step) < 5000 for b in people for step in steps]
    other_passage = [slot(b, 2, step) < 5000 for b in people for step in steps]
    for one, two in ((first, other_step), (other_step, other_passage)):
        same = sum(a == b for a, b in zip(one, two, strict=True)) / len(one)
        assert 0.4 < same < 0.6
