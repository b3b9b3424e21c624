"""Take in a batch of calls: everything or nothing of what can be stored, once per messageId.

One write transaction per batch and a constant number of statements, whatever its length. The receipt of each messageId
commits together with what the call did, so a client that heard no answer may send the batch again.
Units: instants are milliseconds UTC.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert

from backend.db.connect import Database
from backend.db.tables import event_receipt, event_rejected
from backend.ingestion import people
from backend.ingestion.identities import Directory, open_directory, save_aliases, save_joins
from backend.ingestion.people import Happening
from backend.ingestion.segment_api import Call, Refused, read
from backend.ingestion.text import mend
from backend.ingestion.upsert import insert_new

PAYLOAD_CHARS_MAX = 2_000
REJECTED_MAX = 100  # of one batch, kept for the app; the answer lists them all
RECEIPT_KEPT_MS = 30 * 86_400_000


@dataclass
class Accepted:
    """stored: calls that took effect. rejected: [{index, messageId, field, reason}], in the batch's order."""

    stored: int = 0
    duplicates: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)


def accept(db: Database, items: list[Any], *, now_ms: int, is_sample: bool, sent_at: Any = None) -> Accepted:
    """Store the calls (Segment JSON objects with `type`). `sent_at` is the batch's own `sentAt`, as sent.

    Live, the engine takes an event to have happened when it was stored; on sample time at its own time, if it told one.
    """
    accepted = Accepted()
    calls, refused = [], []
    for index, item in enumerate(items):
        try:
            calls.append(read(item, index=index, now_ms=now_ms, sent_at=sent_at, is_sample=is_sample))
        except Refused as refusal:
            message_id = item.get("messageId") if isinstance(item, dict) else None
            accepted.rejected.append(
                {"index": index, "messageId": message_id, "field": refusal.field, "reason": refusal.reason}
            )
            refused.append((refusal, item))
    if not calls and not refused:
        return accepted
    with db.write() as conn:
        if calls:
            fresh = _store(conn, calls, now_ms)
            accepted.stored, accepted.duplicates = fresh, len(calls) - fresh
        keep_rejected(conn, refused, now_ms)
    return accepted


def _store(conn: Connection, calls: list[Call], now_ms: int) -> int:
    changes = people.begin(conn, source="identify", now_ms=now_ms)
    fresh = _once(conn, calls, now_ms)
    if not fresh:
        return 0
    directory = open_directory(conn, changes, fresh)
    for call in fresh:
        _perform(directory, call)
    save_joins(conn, directory)
    people.save(conn, changes)
    save_aliases(conn, directory)
    return len(fresh)


def _once(conn: Connection, calls: list[Call], now_ms: int) -> list[Call]:
    """The calls not seen before, each messageId once."""
    named = [{"message_id": call.message_id, "received_at": now_ms} for call in calls if call.message_id]
    if not named:
        return calls
    returned = conn.execute(insert_new(conn, event_receipt).returning(event_receipt.c.message_id), named)
    unseen = set(returned.scalars())
    fresh = []
    for call in calls:
        if call.message_id is None:
            fresh.append(call)
        elif call.message_id in unseen:
            unseen.remove(call.message_id)
            fresh.append(call)
    return fresh


def _perform(directory: Directory, call: Call) -> None:
    changes, person = directory.changes, directory.who(call)
    engine_at = changes.live_at(call.at if call.is_dated else None)
    if call.kind == "identify":
        changed = changes.apply(person, call.data)
        if changed:
            changes.tell(person, changed, at=call.at, engine_at=engine_at)
    elif call.name:
        changes.happenings.append(Happening(person, call.name, call.at, engine_at, call.data))


def keep_rejected(conn: Connection, refused: list[tuple[Refused, Any]], now_ms: int) -> None:
    """Remember what was refused and why, for the app: the first of them, each with the start of what was sent."""
    if refused:
        rows = [
            {"field": refusal.field, "reason": refusal.reason, "payload": excerpt(item), "received_at": now_ms}
            for refusal, item in refused[:REJECTED_MAX]
        ]
        conn.execute(insert(event_rejected), rows)


def excerpt(item: Any) -> str:
    """The start of what was sent, as text a database can keep."""
    try:
        text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = ""
    return mend(text[:PAYLOAD_CHARS_MAX])


def forget_receipts(conn: Connection, now_ms: int) -> int:
    """Drop receipts and refusals older than 30 days; how many."""
    old = conn.execute(delete(event_receipt).where(event_receipt.c.received_at < now_ms - RECEIPT_KEPT_MS)).rowcount
    kept = event_rejected.c.received_at < now_ms - RECEIPT_KEPT_MS
    return old + conn.execute(delete(event_rejected).where(kept)).rowcount
