"""The journey's document: its shape, its settings, what a draft may leave open."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.journey.document import EDGES_MAX, NAME_MAX, NODES_MAX, empty, load, load_shape
from backend.core.journey.graph import Edge, JourneySettings, Node, Reentry
from backend.core.journey.kinds import lower
from backend.core.journey.ops import StartOnEvent
from backend.core.segment.rule import AnyOf, Did, Field, MessageWas
from tests.support.builder import a_journey, duration

Json = dict[str, Any]


def found(data: object) -> list[tuple[str, str | None, str | None]]:
    graph, problems = load(data)
    assert graph is None
    return [(problem.code, problem.node, problem.field) for problem in problems]


def welcome(**changes: object) -> Json:
    return a_journey("Welcome").on("Signed Up").sends("hello").build() | changes


def test_a_document_becomes_a_graph() -> None:
    graph, problems = load(welcome())
    assert problems == []
    assert graph is not None
    assert graph.name == "Welcome"
    assert [node.id for node in graph.nodes] == ["start", "hello", "done"]
    assert graph.nodes[0] == Node("start", "trigger.event", {"event": "Signed Up", "where": None})
    assert graph.edges == (Edge("start", "next", "hello"), Edge("hello", "next", "done"))
    assert graph.settings == JourneySettings()


def test_settings_are_read() -> None:
    exit_rule = {"any": [{"did": "Bought"}, {"message": "hello", "was": "clicked"}]}
    settings = {
        "timezone": "Europe/Berlin",
        "reentry": {"allow": "after_exit", "not_before": duration(days=30)},
        "exit": exit_rule,
    }
    graph, problems = load(welcome(settings=settings))
    assert problems == []
    assert graph is not None
    rule = AnyOf((Did("Bought"), MessageWas("hello", "clicked")))
    assert graph.settings == JourneySettings("Europe/Berlin", Reentry("after_exit", 30 * 86_400_000), rule)


@pytest.mark.parametrize(
    "settings",
    [
        None,
        {},
        dict.fromkeys(("timezone", "reentry", "exit", "goal", "sending", "holdout", "holidays")),
        {"reentry": {}},
    ],
)
def test_settings_may_be_left_out(settings: object) -> None:
    graph, problems = load(welcome(settings=settings))
    assert problems == []
    assert graph is not None
    assert graph.settings == JourneySettings("UTC", Reentry("never", None), None)


@pytest.mark.parametrize(
    ("settings", "code", "field"),
    [
        ([], "invalid_value", "settings"),
        ({"colour": "red"}, "unknown_setting", "settings.colour"),
        ({"timezone": "Mars/Base"}, "unknown_timezone", "settings.timezone"),
        ({"timezone": "../../etc/passwd"}, "unknown_timezone", "settings.timezone"),
        ({"timezone": ""}, "missing", "settings.timezone"),
        ({"timezone": 1}, "invalid_value", "settings.timezone"),
        ({"reentry": "always"}, "invalid_value", "settings.reentry"),
        ({"reentry": {"allow": "often"}}, "invalid_value", "settings.reentry.allow"),
        ({"reentry": {"not_before": 30}}, "invalid_duration", "settings.reentry.not_before"),
        (
            {"reentry": {"not_before": {"amount": 1, "unit": "y"}}},
            "invalid_duration",
            "settings.reentry.not_before.unit",
        ),
        ({"reentry": {"after": 1}}, "unknown_key", "settings.reentry.after"),
        ({"exit": {"did": ""}}, "missing", "settings.exit.did"),
        ({"exit": []}, "invalid_condition", "settings.exit"),
        ({"exit": {"message": "done", "was": "sent"}}, "unknown_message", "settings.exit.message"),
        ({"exit": {"in_segment": "vip"}}, "not_available", "settings.exit.in_segment"),
        ({"goal": {"name": "Bought", "when": {"did": "Bought"}}}, "not_available", "settings.goal"),
        ({"sending": {}}, "not_available", "settings.sending"),
        ({"holdout": {"share": 10}}, "not_available", "settings.holdout"),
        ({"holidays": []}, "not_available", "settings.holidays"),
    ],
)
def test_a_wrong_setting_is_named(settings: object, code: str, field: str) -> None:
    assert found(welcome(settings=settings)) == [(code, None, field)]


def node(**changes: object) -> Json:
    return {"id": "n", "type": "exit", "position": {"x": 0, "y": 0}, "config": {}} | changes


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": " "}, ("missing", None, "name")),
        ({"name": "x" * (NAME_MAX + 1)}, ("too_large", None, "name")),
        ({"name": None}, ("missing", None, "name")),
        ({"id": 7}, ("unknown_key", None, "id")),
        ({"nodes": {}}, ("invalid_value", None, "nodes")),
        ({"nodes": [5]}, ("invalid_value", None, "nodes.0")),
        ({"nodes": [node()] * (NODES_MAX + 1)}, ("too_large", None, "nodes")),
        ({"edges": [{}] * (EDGES_MAX + 1)}, ("too_large", None, "edges")),
        ({"nodes": [node(id="a b")]}, ("invalid_name", None, "nodes.0.id")),
        ({"nodes": [node(id="x" * 65)]}, ("invalid_name", None, "nodes.0.id")),
        ({"nodes": [node(id="n\n")]}, ("invalid_name", None, "nodes.0.id")),
        ({"nodes": [node(id=None)]}, ("missing", None, "nodes.0.id")),
        ({"nodes": [node(type="")]}, ("missing", "n", "type")),
        ({"nodes": [node(type=None)]}, ("missing", "n", "type")),
        ({"nodes": [node(type="x" * 101)]}, ("too_large", "n", "type")),
        ({"nodes": [node(name=5)]}, ("invalid_value", "n", "name")),
        ({"nodes": [node(position={"x": 1})]}, ("missing", "n", "position.y")),
        ({"nodes": [node(position={"x": 1, "y": "2"})]}, ("invalid_value", "n", "position.y")),
        ({"nodes": [node(position={"x": 1, "y": 2, "z": 3})]}, ("unknown_key", "n", "position.z")),
        ({"nodes": [node(config=[])]}, ("invalid_value", "n", "config")),
        ({"nodes": [node(kind="exit")]}, ("unknown_key", "n", "kind")),
        ({"edges": [None]}, ("missing", None, "edges.0")),
        ({"edges": [{"from": "n", "port": "next"}]}, ("missing", None, "edges.0.to")),
        ({"edges": [{"from": "n", "port": 1, "to": "n"}]}, ("invalid_name", None, "edges.0.port")),
        ({"edges": [{"from": "n", "port": "next", "to": "n", "id": "e"}]}, ("unknown_key", None, "edges.0.id")),
        ({"format": "sojourn/journey@2"}, ("unknown_format", None, "format")),
        ({"_schema": 1}, ("unknown_key", None, None)),
    ],
)
def test_a_wrong_shape_is_named_for_files_and_drafts_alike(changes: Json, problem: tuple[str, str | None, str]) -> None:
    data = {"format": "sojourn/journey@1", "name": "One", "nodes": [node()], "edges": []} | changes
    assert problem in found(data)
    if changes.get("name") != " ":  # a draft may be without a name for a while
        document, problems = load_shape(data)
        assert document is None
        assert problem in [(p.code, p.node, p.field) for p in problems]


@pytest.mark.parametrize("data", [None, [], "journey", 5, True])
def test_what_is_no_object_is_no_journey(data: object) -> None:
    assert found(data) == [("invalid_value", None, None)]


def test_a_file_may_leave_positions_and_empty_configs_out() -> None:
    nodes = [{"id": "a", "type": "trigger.manual"}, {"id": "b", "type": "exit", "config": {}}]
    data = {"format": "sojourn/journey@1", "name": "One", "nodes": nodes, "edges": []}
    assert load(data)[1] == []
    document, problems = load_shape(data)
    assert problems == []
    assert document is not None
    assert document["nodes"] == [
        {"id": "a", "type": "trigger.manual", "position": {"x": 0, "y": 0}, "config": {}},
        {"id": "b", "type": "exit", "position": {"x": 0, "y": 140}, "config": {}},
    ]


def test_notes_and_scenarios_are_carried_untouched() -> None:
    notes, scenarios = [{"text": "Ask Ben", "x": 1}], {"Ada buys": [1, {"a": None}]}
    document, _ = load_shape(welcome(notes=notes, scenarios=scenarios))
    assert document is not None
    assert (document["notes"], document["scenarios"]) == (notes, scenarios)
    assert load(document)[1] == []


def test_a_draft_may_be_unfinished_inside_its_steps() -> None:
    nodes = [
        node(id="a", type="send.email", config={"subject": None}),
        node(id="b", type="wait.for"),
        node(id="c", type="odd"),
    ]
    settings = {"exit": {"field": ""}, "timezone": "Euro"}
    data = welcome(name="", nodes=nodes, edges=[{"from": "a", "port": "next", "to": "gone"}], settings=settings)
    document, problems = load_shape(data)
    assert problems == []
    assert document == data


def test_a_draft_can_t_hold_two_steps_of_one_id() -> None:
    _, [problem] = load_shape(welcome(nodes=[node(), node()]))
    assert (problem.code, problem.node, problem.field) == ("duplicate_node_id", "n", "id")


def test_a_new_journey_is_a_draft() -> None:
    assert load_shape(empty("Untitled")) == (empty("Untitled"), [])


def test_a_document_that_is_too_large_is_refused() -> None:
    [problem] = found(welcome(notes="x" * 2_100_000))
    assert problem == ("too_large", None, None)


def test_a_condition_may_ask_for_any_send_step_of_the_journey() -> None:
    opened = {"message": "hello", "was": "opened"}
    graph, problems = load(a_journey().on("a").branches("b", yes=opened).at("b", "yes").sends("hello").build())
    assert (graph is not None, problems) == (True, [])
    _, [problem] = load(a_journey().on("a").branches("b", yes=opened | {"message": "b"}).build())
    assert (problem.code, problem.node, problem.field) == ("unknown_message", "b", "config.branches.0.when.message")


def test_a_where_is_read_with_the_event_s_eyes() -> None:
    graph, _ = load(a_journey().on("a", where={"field": "total.amount", "op": "gt", "value": 5}).build())
    assert graph is not None
    assert lower(graph.by_id["start"], graph) == StartOnEvent("a", Field("total.amount", "gt", 5))
