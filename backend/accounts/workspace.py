"""The one workspace's row, there from the first start on."""

from __future__ import annotations

from sqlalchemy import insert, select

from backend.db.connect import Database
from backend.db.tables import engine_state, workspace


def ensure(db: Database, *, now_ms: int) -> None:
    """Make what every installation has exactly one of; harmless when it is there."""
    with db.read() as conn:
        has_both = conn.execute(select(workspace.c.id)).first() and conn.execute(select(engine_state.c.id)).first()
    if has_both:
        return
    with db.write() as conn:
        if conn.execute(select(workspace.c.id)).first() is None:
            conn.execute(insert(workspace).values(id=1, name="My workspace", mode="live", created_at=now_ms))
        if conn.execute(select(engine_state.c.id)).first() is None:
            conn.execute(insert(engine_state).values(id=1, event_watermark=0, reached_at=0))
