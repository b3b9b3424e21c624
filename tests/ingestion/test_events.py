"""What a batch of Segment calls leaves in the tables."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from backend.db.connect import Database
from backend.db.tables import (
    consent,
    contact,
    contact_alias,
    contact_tag,
    engine_state,
    enrollment,
    event,
    event_receipt,
    event_rejected,
    field,
    message,
    move,
)
from backend.ingestion.events import accept, forget_receipts
from tests.ingestion.conftest import NOW

DAY = 86_400_000


def track(user: str | None = "ada", name: str = "Signed Up", **more: Any) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": name, **more}


def identify(user: str | None = "ada", traits: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user, "traits": traits or {}, **more}


def send(db: Database, *items: Any, **options: Any) -> Any:
    return accept(db, list(items), **{"now_ms": NOW, "is_sample": False, **options})


def events(db: Database) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(event).order_by(event.c.id)))


def people(db: Database) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(contact).order_by(contact.c.id)))


def count(db: Database, table: Any) -> int:
    with db.read() as conn:
        return conn.scalar(select(func.count()).select_from(table)) or 0


def test_a_track_call_stores_an_event_of_a_new_contact(db: Database) -> None:
    accepted = send(db, track(properties={"plan": "pro"}))
    [person], [happened] = people(db), events(db)
    assert (accepted.stored, accepted.duplicates, accepted.rejected) == (1, 0, [])
    assert (person.user_id, person.created_at) == ("ada", NOW)
    assert (happened.contact_id, happened.name, happened.properties) == (person.id, "Signed Up", {"plan": "pro"})


def test_a_message_id_takes_effect_once(db: Database) -> None:
    first = send(db, track(messageId="m1"), track(messageId="m1"))
    again = send(db, track(messageId="m1"), track(messageId="m2"))
    assert (first.stored, first.duplicates) == (1, 1)
    assert (again.stored, again.duplicates) == (1, 1)
    assert len(events(db)) == 2


def test_receipts_older_than_thirty_days_are_forgotten(db: Database) -> None:
    send(db, track(messageId="m1"))
    with db.write() as conn:
        forget_receipts(conn, NOW + 29 * DAY)
    assert count(db, event_receipt) == 1
    with db.write() as conn:
        forget_receipts(conn, NOW + 31 * DAY)
    assert count(db, event_receipt) == 0


def test_the_good_calls_of_a_batch_are_stored_and_the_others_listed(db: Database) -> None:
    accepted = send(db, {"type": "track", "event": "X", "messageId": "bad"}, track(), "text", track(name=""))
    assert accepted.stored == 1
    assert [(one["index"], one["messageId"], one["field"]) for one in accepted.rejected] == [
        (0, "bad", "userId"),
        (2, None, None),
        (3, None, "event"),
    ]
    assert count(db, event_rejected) == 3


def test_a_refused_call_may_be_sent_again_mended(db: Database) -> None:
    send(db, {"type": "track", "event": "X", "messageId": "m1"})
    assert send(db, track(messageId="m1")).stored == 1


def test_page_screen_and_group_become_events(db: Database) -> None:
    send(
        db,
        {"type": "page", "userId": "ada", "name": "Home", "category": "Docs", "properties": {"url": "/"}},
        {"type": "screen", "userId": "ada", "name": "Start"},
        {"type": "group", "userId": "ada", "groupId": 7, "traits": {"name": "Initech"}},
    )
    assert [(one.name, one.properties) for one in events(db)] == [
        ("Page Viewed", {"name": "Home", "category": "Docs", "url": "/"}),
        ("Screen Viewed", {"name": "Start"}),
        ("$group", {"groupId": "7", "traits": {"name": "Initech"}}),
    ]


class TestTime:
    def test_a_device_an_hour_off_is_corrected_by_sent_at(self, db: Database) -> None:
        send(db, track(timestamp="2030-01-01T00:00:00Z"), sent_at="2030-01-01T00:00:10Z")
        assert events(db)[0].at == NOW - 10_000

    def test_a_time_in_the_future_becomes_now(self, db: Database) -> None:
        send(db, track(timestamp=NOW + 6 * 60_000), track(timestamp=NOW + 4 * 60_000))
        assert [one.at for one in events(db)] == [NOW, NOW + 4 * 60_000]

    def test_live_an_event_happens_for_the_engine_when_it_is_stored(self, db: Database) -> None:
        send(db, track(timestamp="2020-01-01T00:00:00Z"))
        assert events(db)[0].engine_at == NOW

    def test_an_event_is_stored_after_what_the_engine_has_worked_to(self, db: Database) -> None:
        with db.write() as conn:
            conn.execute(update(engine_state).values(reached_at=NOW + 500))
        send(db, track(), identify(traits={"plan": "pro"}))
        assert [one.engine_at for one in events(db)] == [NOW + 501, NOW + 501]

    def test_on_sample_time_an_event_is_taken_at_its_word(self, db: Database) -> None:
        later = "2027-05-01T00:00:00Z"
        send(db, track(timestamp=later), identify(traits={"a": 1}, timestamp=later), is_sample=True)
        assert {(one.at, one.engine_at) for one in events(db)} == {(1_809_129_600_000, 1_809_129_600_000)}

    def test_on_sample_time_a_real_client_speaks_of_the_sample_now(self, db: Database) -> None:
        send(db, track(timestamp="2031-01-01T00:00:00Z"), sent_at="2031-01-01T00:00:01Z", is_sample=True)
        assert (events(db)[0].at, events(db)[0].engine_at) == (NOW - 1000, NOW)

    @pytest.mark.parametrize("wrong", ["yesterday", "", None, True, {}, 10**30])
    def test_a_time_that_is_none_becomes_now(self, db: Database, wrong: Any) -> None:
        send(db, track(timestamp=wrong))
        assert events(db)[0].at == NOW


class TestTraits:
    def test_traits_keep_their_names_and_the_registry_learns_their_types(self, db: Database) -> None:
        traits = {
            "firstName": "Ada",
            "logins": 3,
            "isVip": True,
            "born": "1815-12-10",
            "seen": "2026-01-02T03:04:05Z",
            "likes": ["tea"],
            "address": {"city": "London"},
            "empty": "",
        }
        send(db, identify(traits=traits))
        with db.read() as conn:
            types = {row.name: row.type for row in conn.execute(select(field))}
        assert people(db)[0].fields == traits
        assert types == {
            "firstName": "text",
            "logins": "number",
            "isVip": "boolean",
            "born": "date",
            "seen": "datetime",
            "likes": "list",
        }

    def test_a_value_is_brought_to_the_fields_type_where_it_can_be(self, db: Database) -> None:
        send(db, identify(traits={"age": 3, "vip": True, "zip": "x"}))
        send(db, identify(traits={"age": "41", "vip": "false", "zip": 12345}))
        assert people(db)[0].fields == {"age": 41, "vip": False, "zip": "12345"}
        send(db, identify(traits={"age": "old", "vip": "maybe"}))
        assert people(db)[0].fields == {"age": "old", "vip": "maybe", "zip": "12345"}

    def test_built_in_traits_set_the_contacts_own_columns(self, db: Database) -> None:
        send(db, identify(traits={"email": " Ada@Example.org ", "phone": 4412, "timezone": "Europe/London"}))
        [person] = people(db)
        assert (person.email, person.email_key, person.phone) == ("Ada@Example.org", "ada@example.org", "4412")
        assert (person.timezone, person.fields) == ("Europe/London", {})

    def test_a_zone_that_does_not_exist_is_no_zone(self, db: Database) -> None:
        send(db, identify(traits={"timezone": "Mars/Base"}))
        assert people(db)[0].timezone is None

    def test_null_takes_a_field_away(self, db: Database) -> None:
        send(db, identify(traits={"plan": "pro", "email": "a@b.c"}))
        send(db, identify(traits={"plan": None, "email": None}))
        assert (people(db)[0].fields, people(db)[0].email) == ({}, None)

    def test_only_a_real_change_is_told(self, db: Database) -> None:
        send(db, identify(traits={"plan": "pro", "n": 1}), identify(traits={"plan": "pro"}))
        send(db, identify(traits={"plan": "pro", "n": 2}), identify(traits={"n": 2.0}))
        assert [(one.name, one.properties) for one in events(db)] == [
            ("$changed", {"fields": ["plan", "n"]}),
            ("$changed", {"fields": ["n"]}),
        ]

    def test_true_is_not_one(self, db: Database) -> None:
        send(db, identify(traits={"x": [1]}))
        send(db, identify(traits={"flag": {"a": 1}}))
        send(db, identify(traits={"flag": True}))
        assert people(db)[0].fields["flag"] is True

    def test_consent_goes_to_the_ledger(self, db: Database) -> None:
        send(db, identify(traits={"unsubscribed": True}))
        send(db, identify(traits={"unsubscribed": "false"}), identify(traits={"unsubscribed": "no idea"}))
        with db.read() as conn:
            rows = conn.execute(select(consent.c.action, consent.c.source).order_by(consent.c.id)).all()
        assert rows == [("withdraw", "identify"), ("grant", "identify")]
        assert people(db)[0].unsubscribed is False

    def test_changes_and_events_of_a_batch_keep_their_order(self, db: Database) -> None:
        send(db, track(name="A"), identify(traits={"x": 1}), track(name="B"), identify(traits={"x": 2}))
        assert [one.name for one in events(db)] == ["A", "$changed", "B", "$changed"]
        assert people(db)[0].fields == {"x": 2}


class TestIdentity:
    def test_an_anonymous_visitor_gets_the_user_id_on_identify(self, db: Database) -> None:
        send(db, track(None, anonymousId="a1"))
        send(db, identify("ada", anonymousId="a1"))
        send(db, track(None, name="Later", anonymousId="a1"))
        [person] = people(db)
        assert person.user_id == "ada"
        assert {one.contact_id for one in events(db)} == {person.id}

    def test_all_of_it_may_happen_in_one_batch(self, db: Database) -> None:
        send(db, track(None, anonymousId="a1"), identify("ada", anonymousId="a1"), track("ada", name="Later"))
        [person] = people(db)
        assert person.user_id == "ada"
        assert [one.contact_id for one in events(db)] == [person.id, person.id]

    def test_what_an_anonymous_visitor_did_moves_to_the_user(self, db: Database) -> None:
        send(db, identify("ada", {"plan": "pro", "email": "ada@b.c"}), track("ada", name="Old"))
        send(db, identify(None, {"plan": "free", "shoe": 42}, anonymousId="a1"), track(None, anonymousId="a1"))
        send(db, identify("ada", anonymousId="a1"))
        [person] = people(db)
        assert (person.fields, person.email) == ({"plan": "pro", "shoe": 42}, "ada@b.c")
        assert {one.contact_id for one in events(db)} == {person.id}

    def test_an_opt_out_survives_the_join(self, db: Database) -> None:
        send(db, identify("ada", {"plan": "pro"}), identify(None, {"unsubscribed": True}, anonymousId="a1"))
        send(db, identify("ada", anonymousId="a1"))
        assert people(db)[0].unsubscribed is True

    def test_a_user_new_in_the_batch_takes_over_the_stored_visitor(self, db: Database) -> None:
        send(db, track(None, anonymousId="a1"))
        send(db, track("ada", name="First"), identify("ada", {"x": 1}, anonymousId="a1"))
        [person] = people(db)
        assert (person.user_id, person.fields) == ("ada", {"x": 1})
        assert {one.contact_id for one in events(db)} == {person.id}

    def test_passages_messages_and_tags_move_along(self, db: Database) -> None:
        send(db, track("ada"), track(None, anonymousId="a1"))
        ada, ghost = (person.id for person in people(db))
        with db.write() as conn:
            for number, (who, no) in enumerate([(ada, 1), (ada, 2), (ghost, 1), (ghost, 2)], 1):
                conn.execute(
                    insert(enrollment).values(
                        id=number, journey_id=1, version_id=1, contact_id=who, no=no, state=0, rest=0, rest_at=0,
                        moves=1, start_seq=0, entered_at=0,
                    )
                )  # fmt: skip
                conn.execute(insert(move).values(enrollment_id=number, no=0, contact_id=who, leg=0, at=0))
            conn.execute(
                insert(message).values(
                    enrollment_id=3, node="m", visit=0, journey_id=1, version_id=1, contact_id=ghost, channel="email",
                    purpose="marketing", state="pending", at=0, position=0,
                )
            )  # fmt: skip
            conn.execute(insert(contact_tag), [{"contact_id": ghost, "tag": t} for t in ("vip", "new")])
            conn.execute(insert(contact_tag).values(contact_id=ada, tag="vip"))
        send(db, identify("ada", anonymousId="a1"))
        with db.read() as conn:
            passages = conn.execute(select(enrollment.c.contact_id, enrollment.c.no).order_by(enrollment.c.id)).all()
            tags = {(who, tag) for who, tag in conn.execute(select(contact_tag))}
            movers = set(conn.execute(select(move.c.contact_id)).scalars())
            receiver = conn.scalar(select(message.c.contact_id))
        assert passages == [(ada, 1), (ada, 2), (ada, 3), (ada, 4)]
        assert (tags, movers, receiver) == ({(ada, "vip"), (ada, "new")}, {ada}, ada)

    def test_a_device_that_changes_hands_does_not_join_two_users(self, db: Database) -> None:
        send(db, identify("ada", anonymousId="a1"), identify("ben", anonymousId="a1"))
        send(db, track(None, anonymousId="a1"))
        assert [person.user_id for person in people(db)] == ["ada", "ben"]
        assert events(db)[-1].contact_id == people(db)[1].id

    def test_alias_joins_and_the_former_user_id_still_leads_home(self, db: Database) -> None:
        send(db, identify("temp", {"x": 1}), identify("ada", {"y": 2}))
        send(db, {"type": "alias", "previousId": "temp", "userId": "ada"})
        send(db, track("temp", name="Late"))
        [person] = people(db)
        assert (person.user_id, person.fields) == ("ada", {"x": 1, "y": 2})
        assert {one.contact_id for one in events(db)} == {person.id}

    def test_alias_renames_where_the_new_user_is_unknown(self, db: Database) -> None:
        send(db, identify("temp", {"x": 1}))
        send(db, {"type": "alias", "previousId": "temp", "userId": "ada"})
        assert [(person.user_id, person.fields) for person in people(db)] == [("ada", {"x": 1})]

    def test_alias_before_anything_else_is_remembered(self, db: Database) -> None:
        send(db, {"type": "alias", "previousId": "a1", "userId": "ada"})
        send(db, track(None, anonymousId="a1"))
        assert [person.user_id for person in people(db)] == ["ada"]

    def test_two_visitors_of_one_user_join_in_one_batch(self, db: Database) -> None:
        send(db, track(None, anonymousId="a1"), track(None, anonymousId="a2"))
        send(db, identify("ada", anonymousId="a1"), identify("ada", anonymousId="a2"), track("ada"))
        [person] = people(db)
        assert {one.contact_id for one in events(db)} == {person.id}
        assert count(db, contact_alias) == 2

    def test_a_user_id_equal_to_a_visitors_id_is_another_person(self, db: Database) -> None:
        send(db, identify("ben", anonymousId="1"), track("1"))
        assert [person.user_id for person in people(db)] == ["ben", "1"]


class TestHostileInput:
    def test_a_property_of_a_megabyte_is_refused_by_name(self, db: Database) -> None:
        accepted = send(db, track(properties={"note": "x" * 1_000_000}), track())
        assert accepted.stored == 1
        assert accepted.rejected[0]["field"] == "properties.note"

    def test_thirty_two_kilobytes_are_counted_in_bytes(self, db: Database) -> None:
        accepted = send(db, track(properties={"note": "ß" * 16_500}), track(properties={"note": "x" * 16_500}))
        assert [one["index"] for one in accepted.rejected] == [0]

    def test_nul_and_half_pairs_are_mended(self, db: Database) -> None:
        bad = json.loads('"a\\u0000b\\ud800"')
        accepted = send(db, track(bad, name=bad, properties={bad: [bad]}, messageId=bad), identify(traits={bad: bad}))
        assert accepted.stored == 2
        assert events(db)[0].properties == {"ab\ufffd": ["ab\ufffd"]}

    @pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 10**400])
    def test_numbers_no_database_knows_do_no_harm(self, db: Database, wrong: float) -> None:
        accepted = send(db, track(properties={"x": wrong}), track())
        assert accepted.stored + len(accepted.rejected) == 2

    def test_nesting_without_end_is_refused(self, db: Database) -> None:
        deep: Any = []
        for _ in range(500):
            deep = [deep]
        assert send(db, track(properties={"x": deep})).rejected[0]["reason"].startswith("Nested")

    @pytest.mark.parametrize(
        ("item", "place"),
        [
            (None, None),
            ({"userId": "ada"}, "type"),
            ({"type": "delete", "userId": "ada"}, "type"),
            ({"type": ["track"], "userId": "ada"}, "type"),
            (track("x" * 300), "userId"),
            (track({"a": 1}), "userId"),  # type: ignore[arg-type]
            (track(name="n" * 201), "event"),
            (track(properties=[1]), "properties"),
            (track(properties={"k" * 201: 1}), "properties." + "k" * 40 + "…"),
            (identify(traits=[1]), "traits"),  # type: ignore[arg-type]
            ({"type": "group", "userId": "ada"}, "groupId"),
            ({"type": "alias", "userId": "ada"}, "previousId"),
            ({"type": "alias", "previousId": "ada"}, "userId"),
        ],
    )
    def test_a_call_that_cannot_be_stored_names_its_field(self, db: Database, item: Any, place: str | None) -> None:
        [rejected] = send(db, item).rejected
        assert rejected["field"] == place
        assert people(db) == []

    def test_a_flood_of_refusals_is_not_kept_without_end(self, db: Database) -> None:
        assert len(send(db, *["bad"] * 500).rejected) == 500
        assert count(db, event_rejected) == 100


@pytest.mark.parametrize("is_new", [True, False])
def test_the_number_of_statements_does_not_grow_with_the_batch(
    db: Database, statements: list[str], is_new: bool
) -> None:
    def batch(size: int, tag: str) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []
        for n in range(size):
            user = f"{tag}{n}"
            calls.append(track(None, anonymousId=f"anon-{user}", messageId=f"1{user}"))
            calls.append(
                identify(user, {"n": n, "unsubscribed": True}, anonymousId=f"anon-{user}", messageId=f"2{user}")
            )
        return calls

    def cost(size: int, tag: str) -> int:
        calls = batch(size, tag)
        if not is_new:
            send(db, *[identify(call["userId"], messageId=call["messageId"] + "x") for call in calls if call["userId"]])
        statements.clear()
        assert send(db, *calls).stored == 2 * size
        return len(statements)

    cost(1, "warm")
    assert cost(1, "one") == cost(250, "many")
