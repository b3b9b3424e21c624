"""INSERT … ON CONFLICT, the one place where the two databases are spelled differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_new(conn: Connection, table: Table) -> Insert:
    """Insert what is not there yet; a row whose key exists stays as it is."""
    statement: Insert = _insert(conn, table).on_conflict_do_nothing()
    return statement


def insert_or_set(conn: Connection, table: Table, *, key: str, columns: tuple[str, ...]) -> Insert:
    """Insert, or set `columns` of the row that has the key."""
    statement: Any = _insert(conn, table)
    values = {name: statement.excluded[name] for name in columns}
    changed: Insert = statement.on_conflict_do_update(index_elements=[key], set_=values)
    return changed


def _insert(conn: Connection, table: Table) -> Any:
    return sqlite.insert(table) if conn.dialect.name == "sqlite" else postgresql.insert(table)
