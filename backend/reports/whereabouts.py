"""Where one contact is now: their passages inside journeys."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from backend.core.enrollment import Passage
from backend.db import tables as t
from backend.db.types import iso
from backend.reports.names import names_of
from backend.reports.plans import plan_of

PASSAGES_MAX = 100


def whereabouts(conn: Connection, contact_id: int) -> list[dict[str, Any]]:
    """[{journey: {id, name}, node, title, since, due_at, passage}], the latest arrival first; at most 100.

    due_at: when time moves them on; None where only an event does. Somebody between two nodes is at the one that comes.
    """
    e, v, j = t.enrollment, t.version, t.journey
    rows = conn.execute(
        select(e.c.no, e.c.rest, e.c.rest_at, e.c.due_at, v.c.plan, v.c.document, j.c.id.label("journey"), j.c.name)
        .join(v, v.c.id == e.c.version_id)
        .join(j, j.c.id == e.c.journey_id)
        .where(e.c.contact_id == contact_id, e.c.state == int(Passage.INSIDE))
        .order_by(e.c.rest_at.desc(), e.c.id.desc())
        .limit(PASSAGES_MAX)
    )
    return [_shown(row) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    node = plan_of(row.plan).rests[row.rest].node
    return {
        "journey": {"id": row.journey, "name": row.name},
        "node": node,
        "title": names_of(row.document).get(node, node),
        "since": iso(row.rest_at),
        "due_at": iso(row.rest_at if row.due_at == 0 else row.due_at),  # 0: at once, as of rest_at
        "passage": row.no,
    }
