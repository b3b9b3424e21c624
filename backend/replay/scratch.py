"""A database of its own for one run: a file that is removed after it, or a schema of a PostgreSQL server."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from backend.db.connect import Database, connect
from backend.db.migrate import migrate
from backend.settings import Settings


@contextmanager
def scratch_database(settings: Settings) -> Iterator[Database]:
    """A migrated, empty database. With a PostgreSQL URL a schema of its own is made there and dropped at the end."""
    if settings.url.startswith("sqlite"):
        with tempfile.TemporaryDirectory(prefix="sojourn-") as folder:
            # Nothing here outlives the run, so the disk need not be waited for.
            db = connect(replace(settings, data_dir=Path(folder), database_url="", sync="OFF"))
            try:
                migrate(db)
                yield db
            finally:
                db.dispose()
        return
    with _schema(settings) as db:
        yield db


def in_schema(settings: Settings, schema: str) -> Database:
    """A PostgreSQL database whose connections see one schema only. It must exist."""
    db = connect(settings)

    @event.listens_for(db.engine, "connect")
    def _enter(dbapi: Any, _record: object) -> None:
        dbapi.execute(f"SET search_path TO {schema}")
        dbapi.execute("SET synchronous_commit TO off")
        dbapi.commit()

    return db


@contextmanager
def _schema(settings: Settings) -> Iterator[Database]:
    name = f"sojourn_{secrets.token_hex(6)}"
    outer = connect(settings)
    try:
        with outer.write() as conn:
            conn.execute(text(f"CREATE SCHEMA {name}"))
        db = in_schema(settings, name)
        try:
            migrate(db)
            yield db
        finally:
            db.dispose()
            with outer.write() as conn:
                conn.execute(text(f"DROP SCHEMA {name} CASCADE"))
    finally:
        outer.dispose()
