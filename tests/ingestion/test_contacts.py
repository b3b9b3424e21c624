"""One contact at a time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from backend.db.connect import Database
from backend.db.tables import (
    consent,
    contact,
    contact_tag,
    event,
    event_rejected,
    field,
    message,
    metadata,
    suppression,
)
from backend.ingestion import contacts
from backend.ingestion.contacts import AmbiguousEmail, Nameless, TakenUserId
from backend.ingestion.events import accept
from tests.ingestion.conftest import NOW


def upsert(db: Database, **data: Any) -> int:
    with db.write() as conn:
        return contacts.upsert(conn, data, NOW)


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(table).order_by(*table.primary_key.columns)))


def test_a_user_id_is_met_again(db: Database) -> None:
    first = upsert(db, user_id="ada", fields={"plan": "pro"})
    assert upsert(db, user_id=" ada ", fields={"plan": "free"}) == first
    [person] = rows(db, contact)
    assert (person.fields, person.created_at) == ({"plan": "free"}, NOW)


def test_an_email_is_met_again_in_any_case(db: Database) -> None:
    first = upsert(db, email="Ada@Example.org")
    assert upsert(db, email="ada@EXAMPLE.ORG", fields={"plan": "pro"}) == first
    assert rows(db, contact)[0].email == "ada@EXAMPLE.ORG"


def test_a_user_id_is_given_to_the_one_who_has_the_email_and_none(db: Database) -> None:
    first = upsert(db, email="ada@b.c")
    assert upsert(db, user_id="ada", email="ada@b.c") == first
    assert upsert(db, user_id="ben", email="ada@b.c") != first


def test_an_email_of_several_people_is_a_question_not_a_guess(db: Database) -> None:
    upsert(db, user_id="ada", email="we@b.c")
    upsert(db, user_id="ben", email="we@b.c")
    with pytest.raises(AmbiguousEmail):
        upsert(db, email="we@b.c")
    assert len(rows(db, contact)) == 2


def test_nobody_in_particular_cannot_be_stored(db: Database) -> None:
    with pytest.raises(Nameless):
        upsert(db, phone="123")


def test_a_real_change_is_told_once(db: Database) -> None:
    identity = upsert(db, user_id="ada", email="a@b.c", fields={"n": 1}, tags=["vip"])
    upsert(db, user_id="ada", email="a@b.c", fields={"n": 1}, tags=["vip"])
    with db.write() as conn:
        contacts.change(conn, identity, {"tags": [], "fields": {"n": None}}, NOW)
    assert [(one.contact_id, one.name, one.properties) for one in rows(db, event)] == [
        (identity, "$changed", {"fields": ["email", "n", "tags"]}),
        (identity, "$changed", {"fields": ["n", "tags"]}),
    ]
    assert rows(db, contact_tag) == []


def test_fields_learn_their_types_from_forms_too(db: Database) -> None:
    upsert(db, user_id="ada", fields={"age": 3})
    upsert(db, user_id="ada", fields={"age": "4"})
    assert [(one.name, one.type) for one in rows(db, field)] == [("age", "number")]
    assert rows(db, contact)[0].fields == {"age": 4}


def test_a_user_id_of_somebody_else_is_refused(db: Database) -> None:
    upsert(db, user_id="ada")
    ben = upsert(db, user_id="ben")
    with pytest.raises(TakenUserId), db.write() as conn:
        contacts.change(conn, ben, {"user_id": "ada"}, NOW)
    with db.write() as conn:
        assert contacts.change(conn, ben, {"user_id": "benjamin"}, NOW)
        assert not contacts.change(conn, 10**9, {}, NOW)
    assert [one.user_id for one in rows(db, contact)] == ["ada", "benjamin"]


def test_withdrawing_twice_is_one_line_in_the_ledger(db: Database) -> None:
    identity = upsert(db, user_id="ada")
    for _ in range(2):
        with db.write() as conn:
            assert contacts.withdraw(conn, identity, source="page", detail={"ip": "::1"}, now_ms=NOW)
    with db.write() as conn:
        assert not contacts.withdraw(conn, 10**9, source="page", detail={}, now_ms=NOW)
    assert [(one.action, one.source, one.detail) for one in rows(db, consent)] == [("withdraw", "page", {"ip": "::1"})]
    assert rows(db, contact)[0].unsubscribed is True
    assert [one.properties for one in rows(db, event)] == [{"fields": ["unsubscribed"]}]


def test_erasing_leaves_no_trace_of_a_person_but_keeps_the_suppression(db: Database) -> None:
    canary = "canary-4711"
    accept(
        db,
        [
            {"type": "identify", "userId": canary, "traits": {"email": f"{canary}@b.c", "note": canary}},
            {"type": "track", "userId": canary, "event": "X", "properties": {"note": canary}},
            {"type": "alias", "userId": canary, "previousId": f"{canary}-device"},
            {"type": "track", "userId": canary, "event": ""},
        ],
        now_ms=NOW,
        is_sample=False,
    )
    identity = upsert(db, user_id=canary, tags=[canary])
    with db.write() as conn:
        contacts.withdraw(conn, identity, source="page", detail={"agent": canary}, now_ms=NOW)
        conn.execute(
            insert(message).values(
                enrollment_id=1, node="m", visit=0, journey_id=1, version_id=1, contact_id=identity, channel="email",
                purpose="marketing", state="sent", at=0, position=0, address=f"{canary}@b.c", subject=canary,
                body=canary, receipt=canary,
            )
        )  # fmt: skip
        conn.execute(insert(suppression).values(address_key="other@b.c", reason="bounced", created_at=0))
        assert contacts.erase(conn, identity)
        assert not contacts.erase(conn, identity)
    left = [str(row) for table in metadata.sorted_tables for row in rows(db, table)]
    assert [row for row in left if canary in row] == []
    assert (len(rows(db, message)), len(rows(db, consent)), len(rows(db, event_rejected))) == (1, 1, 0)
    assert len(rows(db, suppression)) == 1
