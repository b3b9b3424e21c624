"""Back to the first day, and out of the sample for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, insert, select, update

from backend.authoring import drafts
from backend.core.journey import document
from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.tick import Engine
from backend.ingestion.events import accept
from backend.sample.empty import HELD, KEPT, PLAYED, rewind, start_for_real
from backend.sample.own import own_journeys
from backend.sample.purchases import FROM_MS, between
from tests.scheduling.conftest import NOW

MONTH = 30 * 86_400_000


def count(db: Database, table: Table) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def play_a_month(db: Database) -> None:
    calls = [purchase.as_track_call() for purchase in between(FROM_MS, FROM_MS + MONTH)[:40]]
    accept(db, calls, now_ms=FROM_MS, is_sample=True)
    with db.write() as conn:
        conn.execute(update(t.workspace).values(sample_at=FROM_MS + MONTH))
    Engine(db).tick(FROM_MS + MONTH)


def flows(db: Database) -> list[Any]:
    with db.read() as conn:
        # Ids are never given twice, so the ways are compared, not their numbers.
        ways = select(t.move.c.contact_id, t.enrollment.c.no, t.move.c.no, t.move.c.leg, t.move.c.at)
        ways = ways.join(t.enrollment, t.enrollment.c.id == t.move.c.enrollment_id)
        return sorted(tuple(row) for row in conn.execute(ways))


def test_every_table_is_known_to_be_emptied_or_kept() -> None:
    named = [table.name for table in (*PLAYED, *HELD, *KEPT, t.journey)]
    assert sorted(named) == sorted(t.metadata.tables)


def test_going_back_takes_out_what_happened_and_leaves_people_and_journeys(shop: Database) -> None:
    play_a_month(shop)
    assert count(shop, t.message) > 0
    with shop.write() as conn:
        rewind(conn, to_ms=FROM_MS)
    assert [count(shop, table) for table in PLAYED] == [0] * len(PLAYED)
    assert (count(shop, t.contact), count(shop, t.journey), count(shop, t.version)) == (2357, 3, 3)


def test_the_same_month_goes_the_same_way_a_second_time(shop: Database) -> None:
    play_a_month(shop)
    before = flows(shop)
    with shop.write() as conn:
        rewind(conn, to_ms=FROM_MS)
    play_a_month(shop)
    assert flows(shop) == before


def test_starting_for_real_empties_the_workspace(shop: Database) -> None:
    play_a_month(shop)
    with shop.write() as conn:
        start_for_real(conn, keep=own_journeys(conn), name="Mine")
    assert [count(shop, table) for table in (*PLAYED, *HELD, t.journey)] == [0] * (len(PLAYED) + len(HELD) + 1)
    with shop.read() as conn:
        row = conn.execute(select(t.workspace)).one()
    assert (row.mode, row.sample_at, row.sample_playing, row.name) == ("live", None, False, "Mine")


def test_starting_for_real_keeps_who_may_log_in(shop: Database) -> None:
    with shop.write() as conn:
        conn.execute(insert(t.user).values(email="ada@example.com", password_hash="x", created_at=NOW))
        start_for_real(conn, keep=set(), name="Mine")
    assert count(shop, t.user) == 1


def test_journeys_somebody_drew_or_changed_stay_as_drafts(shop: Database) -> None:
    with shop.write() as conn:
        mine = drafts.create(conn, document.empty("Mine"), NOW)
        welcome = drafts.find(conn, 1)
        drafts.save(conn, welcome.id, {**welcome.data, "name": "My welcome"}, welcome.revision, NOW)
        start_for_real(conn, keep=own_journeys(conn), name="Mine")
        left = conn.execute(select(t.journey.c.id, t.journey.c.name, t.journey.c.status)).all()
    assert sorted(tuple(row) for row in left) == [(welcome.id, "My welcome", "draft"), (mine, "Mine", "draft")]


def test_a_version_published_after_the_sample_is_not_taken_for_one_of_the_sample(shop: Database) -> None:
    """The engine and the mail templates remember versions by id, so an id must never be used twice."""
    with shop.read() as conn:
        before = conn.execute(select(func.max(t.version.c.id))).scalar_one()
    with shop.write() as conn:
        start_for_real(conn, keep=set(), name="Mine")
        row = {"journey_id": 1, "number": 1, "document": "", "plan": "", "published_at": NOW, "published_by": ""}
        after = conn.execute(insert(t.version).values(row).returning(t.version.c.id)).scalar_one()
    assert after > before
