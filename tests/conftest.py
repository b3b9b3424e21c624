"""What tests of every room may use: a migrated database on either engine, and the app over it.

A test that takes `db` (or what is built on it) runs on SQLite and on PostgreSQL; `sqlite_settings` and
`postgres_settings` name one. PostgreSQL tests are skipped where there is no server; with `--postgres`, or where
SOJOURN_TEST_POSTGRES names one, its absence is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.accounts import workspace
from backend.boot import Sojourn, create_app
from backend.db.connect import Database, connect
from backend.db.migrate import migrate
from backend.db.tables import metadata
from backend.settings import Settings
from tests.support import postgres
from tests.support.app import NOW, Client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="fail, not skip, without a PostgreSQL server")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--postgres"):
        os.environ.setdefault("SOJOURN_TEST_POSTGRES", postgres.LOCAL)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("migrated"))
    db = connect(settings)
    migrate(db)
    workspace.ensure(db, now_ms=NOW)
    db.dispose()
    return settings.data_dir / "sojourn.db"


@pytest.fixture
def sqlite_settings(migrated_file: Path, tmp_path: Path) -> Settings:
    """A migrated SQLite file of one's own."""
    shutil.copy(migrated_file, tmp_path / "sojourn.db")
    return Settings(data_dir=tmp_path)


@pytest.fixture(scope="session")
def _migrated_postgres() -> Iterator[Settings]:
    """One database a worker, emptied before each test."""
    with postgres.fresh_database() as settings:
        db = connect(settings)
        migrate(db)
        db.dispose()
        yield settings


@pytest.fixture
def postgres_settings(_migrated_postgres: Settings, tmp_path: Path) -> Settings:
    """A migrated, empty PostgreSQL database."""
    db = connect(_migrated_postgres)
    with db.write() as conn:
        conn.execute(text(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)} RESTART IDENTITY"))
    workspace.ensure(db, now_ms=NOW)
    db.dispose()
    return replace(_migrated_postgres, data_dir=tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest) -> Settings:
    chosen: Settings = request.getfixturevalue(f"{request.param}_settings")
    return chosen


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    database = connect(settings)
    yield database
    database.dispose()


@pytest.fixture
def sojourn(sqlite_settings: Settings) -> Iterator[Sojourn]:
    """The app on SQLite, without a clock: nothing moves by itself."""
    joined = create_app(sqlite_settings, with_clock=False)
    yield joined
    joined.close()


@pytest.fixture
def stranger(sojourn: Sojourn) -> Client:
    """A browser nobody is logged in at."""
    return Client(sojourn)


@pytest.fixture
def ada(sojourn: Sojourn) -> Client:
    """Ada's browser; she is logged in."""
    return Client(sojourn).log_in("ada@example.com")


@pytest.fixture
def program(sojourn: Sojourn) -> Client:
    """A program with an API key."""
    return Client(sojourn).with_key()
