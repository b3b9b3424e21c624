"""Starts a passage when somebody says so."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import StartByHand
from backend.core.journey.shape import Shape


class TriggerManual(Kind):
    name = "trigger.manual"
    family = "trigger"
    title = "Added by hand"
    help = "Starts the journey for the people you add yourself, or that another program adds."
    schema: ClassVar[Schema] = Shape()

    def lower(self, node: Node, graph: Graph) -> StartByHand:
        return StartByHand()


KIND = TriggerManual()
