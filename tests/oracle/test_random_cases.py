"""What must hold of any replay at all, on random journeys and histories."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.oracle.files import Case
from tests.support.random_journeys import reached_from
from tests.support.strategies import cases, describe, read_case

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
    nodes = {node["id"]: node for node in case.journey["nodes"]}
    targets: dict[str, dict[str, str]] = {name: {} for name in nodes}
    for edge in case.journey["edges"]:
        targets[edge["from"]][edge["port"]] = edge["to"]
    triggers = [name for name, node in nodes.items() if node["type"].startswith("trigger.")]
    assert reached_from(triggers, targets) == set(nodes)
    ends = {name for name, node in nodes.items() if node["type"] == "exit"}
    assert all(ends & reached_from([name], targets) for name in nodes)
    takes_time = {
        name
        for name, node in nodes.items()
        if node["type"].startswith("wait.") and node["config"].get("since") != "entry"
    }
    timeless = {name: ways for name, ways in targets.items() if name not in takes_time}
    assert not any(name in reached_from(list(ways.values()), timeless) for name, ways in timeless.items())


@some
@given(cases())
def test_a_described_case_can_be_read_again(case: Case) -> None:
    again = read_case(describe(case))
    assert again.expected() == case.expected()
    assert again.journey == case.journey
