"""What became of a journey's messages: per send node, by state, and why where something was not sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from backend.db import tables as t

_TOLD = ("skipped", "failed", "unknown", "bounced", "complained")
"""States that want a reason."""


def delivery_counts(conn: Connection, journey_id: int) -> dict[str, Any]:
    """{nodes: {node: {state: n, opened, clicked}}, reasons: [{node, state, reason, n}]}, reasons by number.

    A failed message's reason is its error; states nobody is in are left out.
    """
    m = t.message
    counted = (
        select(m.c.node, m.c.state, func.count(), func.count(m.c.opened_at), func.count(m.c.clicked_at))
        .where(m.c.journey_id == journey_id)
        .group_by(m.c.node, m.c.state)
    )
    nodes: dict[str, dict[str, int]] = {}
    for node, state, n, opened, clicked in conn.execute(counted):
        mine = nodes.setdefault(node, {"opened": 0, "clicked": 0})
        mine[state] = n
        mine["opened"] += opened
        mine["clicked"] += clicked
    why = func.coalesce(m.c.reason, m.c.error)
    told = (
        select(m.c.node, m.c.state, why.label("reason"), func.count().label("n"))
        .where(m.c.journey_id == journey_id, m.c.state.in_(_TOLD))
        .group_by(m.c.node, m.c.state, why)
        .order_by(func.count().desc(), m.c.node, m.c.state)
        .limit(100)
    )
    return {"nodes": nodes, "reasons": [dict(row) for row in conn.execute(told).mappings()]}
