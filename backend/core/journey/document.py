"""The journey's document, `sojourn/journey@1`: its shape, and the graph it is.

`load` is strict and answers with every problem at once; `load_shape` is what a draft must be to be kept: ids, edges and
sizes are right, the rest may be unfinished. Neither raises, whatever it is given.
Source: design.md "The journey, as JSON".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.core.duration import duration_ms
from backend.core.journey.canonical import canonical
from backend.core.journey.graph import Edge, Graph, JourneySettings, Node, Reentry
from backend.core.journey.json_schema import condition_schema, duration_schema
from backend.core.journey.kinds import KINDS, family_of, kind_of, kind_problem
from backend.core.journey.plain import plain_problems
from backend.core.journey.settings import SETTINGS, settings_problems
from backend.core.journey.shape import (
    NAME,
    AnyValue,
    Fault,
    Items,
    Name,
    Number,
    Part,
    Shape,
    Text,
    json_schema_of,
    shape_faults,
)
from backend.core.journey.upgrade import FORMAT, upgrade
from backend.core.problem import Problem, error
from backend.core.segment.parse import parse
from backend.core.segment.rule import Rule

__all__ = [
    "FORMAT",
    "NAME_MAX",
    "NODES_MAX",
    "Reading",
    "canonical",
    "empty",
    "json_schema",
    "load",
    "load_shape",
    "read",
    "upgrade",
]

NODES_MAX = 2_000
EDGES_MAX = 10_000
NAME_MAX = 200
TYPE_MAX = 100


class PositionShape(Shape):
    x = Number(required=True)
    y = Number(required=True)


class NodeShape(Shape):
    id = Name(required=True)
    type = Text(longest=TYPE_MAX, required=True)
    name = Text(longest=NAME_MAX, blank=True, allow_none=True)
    position = Part(PositionShape)
    config = AnyValue(required=True)


class EdgeShape(Shape):
    source = Name(required=True, data_key="from")
    port = Name(required=True)
    target = Name(required=True, data_key="to")


class DraftShape(Shape):
    """A draft's outline; what configs and settings hold is not asked."""

    format = AnyValue(required=True)
    name = Text(longest=NAME_MAX, blank=True, required=True)
    settings = AnyValue(allow_none=True)
    nodes = Items(Part(NodeShape), most=NODES_MAX, thing="steps", required=True)
    edges = Items(Part(EdgeShape), most=EDGES_MAX, thing="lines", required=True)
    notes = AnyValue(allow_none=True)
    scenarios = AnyValue(allow_none=True)


class DocumentShape(DraftShape):
    name = Text(longest=NAME_MAX, required=True)


_DRAFT, _DOCUMENT = DraftShape(), DocumentShape()


@dataclass(frozen=True)
class Reading:
    """What a document says.

    graph: as much as could be read, None when there is no outline. is_whole: nothing of the outline is missing from
    it, so that its structure can be judged, whatever is wrong inside the nodes.
    """

    graph: Graph | None
    is_whole: bool
    problems: list[Problem]


def empty(name: str) -> dict[str, Any]:
    """The document of a journey nobody has drawn yet."""
    return {"format": FORMAT, "name": name, "settings": {}, "nodes": [], "edges": []}


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the document, with the configs of all kinds that are loaded."""
    described = json_schema_of(_DOCUMENT)
    described["properties"] |= {"format": {"const": FORMAT}, "settings": json_schema_of(SETTINGS)}
    node = described["properties"]["nodes"]["items"]
    node["required"] = ["id", "type"]
    node["properties"]["type"] = {"enum": list(KINDS)}
    node["allOf"] = [
        {
            "if": {"properties": {"type": {"const": name}}},
            "then": {"properties": {"config": kind.json_schema()}},
        }
        for name, kind in KINDS.items()
    ]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A Sojourn journey"}
    return head | described | {"$defs": {"condition": condition_schema(), "duration": duration_schema()}}


def load(data: object) -> tuple[Graph | None, list[Problem]]:
    """The graph, or None when a problem is an error: shape, settings, conditions and every node's config."""
    reading = read(data)
    is_refused = any(problem.severity == "error" for problem in reading.problems)
    return None if is_refused else reading.graph, reading.problems


def load_shape(data: object) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The draft in the newest format, with the optional parts of its nodes filled in, or None and why not."""
    document, problems = _outline(data, _DRAFT)
    if document is None or problems:
        return None, problems
    nodes = [
        node | {"position": node.get("position") or {"x": 0, "y": 140 * at}, "config": node.get("config") or {}}
        for at, node in enumerate(document["nodes"])
    ]
    return document | {"settings": document.get("settings") or {}, "nodes": nodes}, _repeated_ids(nodes)


def read(data: object) -> Reading:
    """Everything that can be said about the document, node by node."""
    document, problems = _outline(data, _DOCUMENT)
    if document is None:
        return Reading(None, False, problems)
    is_whole = not any(_is_outline(problem) for problem in problems)
    nodes = tuple(_nodes(document))
    sends = frozenset(node.id for node in nodes if family_of(node.type) == "send")
    settings, wrong = _settings(document.get("settings"), sends)
    graph = Graph(str(document.get("name")), nodes, tuple(_edges(document)), settings)
    problems += wrong
    for node in nodes:
        problems += _node_problems(node, graph, sends)
    return Reading(graph, is_whole, problems)


def _outline(data: object, shape: Shape) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The upgraded document and what is wrong with its shape; None when it is no document at all."""
    if not isinstance(data, dict):
        return None, [error("invalid_value", "A journey is a JSON object.", fix="Choose a journey's file.")]
    problems = _too_many(data) or plain_problems(data)
    if problems:
        return None, problems
    document, problems = upgrade(data)
    if document is None:
        return None, problems
    # A step without a config is one with an empty config.
    nodes = document.get("nodes")
    if isinstance(nodes, list):
        filled = [{"config": {}} | node if isinstance(node, dict) else node for node in nodes]
        document = document | {"nodes": filled}
    problems = [_placed(document, path, fault) for path, fault in shape_faults(shape, document)]
    problems += _wrong_kinds_of_value(document)
    return document, problems


def _too_many(data: dict[str, Any]) -> list[Problem]:
    """Counted before anything is looked at."""
    limits = (("nodes", NODES_MAX, "steps"), ("edges", EDGES_MAX, "lines"))
    return [
        error("too_large", f"A journey has at most {most:,} {thing}.", field=key, fix="Split the journey.")
        for key, most, thing in limits
        if isinstance(data.get(key), list) and len(data[key]) > most
    ]


def _wrong_kinds_of_value(document: dict[str, Any]) -> list[Problem]:
    """Settings and configs are read elsewhere, but objects they must be."""
    problems = []
    if not isinstance(document.get("settings"), dict | None):
        problems.append(error("invalid_value", "The settings must be an object.", field="settings", fix="Write {…}."))
    for at, node in enumerate(document["nodes"] if isinstance(document.get("nodes"), list) else ()):
        if isinstance(node, dict) and not isinstance(node["config"], dict | None):
            fault = Fault("invalid_value", "The config of a step must be an object.", "Write {…}.")
            problems.append(_placed(document, ("nodes", str(at), "config"), fault))
    return problems


def _placed(document: dict[str, Any], path: tuple[str, ...], fault: Fault) -> Problem:
    """The fault as a problem: of its node where there is one to show it on, else of the document."""
    path = (*path, *filter(None, fault.field.split(".")))
    if len(path) > 2 and path[0] == "nodes":
        node = document["nodes"][int(path[1])]
        if isinstance(node, dict) and isinstance(node.get("id"), str) and NAME.match(node["id"]):
            return error(fault.code, fault.message, node=node["id"], field=".".join(path[2:]), fix=fault.fix)
    return error(fault.code, fault.message, field=".".join(path) or None, fix=fault.fix)


def _is_outline(problem: Problem) -> bool:
    """Whether nodes or edges are missing from the graph because of it."""
    place = (problem.field or "").split(".")[0]
    return place in ("nodes", "edges") or (problem.node is not None and place == "type")


def _nodes(document: dict[str, Any]) -> Iterator[Node]:
    for node in document["nodes"] if isinstance(document.get("nodes"), list) else ():
        if not isinstance(node, dict) or not isinstance(node.get("type"), str) or not node["type"].strip():
            continue
        if isinstance(node.get("id"), str) and NAME.match(node["id"]):
            config = node["config"] if isinstance(node["config"], dict) else {}
            name = node.get("name")
            yield Node(node["id"], node["type"], config, name if isinstance(name, str) else None)


def _edges(document: dict[str, Any]) -> Iterator[Edge]:
    for edge in document["edges"] if isinstance(document.get("edges"), list) else ():
        if isinstance(edge, dict) and all(isinstance(edge.get(key), str) for key in ("from", "port", "to")):
            yield Edge(edge["from"], edge["port"], edge["to"])


def _settings(data: object, sends: frozenset[str]) -> tuple[JourneySettings, list[Problem]]:
    settings = data if isinstance(data, dict) else {}
    problems = settings_problems(settings)
    exit_rule: Rule | None = None
    if settings.get("exit") is not None:
        exit_rule, wrong = parse(settings["exit"], field="settings.exit", scope="exit", sends=sends)
        problems += wrong
    if any(problem.severity == "error" for problem in problems):
        return JourneySettings(), problems
    reentry = settings.get("reentry") or {}
    pause = reentry.get("not_before")
    again = Reentry(reentry.get("allow") or "never", None if pause is None else duration_ms(pause))
    return JourneySettings(settings.get("timezone") or "UTC", again, exit_rule), problems


def _node_problems(node: Node, graph: Graph, sends: frozenset[str]) -> list[Problem]:
    kind = kind_of(node.type)
    if kind is None:
        problem = kind_problem(node)
        return [] if problem is None else [problem]
    problems = [
        error(
            fault.code,
            fault.message,
            node=node.id,
            field=".".join(("config", *path, *filter(None, [fault.field]))),
            fix=fault.fix,
        )
        for path, fault in shape_faults(kind.schema, node.config)
    ]
    for placed in kind.conditions(node.config):
        _, wrong = parse(placed.data, field=f"config.{placed.field}", node=node.id, scope=placed.scope, sends=sends)
        problems += wrong
    return problems + kind.check(node, graph)


def _repeated_ids(nodes: list[dict[str, Any]]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for node in nodes:
        if node["id"] in seen:
            message = f"Two steps have the id “{node['id']}”."
            problems.append(
                error("duplicate_node_id", message, node=node["id"], field="id", fix="Give each step its own id.")
            )
        seen.add(node["id"])
    return problems
