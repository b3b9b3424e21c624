"""What must hold of any replay at all, on random journeys and histories."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.oracle.files import Case
from tests.oracle.shrinking import is_whole, smaller
from tests.support.strategies import case_of_seed, cases, describe, read_case

pytestmark = pytest.mark.slow
some = settings(max_examples=60, deadline=None)


@some
@given(cases())
def test_the_counts_add_up(case: Case) -> None:
    outcome = case.expected()
    kinds = {node["id"]: node["type"] for node in case.journey["nodes"]}
    flow = outcome.flow
    assert all(count["entered"] == count["inside"] + count["left"] for count in flow["nodes"].values())
    assert all(count["inside"] == 0 for node, count in flow["nodes"].items() if not kinds[node].startswith("wait."))
    totals = flow["outcomes"]
    assert totals["entered"] == totals["inside"] + totals["completed"] + totals["exited"] + totals["failed"]
    assert totals["entered"] == len({step[:2] for step in outcome.steps})
    visits = Counter(step[2] for step in outcome.steps)
    assert visits == Counter({node: count["entered"] for node, count in flow["nodes"].items() if count["entered"]})
    assert len(outcome.messages) == sum(n for node, n in visits.items() if kinds[node] == "send.email")


@some
@given(cases())
def test_every_passage_is_one_way_along_the_edges(case: Case) -> None:
    edges = {(edge["from"], edge["port"]): edge["to"] for edge in case.journey["edges"]}
    passages = defaultdict(list)
    for user_id, number, node, port, at in case.expected().steps:
        passages[user_id, number].append((node, port, at))
    for steps in passages.values():
        for (node, port, at), (next_node, _, next_at) in pairwise(steps):
            assert edges[node, port] == next_node
            assert at <= next_at
        assert all(case.start_ms <= at <= case.until_ms for _, _, at in steps)
        assert steps[-1][1] in ("", "!exit")


@some
@given(cases())
def test_what_others_do_changes_nothing_for_a_contact(case: Case) -> None:
    outcome = case.expected()
    for user_id in {step[0] for step in outcome.steps}:
        others_are_silent = replace(case, events=[event for event in case.events if event["user_id"] == user_id])
        alone = others_are_silent.expected()
        assert [step for step in outcome.steps if step[0] == user_id] == [s for s in alone.steps if s[0] == user_id]
        assert [row for row in outcome.messages if row[0] == user_id] == [m for m in alone.messages if m[0] == user_id]


@some
@given(cases())
def test_nobody_is_pulled_out_of_a_journey_without_exit_rule(case: Case) -> None:
    settings_without = {key: value for key, value in case.journey["settings"].items() if key != "exit"}
    outcome = replace(case, journey={**case.journey, "settings": settings_without}).expected()
    assert outcome.flow["outcomes"]["exited"] == 0
    assert "left" not in {message[7] for message in outcome.messages}


@some
@given(cases())
def test_random_journeys_are_whole(case: Case) -> None:
    assert is_whole(case.journey)
    ports = {(edge["from"], edge["port"]) for edge in case.journey["edges"]}
    assert len(ports) == len(case.journey["edges"])
    assert all({name for name, _ in ports} >= {n["id"]} for n in case.journey["nodes"] if n["type"] != "exit")


@some
@given(cases())
def test_a_described_case_can_be_read_again(case: Case) -> None:
    again = read_case(describe(case))
    assert again.expected() == case.expected()
    assert again.journey == case.journey


def test_a_failing_case_is_made_small() -> None:
    def fails(case: Case) -> bool:
        return bool(case.expected().flow["edges"].get("n1:happened"))

    first = next(case for case in map(case_of_seed, range(1000)) if fails(case) and len(case.events) > 9)
    least = smaller(first, fails)
    assert fails(least)
    assert len(least.events) <= 2
    assert len(least.contacts) <= 1
    assert is_whole(least.journey)
    assert [node["type"] for node in least.journey["nodes"]][1:] == ["wait.event", "exit"]


def test_a_seed_is_always_the_same_case() -> None:
    assert case_of_seed(7) == case_of_seed(7) != case_of_seed(8)
