"""The field registry: which type a custom field has, and how a value is brought to it.

A field gets the type of the first value it is seen with. Later values of that type in other clothes (number text where
the registry says number) are converted; everything else is stored as it came, and conditions treat it as a value of the
wrong type.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from backend.core.moment import instant_ms
from backend.db.tables import field
from backend.ingestion.columns import BOOLEANS, DATE, NUMBER, convert
from backend.ingestion.upsert import insert_new

NAME_CHARS_MAX = 200


def load(conn: Connection) -> dict[str, str]:
    """Field name -> type."""
    return {row.name: row.type for row in conn.execute(select(field.c.name, field.c.type))}


def register(conn: Connection, types: Mapping[str, str], now_ms: int) -> None:
    """Add fields that are not there yet; one that is keeps its type."""
    rows = [{"name": name, "type": kind, "label": "", "created_at": now_ms} for name, kind in types.items()]
    if rows:
        conn.execute(insert_new(conn, field), rows)


def type_of(value: Any) -> str | None:
    """The registry type of a JSON value; None where it tells nothing (null, empty text, objects)."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, str) and value:
        if DATE.match(value) and instant_ms(value, "UTC") is not None:
            return "date"
        return "datetime" if instant_ms(value, "UTC") is not None else "text"
    return None


def coerce(value: Any, kind: str | None) -> Any:
    """The value as the registered type where that loses nothing, else as it is."""
    if kind == "number" and isinstance(value, str) and NUMBER.match(value):
        return convert(value, "number")
    if kind == "boolean" and isinstance(value, str) and value in BOOLEANS:
        return convert(value, "boolean")
    if kind == "text" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "text" and isinstance(value, int | float) and math.isfinite(value):
        return str(int(value)) if value == int(value) else str(value)
    return value
