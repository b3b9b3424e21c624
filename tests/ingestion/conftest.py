"""A database with every table, on both engines: fresh for each test, made once for all of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, event, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from backend.db.connect import Database, connect
from backend.db.tables import engine_state, metadata, workspace
from backend.settings import Settings

SERVER = make_url(os.environ.get("SOJOURN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"))
NOW = 1_790_000_000_000


def prepare(db: Database) -> None:
    with db.write() as conn:
        conn.execute(insert(engine_state).values(id=1, event_watermark=0, reached_at=0))
        conn.execute(insert(workspace).values(id=1, name="Test", mode="live", postal_address="1 Main St", created_at=0))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    db = connect(Settings(data_dir=folder))
    metadata.create_all(db.engine)
    prepare(db)
    db.dispose()
    return folder / "sojourn.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    name = f"sojourn_doors_{uuid4().hex[:8]}"
    server = create_engine(SERVER.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError as error:
        pytest.skip(f"no PostgreSQL: {error.orig}")
    db = connect(Settings(data_dir=Path("/nowhere"), database_url=SERVER.set(database=name).render_as_string(False)))
    metadata.create_all(db.engine)
    yield db
    db.dispose()
    with server.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "sojourn.db")
    db = connect(Settings(data_dir=tmp_path))
    yield db
    db.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    if request.param == "sqlite":
        database: Database = request.getfixturevalue("sqlite_db")
        return database
    database = request.getfixturevalue("postgres")
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with database.write() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    prepare(database)
    return database


@pytest.fixture
def statements(db: Database) -> Iterator[list[str]]:
    """The statements sent to the database, in order; one that is run for many rows counts once."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
