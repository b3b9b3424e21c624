"""Who is at a node right now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, false, or_, select

from backend.compiler.plan import STAY
from backend.core.enrollment import Passage
from backend.db import tables as t
from backend.db.types import iso
from backend.reports.plans import plan_of


def people_at(
    conn: Connection, journey_id: int, node: str, *, after: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """{items: [{contact, since, due_at, passage}], next}: people resting at the node, in any version, by passage."""
    e, c, v = t.enrollment, t.contact, t.version
    versions = conn.execute(select(v.c.id, v.c.plan).where(v.c.journey_id == journey_id)).all()
    here = [
        and_(e.c.version_id == row.id, e.c.rest == rest.id)
        for row in versions
        for rest in plan_of(row.plan).rests
        if rest.node == node and rest.sort == STAY
    ]
    found = (
        select(e.c.id, e.c.no, e.c.rest_at, e.c.due_at, c.c.id.label("contact_id"), c.c.user_id, c.c.email)
        .join(c, c.c.id == e.c.contact_id)
        .where(or_(false(), *here), e.c.state == int(Passage.INSIDE))
        .order_by(e.c.id)
        .limit(limit + 1)
    )
    if after is not None and after.isdigit():
        found = found.where(e.c.id > int(after))
    rows = conn.execute(found).all()
    items = [
        {
            "contact": {"id": row.contact_id, "user_id": row.user_id, "email": row.email},
            "since": iso(row.rest_at),
            "due_at": iso(row.due_at),
            "passage": row.no,
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next": str(rows[limit - 1].id) if len(rows) > limit else None}
