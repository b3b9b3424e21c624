"""Write a plan's legs where the engine's statements read them."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from backend.compiler.plan import Plan
from backend.core.journey.ops import Send
from backend.db import tables as t


def install(conn: Connection, *, version_id: int, plan: Plan) -> None:
    """Rows of `leg` and `leg_send` for a new version."""
    conn.execute(
        insert(t.leg),
        [
            {
                "version_id": version_id,
                "leg": leg.id,
                "to_rest": leg.to,
                "hold_ms": leg.hold_ms,
                "state": leg.state,
                "is_entry": leg.source is None,
            }
            for leg in plan.legs
        ],
    )
    sends = [
        {
            "version_id": version_id,
            "leg": leg.id,
            "position": position,
            "node": effect.node,
            "channel": effect.op.channel,
            "purpose": effect.op.purpose,
        }
        for leg in plan.legs
        for position, effect in enumerate(leg.effects)
        if isinstance(effect.op, Send)
    ]
    if sends:
        conn.execute(insert(t.leg_send), sends)
