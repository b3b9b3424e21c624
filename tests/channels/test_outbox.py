"""Who may be sent, what is tried again, and what nobody touches."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from backend.channels import outbox
from backend.core.enrollment import MESSAGE_MOVES
from backend.db.connect import Database
from backend.db.tables import contact, journey, message, suppression
from tests.channels.outgoing import a_contact, a_journey, messages, one, set_contact, states
from tests.ingestion.conftest import NOW

HOUR = 3_600_000


def claim(db: Database, *, now: int = NOW, limit: int = 500, wall: int = NOW) -> list[outbox.Claimed]:
    return outbox.claim(db, now, limit, wall_ms=wall)


def test_what_is_due_is_claimed_once(db: Database) -> None:
    a_journey(db)
    due, later = messages(db, [a_contact(db, "ada"), a_contact(db, "ben")])
    with db.write() as conn:
        conn.execute(update(message).where(message.c.id == later).values(send_at=NOW + 1))
    assert [(got.id, got.journey_id, got.state) for got in claim(db)] == [(due, 1, "sending")]
    assert claim(db) == []
    assert one(db, due).lease_until == NOW + outbox.LEASE_MS


@pytest.mark.parametrize(
    ("values", "purpose", "reason"),
    [
        ({"email": None}, "marketing", "no_address"),
        ({"email": ""}, "transactional", "no_address"),
        ({"unsubscribed": True}, "marketing", "unsubscribed"),
        ({"unsubscribed": True}, "transactional", None),
        ({"email": "Gone@Example.org", "email_key": "gone@example.org"}, "marketing", "suppressed"),
        ({"email": "gone@example.org", "email_key": "gone@example.org"}, "transactional", None),
        ({"phone": "1"}, "marketing", None),
    ],
)
def test_the_claim_reads_address_consent_and_suppression(
    db: Database, values: dict[str, Any], purpose: str, reason: str | None
) -> None:
    a_journey(db)
    who = a_contact(db, "ada")
    set_contact(db, who, **values)
    with db.write() as conn:
        conn.execute(insert(suppression).values(address_key="gone@example.org", reason="bounced", created_at=0))
    messages(db, [who], purpose=purpose)
    [got] = claim(db)
    assert (got.state, got.reason) == (("sending", None) if reason is None else ("skipped", reason))
    assert (one(db, got.id).send_at is None) == (reason is not None)


def test_a_contact_that_is_gone_left(db: Database) -> None:
    a_journey(db)
    messages(db, [4711])
    assert [got.reason for got in claim(db)] == ["left"]


def test_a_paused_journey_keeps_its_messages(db: Database) -> None:
    a_journey(db, status="paused")
    messages(db, [a_contact(db, "ada")])
    assert claim(db) == []
    with db.write() as conn:
        assert outbox.next_due(conn) is None
        conn.execute(update(journey).values(status="live"))
        assert outbox.next_due(conn) == NOW
    assert len(claim(db)) == 1


def test_oldest_first_and_no_more_than_asked(db: Database) -> None:
    a_journey(db)
    ids = messages(db, [a_contact(db, f"c{n}") for n in range(5)])
    with db.write() as conn:
        conn.execute(update(message).where(message.c.id == ids[3]).values(send_at=NOW - 1))
    assert [got.id for got in claim(db, limit=2)] == [ids[0], ids[3]]


@pytest.mark.parametrize("size", [1, 300])
def test_a_claim_is_one_statement(db: Database, statements: list[str], size: int) -> None:
    a_journey(db)
    who = a_contact(db, "ada")
    messages(db, [who] * size)
    claim(db, limit=0)
    statements.clear()
    assert len(claim(db)) == size
    assert len([text for text in statements if not text.startswith("BEGIN")]) == 1


def test_consent_is_read_once_more_before_the_message_goes(db: Database) -> None:
    a_journey(db)
    who = a_contact(db, "ada")
    messages(db, [who])
    [got] = claim(db)
    set_contact(db, who, unsubscribed=True)
    with db.write() as conn:
        assert not outbox.mark_data(conn, got.id, got.lease, address="a", subject="s", body="b")
    row = one(db, got.id)
    assert (row.state, row.reason, row.body) == ("skipped", "unsubscribed", None)


def test_a_contact_erased_meanwhile_gets_nothing_and_leaves_nothing(db: Database) -> None:
    a_journey(db)
    messages(db, [a_contact(db, "ada")])
    [got] = claim(db)
    with db.write() as conn:
        conn.execute(delete(contact))
        assert not outbox.mark_data(conn, got.id, got.lease, address="a", subject="s", body="b")
    assert (one(db, got.id).reason, one(db, got.id).address) == ("left", None)


def test_a_claimer_that_was_away_too_long_finds_its_message_taken(db: Database) -> None:
    a_journey(db)
    messages(db, [a_contact(db, "ada")])
    [first] = claim(db)
    outbox.recover(db, NOW)
    [second] = claim(db, wall=NOW + 1)
    with db.write() as conn:
        assert not outbox.mark_data(conn, first.id, first.lease, address="a", subject="s", body="b")
        assert outbox.mark_data(conn, second.id, second.lease, address="a", subject="s", body="b")
        assert not outbox.mark_sent(conn, first.id, first.lease, receipt="250", sent_at=NOW)
        assert outbox.mark_sent(conn, second.id, second.lease, receipt="250", sent_at=NOW)


def in_data(db: Database) -> outbox.Claimed:
    a_journey(db)
    messages(db, [a_contact(db, "ada")])
    [got] = claim(db)
    with db.write() as conn:
        assert outbox.mark_data(conn, got.id, got.lease, address="a@b.c", subject="s", body="b")
    return got


def test_after_a_crash_sending_is_tried_again_and_data_is_unknown(db: Database) -> None:
    in_data(db)
    messages(db, [a_contact(db, "ben")], visit=1)
    claim(db)
    assert states(db) == ["data", "sending"]
    assert outbox.recover(db, NOW + 5) == (1, 1)
    assert states(db) == ["unknown", "pending"]
    assert outbox.recover(db, NOW + 5) == (0, 0)


def test_while_running_only_leases_that_are_over_are_recovered(db: Database) -> None:
    in_data(db)
    assert outbox.recover(db, NOW, wall_ms=NOW + outbox.LEASE_MS) == (0, 0)
    assert outbox.recover(db, NOW, wall_ms=NOW + outbox.LEASE_MS + 1) == (0, 1)


def test_an_answer_that_comes_after_all_settles_the_unknown(db: Database) -> None:
    got = in_data(db)
    outbox.recover(db, NOW)
    with db.write() as conn:
        assert outbox.mark_sent(conn, got.id, got.lease, receipt="250 kept", sent_at=NOW + 9)
    row = one(db, got.id)
    assert (row.state, row.receipt, row.sent_at, row.error) == ("sent", "250 kept", NOW + 9, None)


def test_unknown_is_never_claimed(db: Database) -> None:
    in_data(db)
    outbox.recover(db, NOW)
    assert claim(db, now=NOW + 100 * HOUR) == []


@pytest.mark.slow
def test_tries_become_rarer_and_end_after_three_days(sqlite_db: Database) -> None:
    db = sqlite_db
    a_journey(db)
    messages(db, [a_contact(db, "ada")])
    waits, now = [], NOW
    for _ in range(200):
        [got] = claim(db, now=now, wall=now)
        with db.write() as conn:
            state = outbox.mark_deferred(conn, got.id, got.lease, "451 later", now_ms=now)
        if state == "failed":
            break
        waits.append((one(db, got.id).send_at - now) // 60_000)
        now = one(db, got.id).send_at
    row = one(db, got.id)
    assert waits[:4] == [5, 15, 60, 60]
    assert 70 * HOUR < sum(waits) * 60_000 <= 72 * HOUR
    assert (row.state, row.send_at) == ("failed", None)
    assert "451 later" in row.error


@pytest.mark.parametrize("state", ["unknown", "failed"])
def test_a_person_decides_on_the_doubtful(db: Database, state: str) -> None:
    a_journey(db)
    again, done = messages(db, [a_contact(db, "ada"), a_contact(db, "ben")], state=state, send_at=None, error="why")
    with db.write() as conn:
        assert outbox.resolve(conn, again, "resend", NOW)
        assert outbox.resolve(conn, done, "sent", NOW)
    assert (one(db, again).state, one(db, again).send_at, one(db, again).error) == ("pending", NOW, None)
    assert (one(db, done).state, one(db, done).sent_at) == ("sent", NOW)


@pytest.mark.parametrize("state", sorted(set(MESSAGE_MOVES) - {"unknown", "failed"}))
def test_what_is_settled_is_not_for_anybody_to_decide(db: Database, state: str) -> None:
    a_journey(db)
    [settled] = messages(db, [a_contact(db, "ada")], state=state)
    with db.write() as conn:
        assert not outbox.resolve(conn, settled, "resend", NOW)
        assert not outbox.resolve(conn, settled, "sent", NOW)
    assert one(db, settled).state == state
