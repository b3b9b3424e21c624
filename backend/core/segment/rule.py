"""Conditions as data: one language for branches, triggers, exits, goals, segments and filters.

A condition is a tree of the frozen classes below. `backend.core.segment.parse` makes it from JSON and reports
every problem; `backend.db.segment_sql` turns it into a SQL expression; nothing else interprets it in the product.
Units: durations are whole milliseconds. Source: design.md "Conditions", semantics.md "Conditions".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FIELD_OPS = (
    "is", "is_not", "one_of", "contains", "starts_with", "ends_with", "gt", "gte", "lt", "lte", "between",
    "is_set", "is_not_set", "before", "after", "in_last", "not_in_last", "in_next",
)  # fmt: skip
BUILT_IN_FIELDS = ("user_id", "email", "phone", "timezone", "unsubscribed", "created_at")
MESSAGE_STATES = ("sent", "delivered", "opened", "clicked", "bounced")


@dataclass(frozen=True)
class AllOf:
    """True when every item is; an empty `all` is true."""

    items: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """True when at least one item is; an empty `any` is false."""

    items: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    item: Rule


@dataclass(frozen=True)
class Field:
    """A field of the contact, or, inside `where`, a property of the event (dots descend there).

    value: text, number, bool, list or (for in_last, not_in_last, in_next) a duration in milliseconds.
    """

    name: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class Did:
    """At least `at_least` visible events of that name; `did_not` is Not(Did(…))."""

    event: str
    where: Rule | None = None
    at_least: int = 1
    within_ms: int | None = None


@dataclass(frozen=True)
class HasTag:
    tag: str


@dataclass(frozen=True)
class MessageWas:
    """This passage's message of that node has ever reached the state."""

    node: str
    was: str


Rule = AllOf | AnyOf | Not | Field | Did | HasTag | MessageWas
