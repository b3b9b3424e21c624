"""Who holds the clock: one process of all that share a database. The others stand by and take over when it ends.

SQLite: a `flock` on `<database file>.clock`, let go by the system even after kill -9. PostgreSQL: an advisory lock of a
session of its own, let go when that session ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from backend.db.connect import Database

logger = logging.getLogger(__name__)

ADVISORY_KEY = 7_305_616_310_117_201  # any number, as long as nobody else on the server uses it


class Holder(Protocol):
    def hold(self) -> bool:
        """Whether we hold the clock, after trying to get it when we do not. Does not wait."""
        ...

    def release(self) -> None: ...


def holder_for(db: Database) -> Holder:
    if db.is_sqlite:
        assert db.engine.url.database
        return FileHolder(db.engine.url.database + ".clock")
    return SessionHolder(db)


class FileHolder:
    """Holds a lock on a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle: int | None = None

    def hold(self) -> bool:
        if self._handle is not None:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class SessionHolder:
    """Holds an advisory lock on a PostgreSQL session that does nothing else."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._connection: Connection | None = None

    def hold(self) -> bool:
        if self._connection is not None:
            return self._is_alive(self._connection)
        try:
            connection = self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # never back to the pool: the lock lives and dies with this session
        except SQLAlchemyError:
            logger.warning("the database cannot be reached, so the clock stands still", exc_info=True)
            return False
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def _is_alive(self, connection: Connection) -> bool:
        """The session still lives, and the lock with it. Asking for the lock again would stack it."""
        try:
            connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            logger.warning("the session that held the clock is gone; standing by")
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.close()
            except SQLAlchemyError:
                logger.info("the session that held the clock was gone already")
