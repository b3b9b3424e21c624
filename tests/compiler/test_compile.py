"""Graph to plan: rests, legs, cuts, and text that reads aloud."""

from __future__ import annotations

from typing import Any

import pytest

from backend.compiler import codec
from backend.compiler.compile import compile_graph
from backend.compiler.explain import duration, explain
from backend.compiler.passes.merges import PATHS_MAX
from backend.compiler.plan import CUT, LOOK, STAY, Plan
from backend.compiler.visits import flow_counts
from backend.core.journey.check import check
from tests.support.builder import JourneyBuilder, a_journey


def plan_of(builder: JourneyBuilder) -> Plan:
    graph, problems = check(builder.build())
    assert graph is not None, problems
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return compile_graph(graph)


def is_pro(value: str = "pro") -> dict[str, Any]:
    return {"field": "plan", "op": "is", "value": value}


def test_a_plan_reads_aloud() -> None:
    plan = plan_of(
        a_journey()
        .on("Signed Up", where={"field": "source", "op": "is", "value": "web"})
        .waits(days=2)
        .branches("plan", pro=is_pro())
        .at("plan", "pro")
        .sends("hello")
        .with_settings(
            reentry={"allow": "after_exit", "not_before": {"amount": 1, "unit": "weeks"}}, exit={"did": "Left"}
        )
    )
    assert explain(plan).splitlines() == [
        "5 nodes, 1 rest, 5 legs",
        "a person enters again after leaving, not within 1 week; zone UTC",
        "leaves at once when did “Left”",
        "",
        'enter at start, on “Signed Up” where source is "web"',
        "  leg 2: start → rest 0 (at wait) for 2 days",
        "",
        "rest 0, at wait",
        "  when the time is up",
        '    if plan is "pro"',
        "      leg 3: wait → plan:pro → hello → done, completed, sends hello (email, marketing)",
        "    else",
        "      leg 4: wait → plan:else → done, completed",
    ]


def test_the_same_graph_gives_the_same_plan() -> None:
    builder = a_journey().on("A").splits("test", a=10, b=90).at("test", "a").sends("hello").waits_for("B", days=3)
    assert plan_of(builder) == plan_of(builder)


def test_a_plan_survives_being_stored() -> None:
    plan = plan_of(
        a_journey()
        .on("A")
        .updates(plan="pro", tags_seen=["a", "b"], score=None)
        .branches(
            "x",
            one={"all": [is_pro(), {"not": {"has_tag": "vip"}}, {"field": "n", "op": "between", "value": [1, 2]}]},
            two={"any": [{"did": "B", "at_least": 2, "within": {"amount": 1, "unit": "days"}}, {"did_not": "C"}]},
        )
        .tags("seen", remove=["new"])
        .waits_for("B", days=3, since="entry")
    )
    assert codec.dump(codec.load(codec.dump(plan))) == codec.dump(plan)
    assert explain(codec.load(codec.dump(plan))) == explain(plan)


def test_a_branch_that_reads_what_was_just_written_starts_a_new_leg() -> None:
    plan = plan_of(a_journey().on("A").updates(plan="pro").branches("check", pro=is_pro()))
    assert [rest.sort for rest in plan.rests] == [CUT]
    assert plan.rests[0].node == "check"


def test_a_branch_that_reads_something_else_does_not() -> None:
    plan = plan_of(a_journey().on("A").updates(stage="new").tags("x").branches("check", pro=is_pro()))
    assert plan.rests == ()


def test_a_wait_that_looks_back_is_two_rests() -> None:
    plan = plan_of(a_journey().on("A").waits_for("B", days=3, since="entry"))
    assert [rest.sort for rest in plan.rests] == [LOOK, STAY]


def test_merges_do_not_multiply_the_legs() -> None:
    builder = a_journey().on("A")
    for number in range(20):
        builder = builder.branches(f"b{number}", yes=is_pro(str(number)))  # the next step joins both ways: 2^20 paths
    plan = plan_of(builder)
    assert len(plan.legs) < 20 * 2 * PATHS_MAX * 2
    assert any(rest.sort == CUT for rest in plan.rests)


def test_counts_are_listed_with_zeros_and_add_up() -> None:
    plan = plan_of(a_journey().on("A").waits(days=1).sends("hello"))
    empty = flow_counts(plan, {})
    assert empty["nodes"]["wait"] == {"entered": 0, "inside": 0, "left": 0}
    assert set(empty["edges"]) == {"start:next", "wait:next", "hello:next"}
    enter, go_on = (next(leg.id for leg in plan.legs if leg.arrives == node) for node in ("wait", "done"))
    out = plan.rests[0].out
    counts = flow_counts(plan, {enter: 10, go_on: 4, out: 1})
    assert counts["nodes"]["wait"] == {"entered": 10, "inside": 5, "left": 5}
    assert counts["edges"] == {"start:next": 10, "wait:next": 4, "hello:next": 4}
    assert counts["outcomes"] == {
        "entered": 10, "inside": 5, "completed": 4, "exited": 1, "failed": 0, "converted": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (1_000, "1 second"),
        (5_400_000, "90 minutes"),
        (172_800_000, "2 days"),
        (604_800_000, "1 week"),
        (1_500, "1500 ms"),
        (None, "ever"),
    ],
)
def test_durations_are_told_in_the_largest_unit_that_fits(ms: int | None, words: str) -> None:
    assert duration(ms) == words
