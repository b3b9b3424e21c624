"""Writes into the fields of each person who comes by."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import Update
from backend.core.journey.shape import Shape, Values
from backend.core.moment import zone
from backend.core.problem import Problem, error

FIELDS_MAX = 50
NAME_MAX = 200
TEXT_MAX = 10_000
ITEMS_MAX = 1_000
_FIXED = ("user_id", "created_at")


class _Config(Shape):
    set = Values(fewest=1, most=FIELDS_MAX, thing="fields", required=True)


class UpdateContact(Kind):
    name = "update.contact"
    family = "action"
    title = "Update the person"
    help = "Writes values into the fields of each person who comes by; an empty value clears the field."
    schema: ClassVar[Schema] = _Config()

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        values = node.config.get("set")
        if not isinstance(values, dict):
            return []
        found = ((name, _fault(name, value)) for name, value in values.items())
        return [
            error(code, message, node=node.id, field=f"config.set.{name}", fix=fix)
            for name, fault in found
            if fault is not None
            for code, message, fix in [fault]
        ]

    def lower(self, node: Node, graph: Graph) -> Update:
        """In the order of the names: an object has no order of its own."""
        values = node.config["set"].items()
        return Update(tuple(sorted(((name, _plain(value)) for name, value in values), key=lambda pair: pair[0])))


def _fault(name: str, value: object) -> tuple[str, str, str] | None:
    """(code, message, fix) of one field's new value."""
    if not name.strip() or len(name) > NAME_MAX:
        return "invalid_name", "This field has no name, or a name without end.", "Choose a field."
    if name in _FIXED:
        return "fixed_field", f"“{name}” can't be changed by a journey.", "Choose another field."
    if name == "unsubscribed":
        return None if isinstance(value, bool) else ("invalid_value", "“unsubscribed” is true or false.", "Choose one.")
    if name == "timezone" and value is not None and (not isinstance(value, str) or zone(value) is None):
        return "invalid_value", "There is no such time zone.", "Write one like Europe/Berlin."
    if name in ("email", "phone") and value is not None and not isinstance(value, str):
        return "invalid_value", f"“{name}” takes a text.", "Write a text, or leave it empty to clear it."
    return _value_fault(value)


def _value_fault(value: object) -> tuple[str, str, str] | None:
    if isinstance(value, list):
        if len(value) > ITEMS_MAX:
            return "too_large", f"A list has at most {ITEMS_MAX:,} texts.", "Shorten the list."
        if not all(isinstance(item, str) for item in value):
            return "invalid_value", "A list here holds texts only.", "Write every item as a text."
        return None if sum(map(len, value)) <= TEXT_MAX else ("too_large", "This list is too long.", "Shorten it.")
    if isinstance(value, str) and len(value) > TEXT_MAX:
        return "too_large", f"A value has at most {TEXT_MAX:,} characters.", "Shorten it."
    if value is None or isinstance(value, str | int | float | bool):
        return None
    return (
        "invalid_value",
        "A field takes a text, a number, true or false, a list of texts, or nothing.",
        "Change the value.",
    )


def _plain(value: Any) -> Any:
    """Ops are compared and may be hashed, so a list becomes a tuple's equal: a fresh list."""
    return list(value) if isinstance(value, list) else value


KIND = UpdateContact()
