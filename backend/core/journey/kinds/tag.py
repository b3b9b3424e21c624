"""Puts tags on each person who comes by, and takes tags off."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import Tag
from backend.core.journey.shape import Items, Shape, Text
from backend.core.problem import Problem, error

TAGS_MAX = 50
TAG_MAX = 200


class _Config(Shape):
    add = Items(Text(longest=TAG_MAX), most=TAGS_MAX, thing="tags", allow_none=True)
    remove = Items(Text(longest=TAG_MAX), most=TAGS_MAX, thing="tags", allow_none=True)


class TagKind(Kind):
    name = "tag"
    family = "action"
    title = "Tag"
    help = "Puts tags on each person who comes by, and takes tags off."
    schema: ClassVar[Schema] = _Config()

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        if node.config.get("add") or node.config.get("remove"):
            return []
        message = "This step neither adds nor removes a tag."
        return [error("missing", message, node=node.id, field="config.add", fix="Choose a tag to add or to remove.")]

    def lower(self, node: Node, graph: Graph) -> Tag:
        add, remove = (tuple(dict.fromkeys(node.config.get(key) or ())) for key in ("add", "remove"))
        return Tag(add, remove)


KIND = TagKind()
