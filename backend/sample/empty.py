"""Take things out of a sample workspace: back to the first day, or out of the sample for good."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, update

from backend.db import tables as t

# What playing leaves behind.
PLAYED = (
    t.message, t.move, t.counter, t.enrollment, t.event, t.event_receipt, t.event_rejected, t.contact_tag, t.consent,
)  # fmt: skip
# What a workspace holds besides: its people and its journeys.
HELD = (t.contact_alias, t.contact, t.field, t.suppression, t.task, t.leg_send, t.leg, t.version)
# Whose it is stays: who may log in, their keys, how mail is sent.
KEPT = (t.workspace, t.engine_state, t.user, t.session, t.setup_token, t.api_key, t.login_attempt, t.channel)


def rewind(conn: Connection, *, to_ms: int) -> None:
    """Sample time goes back to `to_ms`; people and journeys stay, what happened to them is gone.

    Ids may start again at 1 (SQLite reuses them), so everything that remembers how far it has read starts at 0.
    """
    for table in PLAYED:
        conn.execute(delete(table))
    conn.execute(update(t.contact).where(t.contact.c.unsubscribed).values(unsubscribed=False))
    conn.execute(update(t.journey).values(event_watermark=0, admit_after=0, fault=None, last_moved_at=None))
    _reset_engine(conn)
    conn.execute(update(t.workspace).values(sample_at=to_ms, sample_playing=False))


def start_for_real(conn: Connection, *, keep: Collection[int], name: str) -> None:
    """Leave the sample: an empty workspace on the wall clock. The journeys in `keep` stay, as drafts."""
    empty_workspace(conn, keep=keep)
    conn.execute(update(t.workspace).values(mode="live", name=name, sample_at=None, sample_playing=False))


def empty_workspace(conn: Connection, *, keep: Collection[int]) -> None:
    """Delete everything the workspace holds but the journeys in `keep`, which become drafts again."""
    for table in (*PLAYED, *HELD):
        conn.execute(delete(table))
    conn.execute(delete(t.journey).where(t.journey.c.id.not_in(keep)))
    conn.execute(
        update(t.journey).values(
            status="draft", current_version_id=None, event_watermark=0, admit_after=0, fault=None, last_moved_at=None
        )
    )
    _reset_engine(conn)


def _reset_engine(conn: Connection) -> None:
    values = {"event_watermark": 0, "reached_at": 0}
    if conn.execute(update(t.engine_state).values(values)).rowcount == 0:
        conn.execute(insert(t.engine_state).values(id=1, **values))
