"""Rests for a fixed time."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from backend.core.duration import duration_ms
from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Config, Kind
from backend.core.journey.ops import HoldFor
from backend.core.journey.shape import Duration, NotBuilt, Shape


class _Config(Shape):
    duration = Duration(required=True)
    late = NotBuilt("A rule for late messages")


class WaitFor(Kind):
    name = "wait.for"
    family = "wait"
    title = "Wait"
    help = "Holds each person for a fixed time, counted from when they arrive here."
    schema: ClassVar[Schema] = _Config()

    def takes_time(self, config: Config, port: str) -> bool:
        return True

    def lower(self, node: Node, graph: Graph) -> HoldFor:
        return HoldFor(duration_ms(node.config["duration"]))


KIND = WaitFor()
