"""Passages that people end: stopping a journey, removing a contact. They count as exited, and their history stays."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, Connection, case, insert, literal, null, select, update

from backend.compiler import codec
from backend.core.enrollment import ENDED_REST, Passage
from backend.db import tables as t
from backend.engine.lane import Moves, count
from backend.engine.program import ALL_SEEN, CLEAR, COUNTS
from backend.engine.staging import batch, prepare


def stop(conn: Connection, journey_id: int, now_ms: int) -> int:
    """End every passage of the journey; messages nobody has claimed become skipped(left). Returns how many ended."""
    return _end(conn, t.enrollment.c.journey_id == journey_id, now_ms)


def remove_contact(conn: Connection, contact_id: int, now_ms: int) -> int:
    """End every passage of the contact. Counts and history stay as they are."""
    return _end(conn, t.enrollment.c.contact_id == contact_id, now_ms)


def _end(conn: Connection, who: ColumnElement[bool], now_ms: int) -> int:
    e = t.enrollment
    inside = (who, e.c.state == int(Passage.INSIDE))
    versions = set(conn.execute(select(e.c.version_id).where(*inside).distinct()).scalars())
    prepare(conn)
    ended = 0
    for version in sorted(versions):
        ended += _end_version(conn, version, inside, now_ms)
    waiting = update(t.message).where(t.message.c.state == "pending")
    passages = select(e.c.id).where(who, e.c.state == int(Passage.EXITED))
    conn.execute(
        waiting.where(t.message.c.enrollment_id.in_(passages)).values(state="skipped", reason="left", send_at=None)
    )
    return ended


def _end_version(conn: Connection, version: int, inside: tuple[ColumnElement[bool], ...], now_ms: int) -> int:
    e = t.enrollment
    plan = codec.load(conn.execute(select(t.version.c.plan).where(t.version.c.id == version)).scalar_one())
    out = case({rest.id: literal(rest.out) for rest in plan.rests}, value=e.c.rest)
    # A passage never moves back in time, whatever the clock says.
    at = case((e.c.rest_at > now_ms, e.c.rest_at), else_=now_ms)
    picked = select(e.c.id, e.c.contact_id, e.c.no, e.c.moves, at, literal(ALL_SEEN), e.c.start_seq, null(), out).where(
        e.c.version_id == version, *inside
    )
    columns = ["enrollment_id", "contact_id", "no", "moves", "at", "seen", "start_seq", "event_id", "leg"]
    picking = insert(batch).from_select(columns, picked)
    ended = conn.execute(picking, execution_options={"preserve_rowcount": True}).rowcount
    rows = select(batch.c.enrollment_id, batch.c.moves, batch.c.contact_id, batch.c.leg, batch.c.at)
    conn.execute(insert(t.move).from_select(["enrollment_id", "no", "contact_id", "leg", "at"], rows))
    conn.execute(
        update(e)
        .where(e.c.id == batch.c.enrollment_id + 0)
        .values(state=int(Passage.EXITED), rest=ENDED_REST, rest_at=batch.c.at, due_at=None, moves=batch.c.moves + 1)
    )
    moves: Moves = {version: Counter({row[0]: row[1] for row in conn.execute(COUNTS)})}
    count(conn, moves)
    conn.execute(CLEAR)
    return ended
