"""The same graph is the same bytes, however it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.journey.check import check
from backend.core.journey.document import canonical, load_shape
from tests.support.builder import a_journey

IS_PRO = {"value": "pro", "op": "is", "field": "plan"}


def welcome() -> dict[str, Any]:
    journey = a_journey("Grüße 😀").on("Signed Up").waits(days=2).branches("plan", pro=IS_PRO, old={"has_tag": "old"})
    return journey.at("plan", "pro").sends("hello", subject="Größe").updates(plan="x", age=5).build()


def test_keys_stand_in_an_order_that_reads_well() -> None:
    text = canonical(a_journey("Two words").on("Signed Up").build())
    assert text == (
        """{
  "format": "sojourn/journey@1",
  "name": "Two words",
  "settings": {},
  "nodes": [
    {
      "id": "start",
      "type": "trigger.event",
      "position": {
        "x": 0,
        "y": 0
      },
      "config": {
        "event": "Signed Up",
        "where": null
      }
    },
    {
      "id": "done",
      "type": "exit",
      "position": {
        "x": 0,
        "y": 140
      },
      "config": {}
    }
  ],
  "edges": [
    {
      "from": "start",
      "port": "next",
      "to": "done"
    }
  ]
}
"""
    )


def test_letters_of_every_script_are_kept() -> None:
    assert "Grüße 😀" in canonical(welcome())


def test_edges_follow_their_nodes() -> None:
    journey = welcome()
    turned = journey | {"edges": journey["edges"][::-1]}
    assert canonical(turned) == canonical(journey)


def test_the_order_of_nodes_is_the_author_s() -> None:
    journey = welcome()
    turned = journey | {"nodes": journey["nodes"][::-1]}
    assert [node["id"] for node in json.loads(canonical(turned))["nodes"]] == [n["id"] for n in journey["nodes"]][::-1]


def test_a_whole_number_is_written_without_a_point() -> None:
    journey = welcome()
    journey["nodes"][0]["position"] = {"x": 10.0, "y": -0.5}
    written = json.loads(canonical(journey))["nodes"][0]["position"]
    assert json.dumps(written) == '{"x": 10, "y": -0.5}'


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz_", max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
names = st.text("abc-_9", min_size=1, max_size=3)


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    """Anything that may be kept as a draft, its keys in any order."""
    ids = draw(st.lists(names, max_size=4, unique=True))
    nodes = [
        shuffled(draw, {"id": i, "type": draw(names), "config": draw(st.dictionaries(names, json_values, max_size=3))})
        for i in ids
    ]
    edge = st.fixed_dictionaries({"to": names, "port": names, "from": names})
    draft = {
        "edges": draw(st.lists(edge, max_size=4)),
        "nodes": nodes,
        "name": draw(st.text("ab ", max_size=5)),
        "format": "sojourn/journey@1",
        "notes": draw(json_values),
    }
    return shuffled(draw, draft)


def shuffled(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in draw(st.permutations(list(data)))}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(drafts())
def test_a_saved_draft_saves_as_the_same_bytes(draft: dict[str, Any]) -> None:
    document, problems = load_shape(draft)
    assert problems == []
    assert document is not None
    text = canonical(document)
    again, _ = load_shape(json.loads(text))
    assert again is not None
    assert canonical(again) == text
    assert json.loads(text)["notes"] == draft["notes"]
    assert text.endswith("}\n")


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_the_order_of_keys_says_nothing(data: st.DataObject) -> None:
    def mixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mixed(value[key]) for key in data.draw(st.permutations(list(value)))}
        return [mixed(item) for item in value] if isinstance(value, list) else value

    journey = a_journey().on("a", where=IS_PRO).waits_for("b", days=3).sends("hello").build()
    assert canonical(mixed(journey)) == canonical(journey)


def test_writing_it_changes_nothing_about_the_journey() -> None:
    graph, _ = check(welcome())
    assert graph is not None
    again, _ = check(json.loads(canonical(welcome())))
    assert again is not None
    assert (again.nodes, again.settings, again.target) == (graph.nodes, graph.settings, graph.target)
