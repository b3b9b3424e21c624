"""The graph a marketer draws, read from its document: plain values, no database ids.

`Graph` assumes a document whose shape is right (see document.py); what it means is checked in checks.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backend.core.segment.rule import Rule


@dataclass(frozen=True)
class Node:
    """A step on the canvas; `type` holds its kind."""

    id: str
    type: str
    config: Mapping[str, Any]
    name: str | None = None


@dataclass(frozen=True)
class Edge:
    """A line from a node's port to the next node."""

    source: str
    port: str
    target: str


@dataclass(frozen=True)
class Reentry:
    """When a contact may enter again. `not_before_ms` counts from the previous entry."""

    allow: str = "never"  # never | after_exit | always
    not_before_ms: int | None = None


@dataclass(frozen=True)
class Goal:
    """The journey-wide goal: the first time it holds within `within_ms` of entry, the passage is completed."""

    name: str
    when: Rule
    within_ms: int | None = None


@dataclass(frozen=True)
class JourneySettings:
    timezone: str = "UTC"
    reentry: Reentry = field(default_factory=Reentry)
    exit: Rule | None = None
    goal: Goal | None = None


@dataclass(frozen=True)
class Graph:
    name: str
    nodes: tuple[Node, ...]  # in the document's order: it decides which trigger is first
    edges: tuple[Edge, ...]
    settings: JourneySettings

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def target(self) -> dict[tuple[str, str], str]:
        """(node id, port) -> the node it leads to."""
        return {(edge.source, edge.port): edge.target for edge in self.edges}
