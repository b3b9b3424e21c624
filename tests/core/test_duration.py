"""Lengths of time: fixed units, whole amounts, milliseconds inside."""

from __future__ import annotations

import pytest

from backend.core.duration import DURATION_MS_MAX, duration_ms, read_duration


@pytest.mark.parametrize(
    ("amount", "unit", "milliseconds"),
    [
        (1, "seconds", 1_000),
        (5, "minutes", 300_000),
        (36, "hours", 129_600_000),
        (2, "days", 172_800_000),
        (3, "weeks", 1_814_400_000),
    ],
)
def test_every_unit_has_a_fixed_length(amount: int, unit: str, milliseconds: int) -> None:
    assert duration_ms({"amount": amount, "unit": unit}) == milliseconds


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (None, ["wait"]),
        ("2 days", ["wait"]),
        ({}, ["wait.amount", "wait.unit"]),
        ({"amount": 0, "unit": "days"}, ["wait.amount"]),
        ({"amount": -1, "unit": "days"}, ["wait.amount"]),
        ({"amount": 1.5, "unit": "days"}, ["wait.amount"]),
        ({"amount": True, "unit": "days"}, ["wait.amount"]),
        ({"amount": "2", "unit": "fortnights"}, ["wait.amount", "wait.unit"]),
        ({"amount": 1, "unit": "months"}, ["wait.unit"]),
        ({"amount": 1, "unit": ["days"]}, ["wait.unit"]),
        ({"amount": 1, "unit": "days", "about": True}, ["wait.about"]),
        ({"amount": 36_526, "unit": "days"}, ["wait.amount"]),
    ],
)
def test_what_is_wrong_is_named_at_its_own_key(data: object, fields: list[str]) -> None:
    milliseconds, problems = read_duration(data, field="wait", node="pause")
    assert milliseconds is None
    assert [problem.field for problem in problems] == fields
    assert {problem.node for problem in problems} == {"pause"}


def test_a_hundred_years_are_the_most() -> None:
    assert duration_ms({"amount": 36_525, "unit": "days"}) == DURATION_MS_MAX


def test_an_unchecked_duration_that_is_none_raises() -> None:
    with pytest.raises(ValueError, match="whole number"):
        duration_ms({"amount": 0, "unit": "days"})
