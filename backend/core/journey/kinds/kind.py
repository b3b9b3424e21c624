"""What a node kind is: one module that declares itself to this contract.

A kind's methods get the node's config as the author left it, finished or not, and must answer any mapping without
raising; only `lower` may assume a config without errors.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.ops import Op
from backend.core.journey.shape import json_schema_of
from backend.core.problem import Problem
from backend.core.segment.parse import Scope, parse
from backend.core.segment.rule import Rule

Config = Mapping[str, Any]

FAMILIES = ("trigger", "wait", "branch", "send", "action", "people", "end")


@dataclass(frozen=True)
class Placed:
    """A condition inside a config: where it stands, what is written there, what it may speak of."""

    field: str
    data: object
    scope: Scope


class Kind(ABC):
    """One kind of node. title and help are what the palette shows: a few words, and one sentence."""

    name: ClassVar[str]
    family: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    schema: ClassVar[Schema]

    def ports(self, config: Config) -> tuple[str, ...]:
        """The ways out, in the order they are drawn."""
        return ("next",)

    def takes_time(self, config: Config, port: str) -> bool:
        """Whether a passage that leaves by this port has rested here, so that a cycle through it can't spin."""
        return False

    def conditions(self, config: Config) -> Iterator[Placed]:
        """Every condition the config holds; the document parses them and reports their problems."""
        yield from ()

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        """What is wrong beyond the shape and the conditions; fields start with `config.`."""
        return []

    @abstractmethod
    def lower(self, node: Node, graph: Graph) -> Op:
        """The one op this node is."""

    def json_schema(self) -> dict[str, Any]:
        return json_schema_of(self.schema)


def rule_in(data: object, graph: Graph, scope: Scope = "contact") -> Rule:
    """The rule of a condition that has been checked."""
    rule, problems = parse(data, field="", scope=scope, sends=graph.by_id)
    assert rule is not None, problems
    return rule


def rule_or_none(data: object, graph: Graph, scope: Scope = "contact") -> Rule | None:
    """The same where a condition may be absent."""
    return None if data is None else rule_in(data, graph, scope)


def objects(config: Config, key: str) -> list[tuple[int, Mapping[str, Any]]]:
    """(index, object) of the objects in a list of the config, whatever else is there."""
    found = config.get(key)
    return [(at, item) for at, item in enumerate(found) if isinstance(item, dict)] if isinstance(found, list) else []


def port_names(config: Config, key: str) -> tuple[str, ...]:
    """The names the ports of a list have so far."""
    return tuple(item["port"] for _, item in objects(config, key) if isinstance(item.get("port"), str))
