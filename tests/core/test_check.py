"""Whatever it is given, a check answers with problems; it never raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.journey.check import check
from backend.core.journey.document import canonical, load_shape
from backend.core.problem import Problem
from tests.support.builder import a_journey

words = st.text(max_size=5) | st.sampled_from(["exit", "next", "a", "did"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
anything = st.recursive(
    scalars | st.binary(max_size=2) | st.sets(st.integers(), max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["format", "name", "settings", "nodes", "edges", "id", "type", "config", "from", "port", "to", "exit", "_schema"]
nodes = st.lists(st.dictionaries(st.sampled_from(KEYS), anything, max_size=6), max_size=4)
choices = st.dictionaries(st.sampled_from(["exit", "timezone", "reentry"]), anything)
documents = st.fixed_dictionaries(
    {"format": st.just("sojourn/journey@1")},
    optional={"nodes": nodes, "edges": anything, "name": anything, "settings": choices},
)


def whole() -> dict[str, Any]:
    """A journey with a place for every kind of config."""
    condition = {
        "all": [{"field": "a", "op": "one_of", "value": ["b"]}, {"not": {"did": "c", "where": None, "at_least": 2}}]
    }
    journey = a_journey().on("a", where={"field": "x", "op": "is_set"}).by_hand().waits(days=1).waits_for("b", days=2)
    journey.branches("if", yes=condition).splits("split", p=40, q=60).sends("hello", preheader="p", sender="a@b.c")
    journey.updates(plan="x", tags=["y"]).tags("t", remove=["u"]).with_settings(timezone="UTC", exit=condition)
    return journey.with_settings(reentry={"allow": "always", "not_before": {"amount": 1, "unit": "days"}}).build()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The document with something else at one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def answers(data: object) -> list[Problem]:
    graph, problems = check(data)
    is_refused = any(problem.severity == "error" for problem in problems)
    assert (graph is None) is is_refused
    json.dumps([problem.as_dict() for problem in problems]).encode()
    document, faults = load_shape(data)
    assert faults or document is not None
    if not faults and document is not None:
        canonical(document).encode()
    return problems


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(anything)
def test_no_value_at_all_raises(data: object) -> None:
    assert answers(data)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(documents)
def test_no_document_at_all_raises(data: object) -> None:
    assert answers(data)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(places(whole())), anything)
def test_anything_anywhere_in_a_journey_is_answered(place: tuple[Any, ...], value: object) -> None:
    answers(put(whole(), place, value))


def test_the_journey_it_is_put_into_is_right() -> None:
    assert answers(whole()) == []


@pytest.mark.slow
def test_a_journey_of_the_largest_size_is_checked_in_a_moment() -> None:
    journey = a_journey().on("a")
    for _ in range(1_900):
        journey.waits(id=f"w{len(journey._nodes)}", days=1)
    assert answers(journey.build()) == []
