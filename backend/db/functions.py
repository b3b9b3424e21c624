"""SQL functions that SQLite lacks, registered on each connection; PostgreSQL has its own from a migration.

sojourn_instant(text, zone): milliseconds UTC of an ISO 8601 date or date-time, or NULL when it is none. A plain date is
midnight, text without offset is local time, in `zone`.
sojourn_merge(json, json): the second object's keys laid over the first's, one level deep.
lower(text): SQLite's own knows the letters of ASCII only; PostgreSQL's knows those of its locale.
"""

from __future__ import annotations

import json
import sqlite3

from backend.core.moment import instant_ms


def _merge(base: str | None, over: str | None) -> str:
    return json.dumps({**json.loads(base or "{}"), **json.loads(over or "{}")}, ensure_ascii=False)


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()


def register_on_sqlite(connection: sqlite3.Connection) -> None:
    connection.create_function("sojourn_instant", 2, instant_ms, deterministic=True)
    connection.create_function("sojourn_merge", 2, _merge, deterministic=True)
    connection.create_function("lower", 1, _lower, deterministic=True)
