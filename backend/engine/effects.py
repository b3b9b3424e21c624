"""What legs do to contacts: set fields, add and remove tags; for everybody in the batch at once.

Equal writes are no change: who really changed is noted in `changed` before the change is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Executable, Text, and_, cast, delete, func, insert, literal, not_, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from backend.compiler.plan import Plan
from backend.core.journey.ops import Tag, Update
from backend.core.segment.rule import BUILT_IN_FIELDS
from backend.db import tables as t
from backend.db.json_sql import JsonValue, Sql, is_equal_list
from backend.engine.staging import batch, changed


def effect_statements(plan: Plan, is_sqlite: bool) -> Iterator[Executable]:
    """Two or more statements per node that changes contacts, in an order that keeps that of every leg."""
    for node, legs in _in_order(plan):
        op = next(effect.op for leg in plan.legs for effect in leg.effects if effect.node == node)
        moved = and_(batch.c.contact_id == t.contact.c.id, batch.c.leg.in_(sorted(legs)))
        if isinstance(op, Update):
            yield from _update(dict(op.values), moved, is_sqlite)
        elif isinstance(op, Tag):
            yield from _tag(op, sorted(legs), is_sqlite)


def _in_order(plan: Plan) -> list[tuple[str, set[int]]]:
    """(node, legs that pass it), such that for every leg its nodes come in its own order.

    Legs are paths of one graph without cycles between rests, so an order exists: take a node only when no leg still
    has another one before it.
    """
    waiting = [[effect.node for effect in leg.effects if isinstance(effect.op, Update | Tag)] for leg in plan.legs]
    legs: dict[str, set[int]] = {}
    for leg, nodes in enumerate(waiting):
        for node in nodes:
            legs.setdefault(node, set()).add(leg)
    order: list[tuple[str, set[int]]] = []
    while any(waiting):
        later = {node for nodes in waiting for node in nodes[1:]}
        first = [nodes[0] for nodes in waiting if nodes]
        # Legs of different stretches may pass the same nodes in another order: then any first one will do.
        node = next((node for node in first if node not in later), first[0])
        order.append((node, {leg for leg in legs[node] if waiting[leg][:1] == [node]}))
        waiting = [nodes[1:] if nodes[:1] == [node] else nodes for nodes in waiting]
    return order


def _note(who: Sql, is_sqlite: bool) -> Executable:
    rows = select(batch.c.contact_id, batch.c.at, batch.c.seen).select_from(batch, t.contact).where(who)
    make = sqlite_insert if is_sqlite else pg_insert
    return make(changed).from_select(["contact_id", "at", "seen"], rows).on_conflict_do_nothing()


def _update(values: dict[str, Any], moved: Sql, is_sqlite: bool) -> Iterator[Executable]:
    differs = or_(*(_differs(name, value, is_sqlite) for name, value in values.items()))
    who = and_(moved, differs)
    yield _note(who, is_sqlite)
    columns: dict[str, Any] = {name: value for name, value in values.items() if name in BUILT_IN_FIELDS}
    if "unsubscribed" in columns:
        columns["unsubscribed"] = bool(columns["unsubscribed"])
        yield insert(t.consent).from_select(
            ["contact_id", "action", "source", "detail", "at"],
            select(
                batch.c.contact_id,
                literal("withdraw" if columns["unsubscribed"] else "grant"),
                literal("journey"),
                literal({}, t.consent.c.detail.type),
                batch.c.at,
            )
            .select_from(batch, t.contact)
            .where(moved, _differs("unsubscribed", columns["unsubscribed"], is_sqlite)),
        )
    if "email" in columns:
        columns["email_key"] = (columns["email"] or "").strip().casefold() or None
    custom = {name: value for name, value in values.items() if name not in BUILT_IN_FIELDS}
    if custom:
        columns["fields"] = _laid_over(custom, is_sqlite)
    yield update(t.contact).where(who).values(updated_at=batch.c.at, **columns)


def _laid_over(custom: dict[str, Any], is_sqlite: bool) -> Sql:
    """The contact's fields with these set, or removed where the value is None."""
    fields: Any = t.contact.c.fields
    for name, value in custom.items():
        text = json.dumps(value, ensure_ascii=False)
        if is_sqlite:
            path = f'$."{name}"'
            fields = func.json_remove(fields, path) if value is None else func.json_set(fields, path, func.json(text))
        elif value is None:
            fields = fields.op("-", return_type=JSONB())(literal(name, Text))
        else:
            fields = fields.op("||", return_type=JSONB())(
                cast(literal(json.dumps({name: value}, ensure_ascii=False), Text), JSONB)
            )
    return fields  # type: ignore[no-any-return]


def _differs(name: str, value: Any, is_sqlite: bool) -> Sql:
    if name in BUILT_IN_FIELDS:
        column = t.contact.c[name]
        return column.is_distinct_from(bool(value) if name == "unsubscribed" else value)
    found = JsonValue(t.contact.c.fields, (name,), is_sqlite)
    if value is None:
        return or_(found.is_text(), found.is_number(), found.is_list(), found.is_set())
    if isinstance(value, bool):
        same = found.equals_bool(value)
    elif isinstance(value, int | float):
        same = found.number() == value
    elif isinstance(value, str):
        same = and_(found.is_text(), found.text() == literal(value, Text))
    else:
        same = is_equal_list(found, value)
    return not_(func.coalesce(same, False))


def _tag(op: Tag, legs: list[int], is_sqlite: bool) -> Iterator[Executable]:
    tags = t.contact_tag
    make = sqlite_insert if is_sqlite else pg_insert
    for tag in op.add:
        has = select(1).where(tags.c.contact_id == batch.c.contact_id, tags.c.tag == tag).exists()
        moved = and_(batch.c.contact_id == t.contact.c.id, batch.c.leg.in_(legs))
        yield _note(and_(moved, ~has), is_sqlite)
        rows = select(batch.c.contact_id, literal(tag)).where(batch.c.leg.in_(legs))
        yield make(tags).from_select(["contact_id", "tag"], rows).on_conflict_do_nothing()
    for tag in op.remove:
        has = select(1).where(tags.c.contact_id == batch.c.contact_id, tags.c.tag == tag).exists()
        moved = and_(batch.c.contact_id == t.contact.c.id, batch.c.leg.in_(legs))
        yield _note(and_(moved, has), is_sqlite)
        who = select(batch.c.contact_id).where(batch.c.leg.in_(legs))
        yield delete(tags).where(tags.c.tag == tag, tags.c.contact_id.in_(who))
