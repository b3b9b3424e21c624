"""The outbox as a table of states: who may be sent now, and what became of each (core.enrollment.MESSAGE_MOVES).

pending ─claim→ sending ─mark_data→ data ─settle→ sent | pending | failed | unknown; claim may also say skipped(reason).
Claims carry a lease (wall clock), and every later write names it: a claimer that was away too long finds that the
message is no longer its own and drops the work. Of a crash, `sending` is safe to try again; `data` is not.
Units: now_ms is the engine's now, by which messages are due; wall_ms the wall's, by which leases run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    update,
)

from backend.db.connect import Database
from backend.db.tables import contact, journey, message, suppression

LEASE_MS = 30 * 60_000  # a batch of slow answers, the longest of which is ten minutes
CLAIM_MAX = 500
MINUTE_MS = 60_000
BACKOFF_MS = (5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS)
TRIES_MAX = 73  # 5 + 15 + 71 × 60 minutes: three days


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this process may work on until its lease ends; or one that was skipped, with the reason."""

    id: int
    journey_id: int
    state: str
    reason: str | None
    lease: int


def claim(
    db: Database, now_ms: int, limit: int, *, wall_ms: int, channels: Sequence[str] = ("email",)
) -> list[Claimed]:
    """Take up to `limit` due messages of these channels, oldest first, in one statement.

    Consent, suppression and address are read in the same statement. Messages of a paused journey stay as they are.
    """
    lease = wall_ms + LEASE_MS
    paused = select(journey.c.id).where(journey.c.status == "paused")
    due = (
        select(message.c.id, _refusal().label("reason"))
        .select_from(_with_reader())
        .where(
            message.c.state == "pending",
            message.c.send_at <= now_ms,
            message.c.channel.in_(channels),
            message.c.journey_id.not_in(paused),
        )
        .order_by(message.c.send_at, message.c.id)
        .limit(min(limit, CLAIM_MAX))
        .with_for_update(of=message, skip_locked=True)
        .cte("due")  # not a sub-select: PostgreSQL may run that again for every row, past its limit
    )
    is_clear = due.c.reason.is_(None)
    taken = (
        update(message)
        .where(message.c.id == due.c.id, message.c.state == "pending")
        .values(
            state=case((is_clear, literal("sending")), else_=literal("skipped")),
            reason=due.c.reason,
            lease_until=case((is_clear, lease), else_=null()),
            send_at=case((is_clear, message.c.send_at), else_=null()),
        )
        .returning(message.c.id, message.c.journey_id, message.c.state, message.c.reason)
    )
    with db.write() as conn:
        rows = conn.execute(taken).all()
    claimed = (Claimed(row.id, row.journey_id, row.state, row.reason, lease) for row in rows)
    return sorted(claimed, key=lambda one: one.id)


def _with_reader() -> Any:
    key = suppression.c.address_key == contact.c.email_key
    return message.outerjoin(contact, contact.c.id == message.c.contact_id).outerjoin(suppression, key)


def _refusal() -> ColumnElement[str | None]:
    """Why a message may not go to its contact, or null."""
    is_marketing = message.c.purpose == "marketing"
    return case(
        (contact.c.id.is_(None), literal("left")),
        (func.coalesce(contact.c.email, "") == "", literal("no_address")),
        (and_(is_marketing, contact.c.unsubscribed), literal("unsubscribed")),
        (and_(is_marketing, suppression.c.address_key.is_not(None)), literal("suppressed")),
        else_=null(),
    )


def _mine(lease: ColumnElement[int] | int, *states: str) -> ColumnElement[bool]:
    return and_(message.c.state.in_(states), message.c.lease_until == lease)


def withhold(conn: Connection, ids: Sequence[int], lease: int) -> list[int]:
    """Skip those claimed messages whose contact has opted out, been suppressed or gone since; their ids."""
    late = (
        select(message.c.id, _refusal().label("reason"))
        .select_from(_with_reader())
        .where(message.c.id.in_(ids), _mine(lease, "sending"))
        .subquery("late")
    )
    skipped = (
        update(message)
        .where(message.c.id == late.c.id, late.c.reason.is_not(None))
        .values(state="skipped", reason=late.c.reason, lease_until=None, send_at=None)
        .returning(message.c.id)
    )
    return list(conn.execute(skipped).scalars())


def mark_data(conn: Connection, message_id: int, lease: int, *, address: str, subject: str, body: str) -> bool:
    """The point of no return: from here on the message may have left. False when it may not, and then it is skipped.

    Consent is read once more, in the same transaction.
    """
    if withhold(conn, [message_id], lease):
        return False
    marked = update(message).where(message.c.id == message_id, _mine(lease, "sending"))
    return conn.execute(marked.values(state="data", address=address, subject=subject, body=body)).rowcount == 1


def mark_sent(conn: Connection, message_id: int, lease: int, *, receipt: str, sent_at: int) -> bool:
    """It was taken over; also right when a recovery has called it unknown meanwhile."""
    mine = message.c.id == message_id, _mine(lease, "data", "unknown")
    values = {"receipt": receipt, "sent_at": sent_at, "error": None, "send_at": None, "lease_until": None}
    marked = update(message).where(*mine).values(state="sent", tries=message.c.tries + 1, **values)
    return conn.execute(marked).rowcount == 1


def mark_unknown(conn: Connection, message_id: int, lease: int, error: str) -> bool:
    mine = message.c.id == message_id, _mine(lease, "data")
    marked = update(message).where(*mine).values(state="unknown", error=error, send_at=None, tries=message.c.tries + 1)
    return conn.execute(marked).rowcount == 1


def mark_failed(conn: Connection, failures: Sequence[tuple[int, str]], lease: int) -> None:
    """(message id, why): never again by itself."""
    if failures:
        mine = message.c.id == bindparam("_id"), _mine(lease, "sending", "data")
        values = {"state": "failed", "send_at": None, "lease_until": None, "tries": message.c.tries + 1}
        marked = update(message).where(*mine).values(**values, error=bindparam("_error", type_=String))
        conn.execute(marked, [{"_id": message_id, "_error": error} for message_id, error in failures])


def mark_deferred(conn: Connection, message_id: int, lease: int, error: str, *, now_ms: int) -> str:
    """Try again later, or give up after three days; the state it has now."""
    mine = message.c.id == message_id, _mine(lease, "sending", "data")
    tries = conn.execute(select(message.c.tries).where(*mine)).scalar()
    if tries is None:
        return "lost"
    if tries + 1 >= TRIES_MAX:
        mark_failed(conn, [(message_id, f"Given up after three days of tries. {error}")], lease)
        return "failed"
    wait = BACKOFF_MS[min(tries, len(BACKOFF_MS) - 1)]
    again = {"state": "pending", "send_at": now_ms + wait, "lease_until": None, "tries": tries + 1, "error": error}
    conn.execute(update(message).where(*mine).values(**again))
    return "pending"


def release(conn: Connection, ids: Sequence[int], lease: int, error: str, *, send_at: int) -> None:
    """Give claimed messages back untried: the channel does not work. They keep their number of tries."""
    mine = message.c.id.in_(ids), _mine(lease, "sending")
    conn.execute(update(message).where(*mine).values(state="pending", send_at=send_at, lease_until=None, error=error))


def recover(db: Database, now_ms: int, *, wall_ms: int | None = None) -> tuple[int, int]:
    """After a crash: `sending` → pending, `data` → unknown; how many of each.

    Without wall_ms all of them, which is right when a process starts and is the only sender; else those whose lease is
    over.
    """
    over: ColumnElement[bool] = message.c.state.in_(("sending", "data"))
    if wall_ms is not None:
        over = and_(over, message.c.lease_until < wall_ms)
    with db.read() as conn:
        if conn.execute(select(message.c.id).where(over).limit(1)).first() is None:
            return 0, 0
    with db.write() as conn:
        back = update(message).where(over, message.c.state == "sending")
        again = conn.execute(back.values(state="pending", send_at=now_ms, lease_until=None)).rowcount
        # The lease stays on: should the one who sent it still be alive, its answer settles the matter.
        doubt = update(message).where(over, message.c.state == "data")
        error = "The program stopped before the server's answer came: it may have arrived or not."
        return again, conn.execute(doubt.values(state="unknown", send_at=None, error=error)).rowcount


def resolve(conn: Connection, message_id: int, decision: str, now_ms: int) -> bool:
    """A person's word on an unknown or failed message: `resend` it, or take it as `sent`. False when it is neither."""
    open_ones = message.c.id == message_id, message.c.state.in_(("unknown", "failed"))
    if decision == "resend":
        values = {"state": "pending", "send_at": now_ms, "tries": 0}
    else:
        values = {"state": "sent", "sent_at": func.coalesce(message.c.sent_at, now_ms), "send_at": None}
    decided = update(message).where(*open_ones).values(**values, error=None, lease_until=None)
    return conn.execute(decided).rowcount == 1


def next_due(conn: Connection) -> int | None:
    """When the next message may be sent, by the engine's clock; None when none waits."""
    paused = select(journey.c.id).where(journey.c.status == "paused")
    waiting = message.c.state == "pending", message.c.send_at.is_not(None), message.c.journey_id.not_in(paused)
    return conn.execute(select(func.min(message.c.send_at)).where(*waiting)).scalar()
