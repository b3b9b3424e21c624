"""What a condition looks at."""

from __future__ import annotations

import pytest

from backend.core.segment.parse import parse
from backend.core.segment.reads import Reads, reads

DAY = {"amount": 1, "unit": "days"}


def reads_of(data: object) -> Reads:
    rule, _ = parse(data, field="when", sends=("hello",))
    assert rule is not None
    return reads(rule)


def test_names_are_gathered_from_the_whole_tree() -> None:
    found = reads_of(
        {
            "all": [
                {"field": "plan", "op": "is", "value": "pro"},
                {"not": {"any": [{"has_tag": "vip"}, {"did_not": "Bought"}]}},
                {"message": "hello", "was": "opened"},
            ]
        }
    )
    assert found == Reads(frozenset({"plan"}), frozenset({"Bought"}), frozenset({"vip"}), frozenset({"hello"}))


def test_a_property_of_an_event_is_no_field_of_the_contact() -> None:
    found = reads_of({"did": "Bought", "where": {"field": "amount", "op": "gt", "value": 5}})
    assert found == Reads(events=frozenset({"Bought"}))


@pytest.mark.parametrize(
    ("data", "is_timed"),
    [
        ({"field": "a", "op": "in_last", "value": DAY}, True),
        ({"field": "a", "op": "not_in_last", "value": DAY}, True),
        ({"any": [{"field": "a", "op": "in_next", "value": DAY}]}, True),
        ({"did_not": "a", "within": DAY}, True),
        ({"did": "a", "where": {"field": "on", "op": "in_last", "value": DAY}}, True),
        ({"field": "a", "op": "before", "value": "2026-01-01"}, False),
        ({"did": "a", "where": {"field": "on", "op": "is_set"}}, False),
        ({"did": "a"}, False),
        ({"has_tag": "a"}, False),
    ],
)
def test_only_some_answers_change_by_time_alone(data: object, is_timed: bool) -> None:
    assert reads_of(data).is_timed is is_timed
