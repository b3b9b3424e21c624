"""Migrations: one head, equal to the tables, up and down and up again; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from backend.db.connect import Database, connect
from backend.db.migrate import MIGRATIONS, current, downgrade, migrate
from backend.db.tables import engine_state, metadata
from backend.settings import Settings
from tests.support.postgres import fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database in which nothing has been made yet."""
    if request.param == "sqlite":
        db = connect(Settings(data_dir=tmp_path))
        yield db
        db.dispose()
        return
    with fresh_database() as settings:
        db = connect(settings)
        yield db
        db.dispose()


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.mark.slow
def test_a_new_database_has_exactly_the_tables_of_the_code(empty: Database) -> None:
    assert migrate(empty)
    with empty.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert conn.execute(select(engine_state.c.event_watermark)).scalars().all() == [0]


@pytest.mark.slow
def test_up_down_and_up_again(empty: Database) -> None:
    migrate(empty)
    before = _columns(empty)
    downgrade(empty, "base")
    with empty.read() as conn:
        assert set(inspect(conn).get_table_names()) - {"alembic_version", "sqlite_sequence"} == set()
    assert current(empty) is None
    migrate(empty)
    assert _columns(empty) == before


@pytest.mark.slow
def test_migrating_again_does_nothing(empty: Database) -> None:
    assert migrate(empty)
    assert not migrate(empty)


def _columns(db: Database) -> dict[str, list[Any]]:
    with db.read() as conn:
        found = inspect(conn)
        return {
            name: sorted((it["name"], str(it["type"]), it["nullable"]) for it in found.get_columns(name))
            for name in found.get_table_names()
        }
