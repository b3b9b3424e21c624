from __future__ import annotations

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.conditions import Event, Rule, View, holds, matches
from tests.oracle.moments import instant_of

NOW = 1_704_110_400_000  # 2024-01-01T12:00Z
HOUR = 3_600_000
DAY = {"amount": 1, "unit": "days"}
OPERATORS = {
    "is": "pro",
    "is_not": "pro",
    "one_of": ["pro", 5, True],
    "contains": "pro",
    "starts_with": "pro",
    "ends_with": "pro",
    "gt": 5,
    "gte": 5,
    "lt": 5,
    "lte": 5,
    "between": [1, 9],
    "is_set": None,
    "is_not_set": None,
    "before": "2024-01-01",
    "after": "2024-01-01",
    "in_last": DAY,
    "not_in_last": DAY,
    "in_next": DAY,
}


def field(op: str, wanted: Any, value: Any, zone: Any = UTC) -> bool:
    return holds({"field": "x", "op": op, "value": wanted}, View(now=NOW, zone=zone, fields={"x": value}))


def view(*events: Event, **more: Any) -> View:
    return View(now=NOW, zone=UTC, fields={}, events=events, **more)


def order(at: int = NOW, **properties: Any) -> Event:
    return Event("Order", at, properties)


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_makes_every_operator_false_but_the_two_that_say_not(value: object) -> None:
    true = {op for op, wanted in OPERATORS.items() if field(op, wanted, value)}
    assert true == {"is_not", "is_not_set"}


def test_a_field_nobody_ever_set_is_a_missing_value() -> None:
    assert holds({"field": "y", "op": "is_not_set"}, view())
    assert not holds({"field": "y", "op": "is", "value": "pro"}, view())


def test_a_value_of_the_wrong_type_is_only_set_and_not_equal() -> None:
    true = {op for op, wanted in OPERATORS.items() if field(op, wanted, {"a": 1})}
    assert true == {"is_not", "is_set"}


@pytest.mark.parametrize(("value", "wanted"), [(1, True), (True, 1), (0, False), ("1", 1), (1, "1"), ("true", True)])
def test_a_number_a_text_and_a_truth_are_never_the_same(value: object, wanted: object) -> None:
    assert not field("is", wanted, value)
    assert field("is_not", wanted, value)
    assert not field("one_of", [wanted], value)


def test_numbers_compare_as_numbers() -> None:
    assert field("is", 5.0, 5)
    assert field("gt", 9, 10)
    assert field("lte", 10.0, 10)
    assert not field("gt", "9", 10)


def test_text_compares_by_code_point_and_case() -> None:
    assert field("lt", "a", "Z")
    assert field("gt", "9", "A")
    assert field("lt", "9", "10")
    assert field("gt", "z", "é")
    assert not field("is", "pro", "Pro")
    assert not field("contains", "RO", "pro")


def test_truths_have_no_order() -> None:
    assert not field("gte", True, True)
    assert not field("between", [False, True], True)


def test_contains_is_part_of_a_text_or_member_of_a_list() -> None:
    assert field("contains", "ell", "hello")
    assert field("contains", "b", ["a", "b"])
    assert not field("contains", "b", ["ab"])
    assert field("contains", 2.0, [1, 2])
    assert not field("contains", True, [1])


def test_starts_and_ends() -> None:
    assert field("starts_with", "he", "hello")
    assert field("ends_with", "lo", "hello")
    assert not field("starts_with", "lo", "hello")


def test_one_of_takes_a_list() -> None:
    assert field("one_of", ["free", "pro"], "pro")
    assert not field("one_of", ["free"], "pro")


@pytest.mark.parametrize(("value", "is_between"), [(1, True), (9, True), (9.5, False), ("5", False)])
def test_between_includes_both_ends(value: object, is_between: bool) -> None:
    assert field("between", [1, 9], value) is is_between


def test_between_orders_text_too() -> None:
    assert field("between", ["2024-01-01", "2024-12-31"], "2024-12-31")
    assert not field("between", ["a", "c"], "ca")


@pytest.mark.parametrize("value", ["2024-01-01T12:00:00Z", "2024-01-01T13:00+01:00", "2023-12-31T12:00:00.000Z"])
def test_in_last_includes_now_and_its_first_instant(value: str) -> None:
    assert field("in_last", DAY, value)
    assert not field("not_in_last", DAY, value)


@pytest.mark.parametrize("value", ["2024-01-01T12:00:00.001Z", "2023-12-31T11:59:59.999Z"])
def test_outside_the_last_day_is_not_in_last(value: str) -> None:
    assert not field("in_last", DAY, value)
    assert field("not_in_last", DAY, value)


def test_in_next_includes_both_ends() -> None:
    assert field("in_next", DAY, "2024-01-01T12:00:00Z")
    assert field("in_next", DAY, "2024-01-02T12:00:00Z")
    assert not field("in_next", DAY, "2024-01-02T12:00:00.001Z")
    assert not field("in_next", DAY, "2024-01-01T11:59:59.999Z")


def test_before_and_after_leave_the_instant_itself_out() -> None:
    assert not field("before", "2024-01-01", "2024-01-01T00:00:00Z")
    assert not field("after", "2024-01-01", "2024-01-01")
    assert field("after", "2024-01-01", "2024-01-01T00:00:00.001Z")
    assert field("before", "2024-01-01", "2023-12-31T23:59:59.999Z")


def test_a_plain_date_is_midnight_in_the_journeys_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert field("after", "2023-12-31T22:59:59Z", "2024-01-01", berlin)
    assert not field("after", "2023-12-31T23:00:00Z", "2024-01-01", berlin)
    assert field("before", "2024-01-01T12:00:00", "2024-01-01T10:59:59Z", berlin)


@pytest.mark.parametrize("value", [1_704_110_400_000, True, "yesterday", "2024-02-30", "20240101", "2024-01-01T25:00"])
def test_what_is_no_iso_text_is_no_date(value: object) -> None:
    assert not any(field(op, OPERATORS[op], value) for op in ("before", "after", "in_last", "not_in_last", "in_next"))


def test_a_local_time_the_clocks_skip_is_the_first_instant_after_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of("2024-03-31T02:30", berlin) == instant_of("2024-03-31T01:00Z", UTC)
    assert instant_of("2018-11-04", ZoneInfo("America/Sao_Paulo")) == instant_of("2018-11-04T03:00Z", UTC)


def test_a_local_time_that_comes_twice_is_its_first() -> None:
    assert instant_of("2024-10-27T02:30", ZoneInfo("Europe/Berlin")) == instant_of("2024-10-27T00:30Z", UTC)


def test_all_any_and_not_are_plain_logic() -> None:
    true: Rule = {"field": "x", "op": "is_not_set"}
    false: Rule = {"field": "x", "op": "is_set"}
    assert holds({"all": [true, true]}, view())
    assert not holds({"all": [true, false]}, view())
    assert holds({"any": [false, true]}, view())
    assert not holds({"any": [false]}, view())
    assert holds({"not": {"field": "x", "op": "gt", "value": 5}}, view())


def test_did_asks_for_one_event_unless_told_otherwise() -> None:
    assert holds({"did": "Order"}, view(order()))
    assert not holds({"did": "Order"}, view(Event("order", NOW, {})))
    assert not holds({"did": "Order", "at_least": 2}, view(order()))
    assert holds({"did": "Order", "at_least": 2}, view(order(), order()))


def test_did_not_is_the_opposite_of_did() -> None:
    assert holds({"did_not": "Order"}, view())
    assert not holds({"did_not": "Order"}, view(order()))
    assert holds({"did_not": "Order", "at_least": 2}, view(order()))


def test_within_leaves_its_first_instant_out_and_takes_now() -> None:
    within: Rule = {"did": "Order", "within": {"amount": 1, "unit": "hours"}}
    assert holds(within, view(order(NOW)))
    assert holds(within, view(order(NOW - HOUR + 1)))
    assert not holds(within, view(order(NOW - HOUR)))
    assert holds({"did_not": "Order", "within": {"amount": 1, "unit": "hours"}}, view(order(NOW - HOUR)))


def test_did_counts_only_the_events_its_where_holds_for() -> None:
    rule: Rule = {"did": "Order", "at_least": 2, "where": {"field": "amount", "op": "gte", "value": 5}}
    assert not holds(rule, view(order(amount=5), order(amount=4)))
    assert holds(rule, view(order(amount=5), order(amount=6)))


def test_where_reads_properties_by_their_path() -> None:
    event = order(cart={"total": 12, "codes": ["new"]}, when="2024-01-01T11:00:00Z", ok=True)
    assert matches({"field": "cart.total", "op": "gt", "value": 10}, event, view())
    assert matches({"field": "cart.codes", "op": "contains", "value": "new"}, event, view())
    assert matches({"field": "ok", "op": "is", "value": True}, event, view())
    assert matches({"field": "cart.total.deep", "op": "is_not_set"}, event, view())
    assert matches({"field": "when", "op": "in_last", "value": DAY}, event, view())
    assert not matches({"not": {"any": [{"field": "ok", "op": "is_set"}]}}, event, view())


def test_without_where_every_event_of_the_name_matches() -> None:
    assert matches(None, order(), view())


def test_has_tag_minds_the_case() -> None:
    assert holds({"has_tag": "vip"}, view(tags={"vip"}))
    assert not holds({"has_tag": "VIP"}, view(tags={"vip"}))


def test_message_was_reads_the_states_reached() -> None:
    assert holds({"message": "hello", "was": "sent"}, view(reached={("hello", "sent")}))
    assert not holds({"message": "hello", "was": "opened"}, view(reached={("hello", "sent")}))


def test_a_condition_the_referee_does_not_know_is_an_error() -> None:
    with pytest.raises(NotImplementedError):
        holds({"in_segment": "vip"}, view())
    with pytest.raises(NotImplementedError):
        matches({"has_tag": "vip"}, order(), view())
