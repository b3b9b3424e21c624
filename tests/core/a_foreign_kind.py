"""What another package would offer by entry point: a kind of its own, and a module that can't be loaded as one."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import Tag
from backend.core.journey.shape import Shape, Text


class _Config(Shape):
    list = Text(required=True)


class Call(Kind):
    name = "acme.call"
    family = "action"
    title = "Call"
    help = "Puts each person on the call list."
    schema: ClassVar[Schema] = _Config()

    def lower(self, node: Node, graph: Graph) -> Tag:
        return Tag((f"call:{node.config['list']}",), ())


KIND = Call()
NO_KIND = "something else"
