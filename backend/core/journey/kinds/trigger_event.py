"""Starts a passage when something happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Config, Kind, Placed, rule_or_none
from backend.core.journey.ops import StartOnEvent
from backend.core.journey.shape import Condition, Shape, Text


class _Config(Shape):
    event = Text(required=True, missing="No event is named yet.", fix="Say which event starts the journey.")
    where = Condition(allow_none=True)


class TriggerEvent(Kind):
    name = "trigger.event"
    family = "trigger"
    title = "Something happens"
    help = "Starts the journey for a person when an event about them arrives."
    schema: ClassVar[Schema] = _Config()

    def conditions(self, config: Config) -> Iterator[Placed]:
        if config.get("where") is not None:
            yield Placed("where", config["where"], "event")

    def lower(self, node: Node, graph: Graph) -> StartOnEvent:
        return StartOnEvent(node.config["event"], rule_or_none(node.config.get("where"), graph, "event"))


KIND = TriggerEvent()
