"""Whether a condition holds: the condition language, one rule at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from tests.oracle.moments import duration_ms, instant_of

Rule = Mapping[str, Any]
DATE_OPERATORS = {"before", "after", "in_last", "not_in_last", "in_next"}


@dataclass(frozen=True)
class Event:
    """Something a contact did; `at` is milliseconds UTC."""

    name: str
    at: int
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """What a condition reads: the moment, the contact as it stands, and the events that `did` may count."""

    now: int
    zone: tzinfo
    fields: Mapping[str, Any]
    events: Sequence[Event] = ()
    tags: Collection[str] = ()
    reached: Collection[tuple[str, str]] = ()  # (send node, state) of the passage's own messages


def holds(rule: Rule, view: View) -> bool:
    """Whether `rule` is true of the contact in `view`."""
    match rule:
        case {"all": parts}:
            return all(holds(part, view) for part in parts)
        case {"any": parts}:
            return any(holds(part, view) for part in parts)
        case {"not": part}:
            return not holds(part, view)
        case {"field": name, "op": op}:
            return compares(op, view.fields.get(name), rule.get("value"), view)
        case {"did": _}:
            return has_done(rule, rule["did"], view)
        case {"did_not": _}:
            return not has_done(rule, rule["did_not"], view)
        case {"has_tag": tag}:
            return tag in view.tags
        case {"message": node, "was": state}:
            return (node, state) in view.reached
    raise NotImplementedError(f"the referee does not know this condition: {rule}")


def has_done(rule: Rule, name: str, view: View) -> bool:
    within = rule.get("within")
    after = view.now - duration_ms(within) if within else None
    count = 0
    for event in view.events:
        is_recent = after is None or after < event.at
        if event.name == name and is_recent and event.at <= view.now and matches(rule.get("where"), event, view):
            count += 1
    return count >= (rule.get("at_least") or 1)


def matches(where: Rule | None, event: Event, view: View) -> bool:
    """Whether an event's properties satisfy `where`; no `where` asks nothing."""
    match where:
        case None:
            return True
        case {"all": parts}:
            return all(matches(part, event, view) for part in parts)
        case {"any": parts}:
            return any(matches(part, event, view) for part in parts)
        case {"not": part}:
            return not matches(part, event, view)
        case {"field": path, "op": op}:
            return compares(op, property_at(event.properties, path), where.get("value"), view)
    raise NotImplementedError(f"the referee does not know this condition on an event: {where}")


def property_at(properties: Mapping[str, Any], path: str) -> object:
    value: object = properties
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def compares(op: str, value: object, wanted: Any, view: View) -> bool:
    """One operator; only `is_not` and `is_not_set` are true of what is missing or of the wrong type."""
    if op == "is_not":
        return not is_same(value, wanted)
    if op == "is_not_set":
        return is_missing(value)
    if is_missing(value):
        return False
    if op == "is_set":
        return True
    if op in DATE_OPERATORS:
        return compares_as_date(op, value, wanted, view)
    return OPERATORS[op](value, wanted)


def compares_as_date(op: str, value: object, wanted: Any, view: View) -> bool:
    at, now = instant_of(value, view.zone), view.now
    if at is None:
        return False
    if op in ("before", "after"):
        limit = instant_of(wanted, view.zone)
        if limit is None:
            return False
        return at < limit if op == "before" else at > limit
    span = duration_ms(wanted)
    if op == "in_next":
        return now <= at <= now + span
    is_in_last = now - span <= at <= now
    return is_in_last if op == "in_last" else not is_in_last


def is_missing(value: object) -> bool:
    return value is None or value == ""


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_same(value: object, wanted: object) -> bool:
    """Equal, and of one type: text with text, number with number, true/false with true/false."""
    if is_missing(value):
        return False
    return is_one_type(value, wanted) and value == wanted


def is_one_type(value: object, other: object) -> bool:
    return (
        (isinstance(value, str) and isinstance(other, str))
        or (is_number(value) and is_number(other))
        or (isinstance(value, bool) and isinstance(other, bool))
    )


def is_ordered(value: Any, other: Any, in_order: Callable[[Any, Any], bool]) -> bool:
    is_comparable = is_one_type(value, other) and not isinstance(value, bool)
    return is_comparable and in_order(value, other)


def contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return any(is_same(part, wanted) for part in value)
    return isinstance(value, str) and isinstance(wanted, str) and wanted in value


def both_text(value: Any, wanted: Any) -> bool:
    return isinstance(value, str) and isinstance(wanted, str)


# Python orders text by code point, which is what the page asks for.
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": is_same,
    "one_of": lambda value, wanted: any(is_same(value, one) for one in wanted),
    "contains": contains,
    "starts_with": lambda value, wanted: both_text(value, wanted) and value.startswith(wanted),
    "ends_with": lambda value, wanted: both_text(value, wanted) and value.endswith(wanted),
    "gt": lambda value, wanted: is_ordered(value, wanted, lambda a, b: a > b),
    "gte": lambda value, wanted: is_ordered(value, wanted, lambda a, b: a >= b),
    "lt": lambda value, wanted: is_ordered(value, wanted, lambda a, b: a < b),
    "lte": lambda value, wanted: is_ordered(value, wanted, lambda a, b: a <= b),
    "between": lambda value, wanted: (
        is_ordered(value, wanted[0], lambda a, b: a >= b) and is_ordered(value, wanted[1], lambda a, b: a <= b)
    ),
}
