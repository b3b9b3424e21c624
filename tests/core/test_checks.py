"""How steps hang together: each problem by the smallest journey that has it."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.journey.check import check
from backend.core.problem import Problem
from tests.support.builder import JourneyBuilder, a_journey

Json = dict[str, Any]
IS_PRO = {"field": "plan", "op": "is", "value": "pro"}


def problems_of(journey: Json) -> list[Problem]:
    graph, problems = check(journey)
    assert (graph is None) is any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert problem.message.endswith(".")
        assert problem.fix
    return problems


def found(journey: Json) -> list[tuple[str, str | None, str | None]]:
    return [(problem.code, problem.node, problem.field) for problem in problems_of(journey)]


def start() -> JourneyBuilder:
    return a_journey().on("Signed Up")


def test_a_journey_with_every_kind_of_step_has_no_problem() -> None:
    journey = (
        start().by_hand().waits(days=2).waits_for("Bought", days=90).at("until", "timeout").branches("plan", pro=IS_PRO)
        .at("plan", "pro").splits("test", a=50, b=50).at("test", "a").sends("hello").updates(plan="x").tags("y").build()
    )  # fmt: skip
    assert problems_of(journey) == []


@pytest.mark.parametrize(
    ("journey", "problems"),
    [
        (a_journey().ends().build(), [("no_trigger", None, "nodes")]),
        (a_journey().build(), [("no_trigger", None, "nodes")]),
        (start().build(is_open=True), [("port_without_edge", "start", "ports.next")]),
        (
            start().waits_for("Bought", days=1).at("until", "happened").ends().build(is_open=True),
            [("port_without_edge", "until", "ports.timeout")],
        ),
        (
            start().branches("plan", pro=IS_PRO).build(is_open=True),
            [("port_without_edge", "plan", "ports.pro"), ("port_without_edge", "plan", "ports.else")],
        ),
        (
            start().splits("test", a=50, b=50).at("test", "b").ends().build(is_open=True),
            [("port_without_edge", "test", "ports.a")],
        ),
        (start().waits(id="a", days=1).waits(id="a", days=2).build(), [("duplicate_node_id", "a", "id")]),
        (start().edge("start", "next", "nowhere").build(), [("unknown_node", "start", "edges.0.to")]),
        (start().edge("nowhere", "next", "done").build(), [("unknown_node", None, "edges.0.from")]),
        (start().edge("start", "else", "done").build(), [("unknown_port", "start", "edges.0.port")]),
        (
            start().ends("end").edge("end", "next", "end").build(),
            [("unknown_port", "end", "edges.1.port"), ("endless_loop", "end", None)],
        ),
        (
            start().waits_for("Bought").edge("until", "timeout", "done").build(),
            [("unknown_port", "until", "edges.1.port")],
        ),
        (start().ends("a").edge("start", "next", "a").build(), [("duplicate_edge", "start", "edges.1")]),
        (start().waits(days=1).goes_to("start").build(), [("edge_into_trigger", "start", "edges.1.to")]),
        (start().ends("a").at("b").ends("c").build(), [
            ("unknown_node", None, "edges.1.from"), ("unreachable", "c", None),
        ]),
        (start().ends("a").step("lost", "exit", ports=()).build(), [("unreachable", "lost", None)]),
    ],
)  # fmt: skip
def test_a_wrong_structure_is_named_with_its_place(
    journey: Json, problems: list[tuple[str, str | None, str | None]]
) -> None:
    assert found(journey) == problems


def loop(**wait: Any) -> JourneyBuilder:
    """start → mail → again (a wait for an event) → mail."""
    return start().sends("mail").waits_for("Bought", id="again", **wait)


@pytest.mark.parametrize(
    "journey",
    [
        start().sends("mail").waits(days=1).goes_to("mail").build(),
        loop().goes_to("mail").build(),
        loop(days=1).goes_to("mail").build(),
        loop(days=1, since="entry").at("again", "timeout").goes_to("mail").build(),
    ],
)
def test_a_cycle_that_takes_time_is_allowed(journey: Json) -> None:
    assert problems_of(journey) == []


@pytest.mark.parametrize(
    ("journey", "node", "way"),
    [
        (start().sends("a").tags("x", id="b").goes_to("a").build(), "a", "“a” → “b” → “a”"),
        (start().branches("a", again={"has_tag": "x"}).edge("a", "again", "a").build(), "a", "“a” → “a”"),
        (loop(since="entry").goes_to("mail").build(), "mail", "“mail” → “again” → “mail”"),
    ],
)
def test_a_cycle_without_a_wait_names_its_steps(journey: Json, node: str, way: str) -> None:
    [problem] = problems_of(journey)
    assert (problem.code, problem.node) == ("endless_loop", node)
    assert way in problem.message


def test_a_cycle_calls_steps_by_the_names_people_gave_them() -> None:
    journey = start().sends("a").tags("x", id="b").goes_to("a").build()
    journey["nodes"][1]["name"] = "Hello mail"
    assert "“Hello mail” → “b” → “Hello mail”" in problems_of(journey)[0].message


def test_every_problem_comes_at_once() -> None:
    journey = start().waits(id="w", days=0).sends("mail", subject="").edge("mail", "late", "gone").build(is_open=True)
    journey["settings"] = {"timezone": "Nowhere", "goal": {"name": "x"}}
    assert set(found(journey)) == {
        ("unknown_timezone", None, "settings.timezone"),
        ("not_available", None, "settings.goal"),
        ("invalid_duration", "w", "config.duration.amount"),
        ("missing", "mail", "config.subject"),
        ("unknown_port", "mail", "edges.2.port"),
        ("unknown_node", "mail", "edges.2.to"),
        ("port_without_edge", "mail", "ports.next"),
    }


def test_a_step_of_an_unknown_kind_is_not_blamed_for_its_lines() -> None:
    journey = start().step("odd", "acme.unknown", ports=("left", "right")).build()
    assert found(journey) == [("unknown_kind", "odd", "type")]


def test_a_designed_trigger_is_a_trigger() -> None:
    assert found(a_journey().step("s", "trigger.segment").build()) == [("not_available", "s", "type")]


def letters(number: int, **more: Any) -> JourneyBuilder:
    journey = start()
    for _ in range(number):
        journey.sends(**more).waits(days=1)
    return journey


def test_many_letters_without_an_exit_rule_are_a_warning() -> None:
    [problem] = problems_of(letters(3).build())
    assert (problem.severity, problem.code, problem.field) == ("warning", "no_exit_rule", "settings.exit")


@pytest.mark.parametrize(
    "journey",
    [
        letters(2).build(),
        letters(4, purpose="transactional").build(),
        letters(3).with_settings(exit={"did": "Bought"}).build(),
    ],
)
def test_few_letters_or_a_way_out_are_no_warning(journey: Json) -> None:
    assert problems_of(journey) == []
