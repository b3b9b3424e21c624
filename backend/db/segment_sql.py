"""The one place where a condition becomes a SQL expression, for SQLite and PostgreSQL.

Logic is two-valued: a leaf may be NULL where a value is missing or of the wrong type, which AND, OR and CASE read as
false; `Not` turns NULL into false before it negates. Source: semantics.md "Conditions" and "Fine print".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from sqlalchemy import BigInteger, Numeric, Text, and_, case, cast, func, literal, not_, null, or_, select, true

from backend.core.moment import instant_ms
from backend.core.segment.rule import AllOf, AnyOf, Did, Field, HasTag, MessageWas, Not, Rule
from backend.db import tables as t
from backend.db.json_sql import JsonValue, Sql, never

_TEXT_COLUMNS = ("user_id", "email", "phone", "timezone")


@dataclass(frozen=True)
class Subject:
    """Whom a condition is read for, and when.

    contact: the contact table or an alias of it. at: the instant, milliseconds. seen: the greatest id of an event that
    has been looked at, None for "all up to `at`". timezone: the journey's zone. enrollment_id and start_seq: of the
    passage, where there is one. events_after: counts only events with a greater id (exit rules, goals).
    """

    is_sqlite: bool
    contact: Any
    at: Sql
    timezone: str
    seen: Sql | None = None
    enrollment_id: Sql | None = None
    start_seq: Sql | None = None
    is_since_entry: bool = False


@dataclass(frozen=True)
class _Value:
    """One field or property, whatever it is stored in."""

    subject: Subject
    text: Sql = field(default_factory=lambda: cast(null(), Text))
    is_text: Sql = field(default_factory=never)
    number: Sql = field(default_factory=lambda: cast(null(), Numeric))
    is_set: Sql = field(default_factory=never)
    instant: Sql = field(default_factory=lambda: cast(null(), BigInteger))
    json: JsonValue | None = None
    boolean: Sql | None = None


def rule_sql(rule: Rule, subject: Subject) -> Sql:
    """The condition over the contact; NULL means false."""
    match rule:
        case AllOf(items):
            return and_(true(), *(rule_sql(item, subject) for item in items))
        case AnyOf(items):
            return or_(never(), *(rule_sql(item, subject) for item in items))
        case Not(item):
            return not_(func.coalesce(rule_sql(item, subject), False))
        case Field(name, op, value):
            return _compare(_contact_value(name, subject), op, value)
        case Did():
            return _did(rule, subject)
        case HasTag(tag):
            tags = t.contact_tag
            return select(1).where(tags.c.contact_id == subject.contact.c.id, tags.c.tag == tag).exists()
        case MessageWas(node, was):
            return _message_was(node, was, subject)
    assert_never(rule)


def properties_sql(rule: Rule, properties: Sql, subject: Subject) -> Sql:
    """A `where`: all, any, not and field over the event's properties; dots descend."""
    match rule:
        case AllOf(items):
            return and_(true(), *(properties_sql(item, properties, subject) for item in items))
        case AnyOf(items):
            return or_(never(), *(properties_sql(item, properties, subject) for item in items))
        case Not(item):
            return not_(func.coalesce(properties_sql(item, properties, subject), False))
        case Field(name, op, value):
            found = JsonValue(properties, tuple(name.split(".")), subject.is_sqlite)
            return _compare(_json_value(found, subject), op, value)
        case _:
            raise AssertionError(f"{rule} cannot be asked of an event's properties")


def _did(rule: Did, subject: Subject) -> Sql:
    event = t.event.alias()
    clauses = [
        event.c.contact_id == subject.contact.c.id,
        event.c.name == rule.event,
        event.c.engine_at <= subject.at,
    ]
    if subject.seen is not None:
        clauses.append(event.c.id <= subject.seen)
    if subject.is_since_entry:
        assert subject.start_seq is not None
        clauses.append(event.c.id > subject.start_seq)
    if rule.within_ms is not None:
        clauses += [event.c.at > subject.at - rule.within_ms, event.c.at <= subject.at]
    if rule.where is not None:
        clauses.append(properties_sql(rule.where, event.c.properties, subject))
    if rule.at_least == 1:
        return select(1).select_from(event).where(*clauses).exists()
    some = select(literal(1).label("one")).select_from(event).where(*clauses)
    some = some.correlate_except(event).limit(rule.at_least)
    return select(func.count()).select_from(some.subquery()).scalar_subquery() >= rule.at_least


def _message_was(node: str, was: str, subject: Subject) -> Sql:
    if subject.enrollment_id is None:
        return never()
    message = t.message.alias()
    reached = {
        "sent": (message.c.sent_at, message.c.delivered_at, message.c.opened_at, message.c.clicked_at),
        "delivered": (message.c.delivered_at,),
        "opened": (message.c.opened_at, message.c.clicked_at),
        "clicked": (message.c.clicked_at,),
        "bounced": (message.c.bounced_at,),
    }[was]
    return (
        select(1)
        .select_from(message)
        .where(
            message.c.enrollment_id == subject.enrollment_id,
            message.c.node == node,
            or_(*(column.is_not(None) for column in reached)),
        )
        .exists()
    )


def _contact_value(name: str, subject: Subject) -> _Value:
    columns = subject.contact.c
    if name in _TEXT_COLUMNS:
        column = columns[name] if subject.is_sqlite else columns[name].collate("C")
        is_set = and_(columns[name].is_not(None), columns[name] != "")
        return _Value(
            subject,
            text=column,
            is_text=columns[name].is_not(None),
            is_set=is_set,
            instant=func.sojourn_instant(columns[name], subject.timezone, type_=BigInteger),
        )
    if name == "unsubscribed":
        return _Value(subject, is_set=columns.unsubscribed.is_not(None), boolean=columns.unsubscribed)
    if name == "created_at":
        return _Value(subject, is_set=columns.created_at.is_not(None), instant=columns.created_at)
    return _json_value(JsonValue(columns.fields, (name,), subject.is_sqlite), subject)


def _json_value(found: JsonValue, subject: Subject) -> _Value:
    text = case((found.is_text(), found.text()), else_=None)
    return _Value(
        subject,
        text=found.text(),
        is_text=found.is_text(),
        number=found.number(),
        is_set=found.is_set(),
        instant=func.sojourn_instant(text, subject.timezone, type_=BigInteger),
        json=found,
    )


def _compare(found: _Value, op: str, value: Any) -> Sql:
    """One operator. Missing, empty or wrongly typed values make it false, but `is_not` and `is_not_set` true."""
    match op:
        case "is":
            return _is(found, value)
        case "is_not":
            return not_(func.coalesce(_is(found, value), False))
        case "one_of":
            return or_(never(), *(_is(found, item) for item in _items(value)))
        case "is_set":
            return found.is_set
        case "is_not_set":
            return not_(func.coalesce(found.is_set, False))
        case "contains":
            return _contains(found, value)
        case "starts_with" | "ends_with":
            return _affix(found, op, value)
        case "gt" | "gte" | "lt" | "lte":
            return _ordered(found, op, value)
        case "between":
            low, high = value
            return and_(_ordered(found, "gte", low), _ordered(found, "lte", high))
        case "before" | "after" | "in_last" | "not_in_last" | "in_next":
            return _dated(found, op, value)
        case _:
            raise AssertionError(f"unknown operator {op}")


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _is(found: _Value, value: Any) -> Sql:
    if isinstance(value, bool):
        if found.boolean is not None:
            return found.boolean.is_(value)
        return found.json.equals_bool(value) if found.json else never()
    if isinstance(value, int | float):
        return found.number == value
    if isinstance(value, str) and value:
        return and_(found.is_text, found.text == literal(value, Text))
    return never()


def _contains(found: _Value, value: Any) -> Sql:
    inside = never()
    if isinstance(value, str):
        position = func.instr if found.subject.is_sqlite else func.strpos
        inside = and_(found.is_text, found.text != "", position(found.text, literal(value, Text)) > 0)
    if found.json is not None and isinstance(value, str | int | float):
        inside = or_(inside, found.json.has_member(value))
    return inside


def _affix(found: _Value, op: str, value: Any) -> Sql:
    if not isinstance(value, str):
        return never()
    size = len(value)
    part: Sql
    if op == "starts_with":
        part = func.substr(found.text, 1, size)
    elif found.subject.is_sqlite:
        part = func.substr(found.text, -size) if size else literal("")
    else:
        part = func.right(found.text, size)
    return and_(found.is_text, found.text != "", part == literal(value, Text))


def _ordered(found: _Value, op: str, value: Any) -> Sql:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return never()
    if isinstance(value, str):
        left, right, guard = found.text, literal(value, Text), and_(found.is_text, found.text != "")
    else:
        left, right, guard = found.number, literal(value), true()
    compared = {"gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right}[op]
    return and_(guard, compared)


def _dated(found: _Value, op: str, value: Any) -> Sql:
    at, instant = found.subject.at, found.instant
    if op in ("before", "after"):
        limit = instant_ms(value, found.subject.timezone)
        if limit is None:
            return never()
        return instant < limit if op == "before" else instant > limit
    if op == "in_next":
        return and_(instant >= at, instant <= at + value)
    in_last = and_(instant >= at - value, instant <= at)
    if op == "in_last":
        return in_last
    return and_(instant.is_not(None), not_(func.coalesce(in_last, False)))
