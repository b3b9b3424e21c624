"""What a condition looks at, so that others know when to look again and which effects change its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from backend.core.segment.rule import AllOf, AnyOf, Did, Field, HasTag, MessageWas, Not, Rule


@dataclass(frozen=True)
class Reads:
    """The names a rule reads of the contact.

    fields: built-in and custom; properties inside a `where` are of the event and not among them. messages: ids of send
    nodes. is_timed: its answer can change by time passing alone (`within`, in_last, not_in_last, in_next).
    """

    fields: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    is_timed: bool = False

    def __or__(self, other: Reads) -> Reads:
        return Reads(
            self.fields | other.fields,
            self.events | other.events,
            self.tags | other.tags,
            self.messages | other.messages,
            self.is_timed or other.is_timed,
        )


def reads(rule: Rule) -> Reads:
    match rule:
        case AllOf(items) | AnyOf(items):
            total = Reads()
            for item in items:
                total |= reads(item)
            return total
        case Not(item):
            return reads(item)
        case Field(name, op):
            return Reads(fields=frozenset({name}), is_timed=_is_timed(op))
        case Did(event, where, _, within_ms):
            is_timed = within_ms is not None or (where is not None and reads(where).is_timed)
            return Reads(events=frozenset({event}), is_timed=is_timed)
        case HasTag(tag):
            return Reads(tags=frozenset({tag}))
        case MessageWas(node):
            return Reads(messages=frozenset({node}))
    assert_never(rule)


def _is_timed(op: str) -> bool:
    return op in ("in_last", "not_in_last", "in_next")
