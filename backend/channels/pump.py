"""The pump: what is due leaves, by whichever channel is set up, and each message's fate is written down.

One turn claims a batch, renders it outside any transaction, and hands it over. The test inbox takes a batch in one
transaction; a server takes messages one by one, each marked `data` just before it goes. When the channel itself does
not work, all that was claimed goes back untried and the channel rests for a while: a dead server costs next to nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, String, bindparam, update

from backend.channels import outbox
from backend.channels.channel import Channel, Deferred, Doubtful, Rejected, Unreachable, Withheld
from backend.channels.email.compose import compose
from backend.channels.email.mime import Letterhead, envelope
from backend.channels.links import PurposeKey, message_id
from backend.channels.null.inbox import Inbox
from backend.channels.outbox import Claimed
from backend.channels.receipts import suppress
from backend.channels.rendering import Told, Untold, Workspace, read, read_workspace, tell
from backend.channels.senders import Senders
from backend.core.message.template import TemplateProblem
from backend.db.connect import Database
from backend.db.tables import message

log = logging.getLogger("sojourn.channels")

INBOX_BATCH = 500
SERVER_BATCH = 200
EMAIL = "email"


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Pumped:
    """What one turn did, by message. message_ids: journey id -> the messages whose state changed."""

    claimed: int = 0
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    unknown: int = 0
    deferred: int = 0
    message_ids: dict[int, list[int]] = field(default_factory=dict)


@dataclass
class _Turn:
    """What the steps of one turn share; the counts are written by several threads."""

    db: Database
    channel: Channel
    letterhead: Letterhead
    workspace: Workspace
    now_ms: int
    wall_ms: Callable[[], int]
    purpose_key: PurposeKey
    pumped: Pumped = field(default_factory=Pumped)
    lock: threading.Lock = field(default_factory=threading.Lock)
    trouble: str | None = None  # why the channel does not work

    def count(self, what: str, n: int = 1) -> None:
        with self.lock:
            setattr(self.pumped, what, getattr(self.pumped, what) + n)


def pump(
    db: Database,
    senders: Senders,
    *,
    now_ms: int,
    purpose_key: PurposeKey,
    base_url: str,
    wall_ms: Callable[[], int] = wall_clock_ms,
) -> Pumped:
    """Send what is due at `now_ms`, one batch of it. Call again until `claimed` is 0.

    now_ms is the engine's now: what is due, and when the test inbox received it. Leases and a server's rest go by the
    wall. Only one pump may run at a time; the first turn of `senders` therefore recovers whatever is in flight.
    """
    outbox.recover(db, now_ms, wall_ms=wall_ms() if senders.has_recovered else None)
    senders.has_recovered = True
    channel, letterhead = senders.email()
    if channel.wait_ms(wall_ms()) > 0:
        return Pumped()
    limit = INBOX_BATCH if channel.is_inbox else SERVER_BATCH
    claimed = outbox.claim(db, now_ms, limit, wall_ms=wall_ms(), channels=(EMAIL,))
    if not claimed:
        return Pumped()
    ready = [one.id for one in claimed if one.state == "sending"]
    with db.read() as conn:
        workspace = read_workspace(conn)
        rows = read(conn, ready, senders.templates) if ready else []
    turn = _Turn(db, channel, letterhead, workspace, now_ms, wall_ms, purpose_key, _begun(claimed))
    lease = claimed[0].lease
    told = []
    failures = []
    for row in rows:
        words = tell(row, senders.templates, workspace=workspace, purpose_key=purpose_key, base_url=base_url)
        if isinstance(words, Untold):
            failures.append((words.message_id, words.error))
        else:
            told.append(words)
    gone = sorted(set(ready) - {row["id"] for row in rows})
    if failures or gone:
        _set_aside(turn, failures, gone, lease)
    if channel.is_inbox:
        _keep(turn, told, lease)
    else:
        _hand_over(turn, told, lease)
    return turn.pumped


def _begun(claimed: Sequence[Claimed]) -> Pumped:
    pumped = Pumped(claimed=len(claimed), skipped=sum(one.state == "skipped" for one in claimed))
    for one in claimed:
        pumped.message_ids.setdefault(one.journey_id, []).append(one.id)
    return pumped


def _set_aside(turn: _Turn, failures: list[tuple[int, str]], gone: list[int], lease: int) -> None:
    """Those that could not be rendered fail; those whose contact was deleted meanwhile are skipped."""
    with turn.db.write() as conn:
        outbox.mark_failed(conn, failures, lease)
        skipped = outbox.withhold(conn, gone, lease) if gone else []
        lost = sorted(set(gone) - set(skipped))
        outbox.mark_failed(conn, [(one, "The version this message belongs to is gone.") for one in lost], lease)
    turn.count("failed", len(failures) + len(lost))
    turn.count("skipped", len(skipped))


# --- the test inbox ---------------------------------------------------------------------------------------------------


def _keep(turn: _Turn, told: list[Told], lease: int) -> None:
    """Everything at once: one transaction, no way to fail halfway."""
    if not told:
        return
    kept = (
        update(message)
        .where(
            message.c.id == bindparam("_id"),
            message.c.state == "sending",
            message.c.lease_until == bindparam("_lease", type_=BigInteger),
        )
        .values(
            state="sent",
            sent_at=turn.now_ms,
            send_at=None,
            lease_until=None,
            error=None,
            receipt=Inbox.ANSWER,
            tries=message.c.tries + 1,
            address=bindparam("_address", type_=String),
            subject=bindparam("_subject", type_=String),
            body=bindparam("_body", type_=String),
        )
    )
    with turn.db.write() as conn:
        late = set(outbox.withhold(conn, [one.message_id for one in told], lease))
        going = [one for one in told if one.message_id not in late]
        if going:
            conn.execute(
                kept,
                [
                    {
                        "_id": one.message_id,
                        "_lease": lease,
                        "_address": one.address,
                        "_subject": one.rendered.subject,
                        "_body": one.rendered.body,
                    }
                    for one in going
                ],
            )
    turn.count("skipped", len(late))
    turn.count("sent", len(going))


# --- a server ---------------------------------------------------------------------------------------------------------


def _hand_over(turn: _Turn, told: list[Told], lease: int) -> None:
    """A few workers take the messages one by one; what none of them got to goes back."""
    waiting = iter(told)
    untried: list[int] = []
    workers = min(turn.channel.workers, len(told))
    if workers == 1:
        untried += _work(turn, waiting, lease)
    elif workers:
        with ThreadPoolExecutor(workers, thread_name_prefix="send") as pool:
            for left in pool.map(lambda _: _work(turn, waiting, lease), range(workers)):
                untried += left
    untried += [one.message_id for one in waiting]
    if untried:
        error = turn.trouble or "The program stopped sending."
        rest = turn.channel.rest(turn.wall_ms())
        with turn.db.write() as conn:
            outbox.release(conn, untried, lease, error, send_at=turn.now_ms + rest)
        turn.count("deferred", len(untried))


def _work(turn: _Turn, waiting: Iterator[Told], lease: int) -> list[int]:
    """Send until nothing is left or the channel does not work; the messages taken and not tried."""
    while turn.trouble is None:
        with turn.lock:
            one = next(waiting, None)
        if one is None:
            return []
        try:
            turn.count(_send(turn, one, lease))
        except Unreachable as trouble:
            turn.trouble = str(trouble)
            return [one.message_id]
        except Exception:
            # Where it stands is in the table: `sending` is tried again when its lease is over, `data` becomes unknown.
            log.exception("message %d was interrupted", one.message_id)
            turn.trouble = "The program failed while sending; the cause is in the server's log."
            return []
    return []


def _send(turn: _Turn, one: Told, lease: int) -> str:
    """One message, staged; which count it belongs to. Raises Unreachable."""

    def may_leave() -> bool:
        with turn.db.write() as conn:
            words = {"address": one.address, "subject": one.rendered.subject, "body": one.rendered.body}
            return outbox.mark_data(conn, one.message_id, lease, **words)

    link = one.unsubscribe_url if one.purpose == "marketing" else None
    letterhead = turn.letterhead.overruled_by(str(one.content.get("from") or ""))
    try:
        mail = compose(one.rendered, unsubscribe_url=link, postal_address=turn.workspace.postal_address)
        letter = envelope(
            mail,
            letterhead=letterhead,
            recipient=one.address,
            message_id=message_id(turn.purpose_key, one.message_id, letterhead.domain),
            date_ms=turn.wall_ms(),
            unsubscribe_url=link,
        )
        receipt = turn.channel.deliver(letter, may_leave)
    except Withheld:
        return "skipped"
    except Doubtful as doubt:
        with turn.db.write() as conn:
            outbox.mark_unknown(conn, one.message_id, lease, str(doubt))
        return "unknown"
    except Deferred as trouble:
        with turn.db.write() as conn:
            state = outbox.mark_deferred(conn, one.message_id, lease, str(trouble), now_ms=turn.now_ms)
        return "failed" if state == "failed" else "deferred"
    except (Rejected, TemplateProblem) as refusal:
        with turn.db.write() as conn:
            outbox.mark_failed(conn, [(one.message_id, str(refusal))], lease)
            if isinstance(refusal, Rejected) and refusal.is_bad_address:
                suppress(conn, one.message_id, turn.now_ms)
        return "failed"
    with turn.db.write() as conn:
        outbox.mark_sent(conn, one.message_id, lease, receipt=receipt.text, sent_at=turn.wall_ms())
    return "sent"
