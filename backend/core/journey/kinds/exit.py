"""Ends a passage."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Config, Kind
from backend.core.journey.ops import End
from backend.core.journey.shape import Shape


class Exit(Kind):
    name = "exit"
    family = "end"
    title = "End"
    help = "The journey is over here for each person who arrives."
    schema: ClassVar[Schema] = Shape()

    def ports(self, config: Config) -> tuple[str, ...]:
        return ()

    def lower(self, node: Node, graph: Graph) -> End:
        return End()


KIND = Exit()
