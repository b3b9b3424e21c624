"""Publishing freezes a version in one transaction; the other switches keep what they promise."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, insert, select

from backend.authoring import drafts, publish
from backend.core.split import contact_split
from backend.db.connect import Database
from backend.db.tables import contact, event, journey, leg, version
from backend.engine.tick import Engine
from backend.reports.flow import flow
from tests.support.app import NOW, a_journey, by_hand

MINUTE = 60_000


def a_draft(db: Database, data: dict[str, Any] | None = None) -> int:
    with db.write() as conn:
        return drafts.create(conn, data or a_journey(), NOW)


def edit(db: Database, journey_id: int, data: dict[str, Any]) -> None:
    with db.write() as conn:
        drafts.save(conn, journey_id, data, drafts.find(conn, journey_id).revision, NOW)


def a_contact(db: Database, user_id: str) -> int:
    values = {"user_id": user_id, "split": contact_split(user_id), "created_at": NOW, "fields": {}}
    with db.write() as conn:
        made: int = conn.execute(insert(contact).values(values).returning(contact.c.id)).scalar_one()
    return made


def happens(db: Database, contact_id: int, at: int, name: str = "Signed Up") -> int:
    values = {"contact_id": contact_id, "name": name, "at": at, "engine_at": at, "properties": {}}
    with db.write() as conn:
        made: int = conn.execute(insert(event).values(values).returning(event.c.id)).scalar_one()
    return made


def entered(db: Database, journey_id: int) -> int:
    with db.read() as conn:
        n: int = flow(conn, journey_id, at_ms=NOW)["outcomes"]["entered"]
    return n


def row(db: Database, journey_id: int) -> Any:
    with db.read() as conn:
        return conn.execute(select(journey).where(journey.c.id == journey_id)).one()


def go_live(db: Database, journey_id: int) -> publish.Published:
    answer = publish.publish(db, journey_id, "ada", NOW)
    assert isinstance(answer, publish.Published), answer
    return answer


def test_the_first_version_is_number_one_and_live(db: Database) -> None:
    made = a_draft(db)
    assert go_live(db, made) == publish.Published(1, NOW)
    with db.read() as conn:
        draft = drafts.find(conn, made)
        assert (draft.status, draft.version, draft.has_changes) == ("live", 1, False)
        assert conn.execute(select(func.count()).select_from(leg)).scalar_one() > 0


def test_a_version_keeps_its_document_whatever_the_draft_becomes(db: Database) -> None:
    made = a_draft(db)
    go_live(db, made)
    edit(db, made, a_journey("Renamed"))
    with db.read() as conn:
        assert drafts.find(conn, made).has_changes
        frozen = conn.execute(select(version.c.document)).scalar_one()
    assert '"Welcome"' in frozen
    assert go_live(db, made).number == 2


def test_a_journey_with_errors_stays_as_it_is(db: Database) -> None:
    broken = a_journey()
    broken["edges"].pop()
    made = a_draft(db, broken)
    answer = publish.publish(db, made, "ada", NOW)
    assert isinstance(answer, publish.Refused)
    assert any(problem.node == "hello" for problem in answer.problems)
    assert row(db, made).status == "draft"
    with db.read() as conn:
        assert conn.execute(select(func.count()).select_from(version)).scalar_one() == 0


def test_an_error_halfway_leaves_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("cut")

    made = a_draft(db)
    before = row(db, made)
    monkeypatch.setattr(publish, "_go_live", fail)
    with pytest.raises(RuntimeError):
        publish.publish(db, made, "ada", NOW)
    assert row(db, made) == before
    with db.read() as conn:
        for table in (version, leg):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_draft_saved_meanwhile_is_the_one_that_is_published(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_draft(db)
    compile_graph = publish.compile_graph
    edits = iter([lambda: edit(db, made, a_journey("Edited meanwhile"))])

    def compile_while_somebody_saves(graph: Any) -> Any:
        for save in edits:
            save()
        return compile_graph(graph)

    monkeypatch.setattr(publish, "compile_graph", compile_while_somebody_saves)
    go_live(db, made)
    with db.read() as conn:
        assert not drafts.find(conn, made).has_changes
        assert "Edited meanwhile" in conn.execute(select(version.c.document)).scalar_one()


def test_what_happened_before_publishing_starts_nobody(db: Database) -> None:
    made, ada = a_draft(db), a_contact(db, "ada")
    happens(db, ada, NOW)
    go_live(db, made)
    engine = Engine(db)
    engine.tick(NOW + MINUTE)
    assert entered(db, made) == 0
    happens(db, ada, NOW + 2 * MINUTE)
    engine.tick(NOW + 3 * MINUTE)
    assert entered(db, made) == 1


def test_an_event_stored_just_before_a_second_version_is_not_lost(db: Database) -> None:
    made, ada = a_draft(db), a_contact(db, "ada")
    go_live(db, made)
    happens(db, ada, NOW + MINUTE)
    edit(db, made, a_journey(subject="Hello again"))
    go_live(db, made)
    Engine(db).tick(NOW + 2 * MINUTE)
    assert entered(db, made) == 1


def test_events_of_a_pause_start_nobody(db: Database) -> None:
    made, ada, ben = a_draft(db), a_contact(db, "ada"), a_contact(db, "ben")
    go_live(db, made)
    engine = Engine(db)
    publish.pause(db, made)
    happens(db, ada, NOW + MINUTE)
    engine.tick(NOW + 2 * MINUTE)
    publish.resume(db, made)
    engine.tick(NOW + 3 * MINUTE)
    assert entered(db, made) == 0
    happens(db, ben, NOW + 4 * MINUTE)
    engine.tick(NOW + 5 * MINUTE)
    assert entered(db, made) == 1


def test_a_paused_journey_moves_nobody_until_it_is_resumed(db: Database) -> None:
    made, ada = a_draft(db, by_hand()), a_contact(db, "ada")
    go_live(db, made)
    engine = Engine(db)
    engine.enroll(made, [ada], NOW)
    publish.pause(db, made)
    later = NOW + 3 * 86_400_000
    engine.tick(later)
    with db.read() as conn:
        assert flow(conn, made, at_ms=later)["outcomes"]["inside"] == 1
    publish.resume(db, made)
    engine.tick(later)
    with db.read() as conn:
        assert flow(conn, made, at_ms=later)["outcomes"]["completed"] == 1


def test_stopping_ends_everybody_inside(db: Database) -> None:
    made = a_draft(db, by_hand())
    go_live(db, made)
    engine = Engine(db)
    engine.enroll(made, [a_contact(db, "ada"), a_contact(db, "ben")], NOW)
    assert publish.stop(db, made, NOW + MINUTE) == 2
    with db.read() as conn:
        outcomes = flow(conn, made, at_ms=NOW)["outcomes"]
    assert (outcomes["entered"], outcomes["inside"], outcomes["exited"]) == (2, 0, 2)
    assert row(db, made).status == "stopped"
    assert publish.stop(db, made, NOW + MINUTE) == 0


def test_a_stopped_journey_begins_anew_when_published(db: Database) -> None:
    made, ada = a_draft(db), a_contact(db, "ada")
    go_live(db, made)
    publish.stop(db, made, NOW)
    happens(db, ada, NOW + MINUTE)
    edit(db, made, a_journey("Again"))
    go_live(db, made)
    Engine(db).tick(NOW + 2 * MINUTE)
    assert entered(db, made) == 0
    assert row(db, made).status == "live"


@pytest.mark.parametrize(
    ("status", "switch"),
    [("draft", "pause"), ("draft", "resume"), ("draft", "stop"), ("live", "resume"), ("paused", "pause")],
)
def test_a_switch_that_makes_no_sense_says_so(sqlite_settings: Any, status: str, switch: str) -> None:
    from backend.db.connect import connect

    db = connect(sqlite_settings)
    made = a_draft(db)
    if status != "draft":
        go_live(db, made)
    if status == "paused":
        publish.pause(db, made)
    with pytest.raises(drafts.StillRunning, match=r"Welcome is (draft|live|paused), so it cannot be"):
        {
            "pause": lambda: publish.pause(db, made),
            "resume": lambda: publish.resume(db, made),
            "stop": lambda: publish.stop(db, made, NOW),
        }[switch]()
    assert row(db, made).status == status
    db.dispose()


def test_only_what_moves_nobody_can_be_deleted(db: Database) -> None:
    made = a_draft(db)
    go_live(db, made)
    for switch in (lambda: None, lambda: publish.pause(db, made)):
        switch()
        with pytest.raises(drafts.StillRunning), db.write() as conn:
            drafts.remove(conn, made)
    publish.stop(db, made, NOW)
    with db.write() as conn:
        drafts.remove(conn, made)
    with db.read() as conn, pytest.raises(drafts.NoSuchJourney):
        drafts.find(conn, made)
