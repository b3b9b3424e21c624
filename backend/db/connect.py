"""Connections: one engine, `read()` and `write()` transactions, on SQLite and PostgreSQL.

SQLite: SQLAlchemy's defaults lose updates silently (no BEGIN before SELECT), and SQLite's own busy handler starves
writers; so we emit BEGIN ourselves and put a `flock` gate in front of BEGIN IMMEDIATE. Rules for write transactions: no
network, no sleep, no template rendering inside, never one inside another. Measured and argued in
docs/decisions/0003-one-writer-at-a-time.md.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from backend.db.functions import register_on_sqlite
from backend.settings import Settings


class Database:
    """An engine and the two kinds of transaction everything goes through."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(sojourn_write=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short reading transaction; what it sees does not change while it lasts (SQLite)."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: committed at the end, rolled back by an exception."""
        with self._writing.begin() as connection:
            yield connection

    def dispose(self) -> None:
        self.engine.dispose()


def connect(settings: Settings) -> Database:
    """The database of these settings; the folder of a SQLite file is made when missing."""
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite":
        assert url.database
        os.makedirs(os.path.dirname(url.database) or ".", exist_ok=True)
        return Database(_sqlite(settings.url, url.database, settings.sync))
    return Database(
        create_engine(
            settings.url,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=24,
            connect_args={"options": "-c timezone=UTC -c jit=off"},
        )
    )


def _sqlite(url: str, path: str, sync: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=8, max_overflow=24)
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={sync}",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "journal_size_limit=67108864",
    )

    @event.listens_for(engine, "connect")
    def _open(dbapi: sqlite3.Connection, record: Any) -> None:
        dbapi.isolation_level = None  # we emit BEGIN, on every Python version
        for pragma in pragmas:
            dbapi.execute("PRAGMA " + pragma)
        register_on_sqlite(dbapi)
        record.info["gate"] = os.open(path + ".writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("sojourn_write"):
            fcntl.flock(connection.connection.info["gate"], fcntl.LOCK_EX)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def _checkin(dbapi: sqlite3.Connection | None, record: Any) -> None:
        if "gate" in record.info:
            fcntl.flock(record.info["gate"], fcntl.LOCK_UN)

    @event.listens_for(engine, "close")
    def _close(dbapi: sqlite3.Connection, record: Any) -> None:
        gate = record.info.pop("gate", None)
        if gate is not None:
            os.close(gate)

    return engine
