"""SQLite connections: the pragmas are on, writers take turns, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update

from backend.db.connect import Database, connect
from backend.db.tables import engine_state
from backend.settings import Settings


@pytest.fixture
def file(sqlite_settings: Settings) -> Database:
    return connect(sqlite_settings)


def test_every_connection_has_its_pragmas(file: Database) -> None:
    with file.read() as one, file.read() as other:
        for conn in (one, other):
            assert conn.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert conn.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
            assert conn.execute(text("PRAGMA busy_timeout")).scalar_one() == 30_000


def test_no_update_is_lost_between_writers(file: Database) -> None:
    def add_one(_: int) -> None:
        with file.write() as conn:
            n = conn.execute(select(engine_state.c.event_watermark)).scalar_one()
            conn.execute(update(engine_state).values(event_watermark=n + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(200)))
    with file.read() as conn:
        assert conn.execute(select(engine_state.c.event_watermark)).scalar_one() == 200


def test_a_failed_write_leaves_nothing_and_lets_the_next_one_in(file: Database) -> None:
    def fail() -> None:
        with file.write() as conn:
            conn.execute(update(engine_state).values(event_watermark=7))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with file.write() as conn:
        assert conn.execute(select(engine_state.c.event_watermark)).scalar_one() == 0


def test_a_reader_sees_one_moment(file: Database) -> None:
    with file.read() as reader:
        before = reader.execute(select(engine_state.c.event_watermark)).scalar_one()
        with file.write() as writer:
            writer.execute(update(engine_state).values(event_watermark=before + 1))
        assert reader.execute(select(engine_state.c.event_watermark)).scalar_one() == before
