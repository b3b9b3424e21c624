"""Conditions from JSON: every form is read, everything wrong is named at once."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.segment.parse import CLAUSES_MAX, DEPTH_MAX, VALUES_MAX, Scope, parse
from backend.core.segment.rule import AllOf, AnyOf, Did, Field, HasTag, MessageWas, Not, Rule

WEEK_MS = 7 * 86_400_000
WEEK = {"amount": 1, "unit": "weeks"}
IS_PRO = {"field": "plan", "op": "is", "value": "pro"}
PRO = Field("plan", "is", "pro")


def read(data: object, scope: Scope = "contact") -> tuple[Rule | None, list[tuple[str, str | None]]]:
    rule, problems = parse(data, field="when", node="n", scope=scope, sends=("hello",))
    for problem in problems:
        assert problem.node == "n"
        assert problem.message.endswith(".")
        assert problem.fix
    return rule, [(problem.code, problem.field) for problem in problems]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({"all": []}, AllOf(())),
        ({"any": []}, AnyOf(())),
        ({"all": [IS_PRO, {"any": [IS_PRO]}]}, AllOf((PRO, AnyOf((PRO,))))),
        ({"not": IS_PRO}, Not(PRO)),
        (IS_PRO, PRO),
        ({"field": "n", "op": "is", "value": 5.5}, Field("n", "is", 5.5)),
        ({"field": "n", "op": "is_not", "value": True}, Field("n", "is_not", True)),
        ({"field": "n", "op": "one_of", "value": ["a", 1, False]}, Field("n", "one_of", ["a", 1, False])),
        ({"field": "n", "op": "contains", "value": "a"}, Field("n", "contains", "a")),
        ({"field": "n", "op": "starts_with", "value": "a"}, Field("n", "starts_with", "a")),
        ({"field": "n", "op": "ends_with", "value": "a"}, Field("n", "ends_with", "a")),
        ({"field": "n", "op": "gt", "value": 1}, Field("n", "gt", 1)),
        ({"field": "n", "op": "gte", "value": "b"}, Field("n", "gte", "b")),
        ({"field": "n", "op": "lt", "value": -1.5}, Field("n", "lt", -1.5)),
        ({"field": "n", "op": "lte", "value": 0}, Field("n", "lte", 0)),
        ({"field": "n", "op": "between", "value": [1, 2.5]}, Field("n", "between", [1, 2.5])),
        ({"field": "n", "op": "between", "value": ["a", "b"]}, Field("n", "between", ["a", "b"])),
        ({"field": "n", "op": "is_set"}, Field("n", "is_set")),
        ({"field": "n", "op": "is_not_set", "value": None}, Field("n", "is_not_set")),
        ({"field": "n", "op": "before", "value": "2026-03-31"}, Field("n", "before", "2026-03-31")),
        (
            {"field": "n", "op": "after", "value": "2026-03-31T09:00+02:00"},
            Field("n", "after", "2026-03-31T09:00+02:00"),
        ),
        ({"field": "n", "op": "in_last", "value": WEEK}, Field("n", "in_last", WEEK_MS)),
        ({"field": "n", "op": "not_in_last", "value": WEEK}, Field("n", "not_in_last", WEEK_MS)),
        ({"field": "n", "op": "in_next", "value": WEEK}, Field("n", "in_next", WEEK_MS)),
        ({"did": "Bought"}, Did("Bought")),
        ({"did": "Bought", "where": None, "at_least": None, "within": None}, Did("Bought")),
        ({"did": "Bought", "where": IS_PRO, "at_least": 3, "within": WEEK}, Did("Bought", PRO, 3, WEEK_MS)),
        ({"did_not": "Bought", "within": WEEK}, Not(Did("Bought", None, 1, WEEK_MS))),
        ({"has_tag": "vip"}, HasTag("vip")),
        ({"message": "hello", "was": "opened"}, MessageWas("hello", "opened")),
    ],
)
def test_every_form_is_read(data: object, rule: Rule) -> None:
    assert read(data) == (rule, [])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (None, [("invalid_condition", "when")]),
        ([], [("invalid_condition", "when")]),
        ("plan is pro", [("invalid_condition", "when")]),
        ({}, [("invalid_condition", "when")]),
        ({"some": []}, [("invalid_condition", "when")]),
        ({"all": [], "any": []}, [("invalid_condition", "when")]),
        ({"all": IS_PRO}, [("invalid_condition", "when.all")]),
        ({"all": [IS_PRO], "label": "x"}, [("unknown_key", "when.label")]),
        ({"any": [IS_PRO, 3, {}]}, [("invalid_condition", "when.any.1"), ("invalid_condition", "when.any.2")]),
        ({"not": None}, [("invalid_condition", "when.not")]),
        ({"field": "", "op": "is", "value": "a"}, [("missing", "when.field")]),
        ({"field": 3, "op": "is", "value": "a"}, [("missing", "when.field")]),
        ({"field": "x" * 1001, "op": "is_set"}, [("too_large", "when.field")]),
        ({"field": "a"}, [("unknown_op", "when.op")]),
        ({"field": "a", "op": "equals", "value": 1}, [("unknown_op", "when.op")]),
        ({"field": "a", "op": ["is"], "value": 1}, [("unknown_op", "when.op")]),
        ({"field": "a", "op": "is"}, [("missing", "when.value")]),
        ({"field": "a", "op": "is", "value": None}, [("missing", "when.value")]),
        ({"field": "a", "op": "is", "value": [1]}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "is", "value": 2**60}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "is", "value": float("nan")}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "is", "value": "x" * 1001}, [("too_large", "when.value")]),
        ({"field": "a", "op": "is_set", "value": 1}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "gt", "value": True}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "starts_with", "value": 5}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "one_of", "value": "x"}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "one_of", "value": ["x", None]}, [("invalid_value", "when.value.1")]),
        ({"field": "a", "op": "one_of", "value": ["x"] * (VALUES_MAX + 1)}, [("too_large", "when.value")]),
        ({"field": "a", "op": "between", "value": 5}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "between", "value": [1]}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "between", "value": [1, "b"]}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "between", "value": [1, False]}, [("invalid_value", "when.value.1")]),
        ({"field": "a", "op": "before", "value": "soon"}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "after", "value": 2026}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "after", "value": "2026-02-30"}, [("invalid_value", "when.value")]),
        ({"field": "a", "op": "in_last", "value": 7}, [("invalid_duration", "when.value")]),
        (
            {"field": "a", "op": "in_next", "value": {"amount": 0, "unit": "days"}},
            [("invalid_duration", "when.value.amount")],
        ),
        ({"did": ""}, [("missing", "when.did")]),
        ({"did": "a", "at_least": 0}, [("invalid_value", "when.at_least")]),
        ({"did": "a", "at_least": 1.0}, [("invalid_value", "when.at_least")]),
        ({"did": "a", "at_least": True}, [("invalid_value", "when.at_least")]),
        ({"did": "a", "within": "7 days"}, [("invalid_duration", "when.within")]),
        ({"did_not": "a", "often": 1}, [("unknown_key", "when.often")]),
        ({"did": "a", "where": {"did": "b"}}, [("not_in_where", "when.where.did")]),
        ({"did": "a", "where": {"all": [{"has_tag": "b"}]}}, [("not_in_where", "when.where.all.0.has_tag")]),
        ({"did": "a", "where": {"message": "hello", "was": "sent"}}, [("not_in_where", "when.where.message")]),
        ({"in_segment": "vip"}, [("not_available", "when.in_segment")]),
        ({"has_tag": None}, [("missing", "when.has_tag")]),
        ({"message": "bye", "was": "sent"}, [("unknown_message", "when.message")]),
        ({"message": "hello", "was": "read"}, [("invalid_value", "when.was")]),
        ({"message": "hello"}, [("invalid_value", "when.was")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: object, problems: list[tuple[str, str]]) -> None:
    assert read(data) == (None, problems)


def test_every_problem_comes_at_once() -> None:
    data = {
        "all": [{"field": "", "op": "between", "value": [1]}, {"did": "", "within": 3, "x": 1}, {"in_segment": "a"}]
    }
    _, problems = read(data)
    assert problems == [
        ("missing", "when.all.0.field"),
        ("invalid_value", "when.all.0.value"),
        ("unknown_key", "when.all.1.x"),
        ("missing", "when.all.1.did"),
        ("invalid_duration", "when.all.1.within"),
        ("not_available", "when.all.2.in_segment"),
    ]


@pytest.mark.parametrize(
    "data", [{"did": "a"}, {"did_not": "a"}, {"has_tag": "a"}, {"message": "hello", "was": "sent"}]
)
def test_an_event_is_asked_for_its_properties_only(data: dict[str, Any]) -> None:
    rule, problems = read(data, "event")
    assert rule is None
    assert problems == [("not_in_where", f"when.{next(iter(data))}")]


def test_an_exit_rule_may_say_everything() -> None:
    rule, problems = read({"any": [{"did": "Bought"}, {"message": "hello", "was": "clicked"}]}, "exit")
    assert rule == AnyOf((Did("Bought"), MessageWas("hello", "clicked")))
    assert problems == []


@pytest.mark.parametrize(
    "condition", [{"op": "is", "value": ""}, {"op": "contains", "value": ""}, {"op": "one_of", "value": []}]
)
def test_an_empty_value_is_a_warning_beside_the_rule(condition: dict[str, Any]) -> None:
    rule, problems = parse({"field": "a"} | condition, field="when")
    assert rule is not None
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "empty_value")]


def nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = IS_PRO
    for _ in range(depth - 1):
        data = {"not": data}
    return data


def test_nesting_has_an_end() -> None:
    assert read(nested(DEPTH_MAX))[1] == []
    assert [code for code, _ in read(nested(DEPTH_MAX + 1))[1]] == ["too_deep"]


def test_the_number_of_parts_has_an_end() -> None:
    assert read({"any": [IS_PRO] * (CLAUSES_MAX - 1)})[1] == []
    assert [code for code, _ in read({"any": [IS_PRO] * 10_000})[1]] == ["too_large"]
