"""A database with every table, and a count of what it is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from backend.db.connect import Database, connect
from backend.settings import Settings
from tests.support.app import NOW

__all__ = ["NOW", "sqlite_db", "statements"]


@pytest.fixture
def sqlite_db(sqlite_settings: Settings) -> Iterator[Database]:
    """For what does not depend on the database."""
    db = connect(sqlite_settings)
    yield db
    db.dispose()


@pytest.fixture
def statements(db: Database) -> Iterator[list[str]]:
    """The statements sent to the database, in order; one that is run for many rows counts once."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
