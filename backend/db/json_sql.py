"""Reading JSON columns on SQLite and PostgreSQL: the type and the value at a path, as each dialect says it.

A path is a tuple of object keys; what lies at a key of something that is no object is missing. Types come back in one
vocabulary: text, number, boolean, list, object; None where the value is missing or null.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Numeric, Text, case, cast, func, literal, select, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

Sql = ColumnElement[Any]


@dataclass(frozen=True)
class JsonValue:
    """The value at a path of a JSON column."""

    column: Sql
    path: tuple[str, ...]
    is_sqlite: bool

    def _sqlite_path(self) -> str:
        # A quote cannot be escaped inside a SQLite path; such a key is never found (parse refuses it in conditions).
        return "$" + "".join(f'."{key}"' for key in self.path)

    def _jsonb(self, path: tuple[str, ...] | None = None) -> Sql:
        found: Sql = type_coerce(self.column, JSONB)
        for key in self.path if path is None else path:
            found = found.op("->", return_type=JSONB())(literal(key, Text))
        return found

    def _jsonb_text(self) -> Sql:
        last = literal(self.path[-1], Text)
        return self._jsonb(self.path[:-1]).op("->>", return_type=Text())(last)

    def _type(self) -> Sql:
        if self.is_sqlite:
            return func.json_type(self.column, self._sqlite_path())
        return func.jsonb_typeof(self._jsonb())

    def is_text(self) -> Sql:
        return self._type() == ("text" if self.is_sqlite else "string")

    def is_number(self) -> Sql:
        return self._type().in_(["integer", "real"]) if self.is_sqlite else self._type() == "number"

    def is_list(self) -> Sql:
        return self._type() == "array"

    def is_set(self) -> Sql:
        """Present, not null, not empty text."""
        kind = self._type()
        empty = (kind == ("text" if self.is_sqlite else "string")) & (self.text() == "")
        return kind.is_not(None) & (kind != "null") & ~func.coalesce(empty, False)

    def text(self) -> Sql:
        """The value as text; meaningful where it is text."""
        if self.is_sqlite:
            return func.json_extract(self.column, self._sqlite_path(), type_=Text)
        return self._jsonb_text().collate("C")

    def number(self) -> Sql:
        """The value as a number, NULL where it is none."""
        if self.is_sqlite:
            value: Sql = func.json_extract(self.column, self._sqlite_path())
        else:
            value = cast(self._jsonb_text(), Numeric)
        return case((self.is_number(), value), else_=None)

    def equals_bool(self, value: bool) -> Sql:
        if self.is_sqlite:
            return self._type() == ("true" if value else "false")
        return self._jsonb() == cast(literal(json.dumps(value), Text), JSONB)

    def has_member(self, value: str | float | bool) -> Sql:
        """The value is a list and holds this scalar."""
        if not self.is_sqlite:
            return func.coalesce(self.is_list(), False) & self._jsonb().op("@>", return_type=Boolean())(
                cast(literal(json.dumps([value]), Text), JSONB)
            )
        item = func.json_each(self.column, self._sqlite_path()).table_valued("value", "type", name="item")
        if isinstance(value, bool):
            fits = item.c.type == ("true" if value else "false")
        elif isinstance(value, str):
            fits = (item.c.type == "text") & (item.c.value == value)
        else:
            fits = item.c.type.in_(["integer", "real"]) & (item.c.value == value)
        return self.is_list() & select(1).select_from(item).where(fits).exists()


def is_equal_list(found: JsonValue, value: Sequence[Any]) -> Sql:
    """The value is a list with exactly these items."""
    text = json.dumps(list(value), ensure_ascii=False, separators=(",", ":"))
    if found.is_sqlite:
        return found.is_list() & (found.text() == func.json(text))
    return found._jsonb() == cast(literal(text, Text), JSONB)


def never() -> Sql:
    return ~true()
