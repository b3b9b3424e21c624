"""What the columns of a file hold, read from their cells. Source: semantics.md "Replay".

Pure: the contact import and replay use the very same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from backend.core.moment import instant_ms

ALWAYS_TEXT = frozenset({"user_id", "email", "phone", "timezone"})
BOOLEANS = {"true": True, "false": False}
# \Z and [0-9]: `$` would let a line break pass, `\d` the digits of other scripts.
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
DIGITS_MAX = 300  # a longer number has no float


def infer_types(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Column -> boolean, number, date, datetime or text, over all its non-empty cells.

    A column of dates and date-times is datetime; one without a single value is text.
    """
    found: dict[str, str | None] = {}
    for row in rows:
        for name, cell in row.items():
            kind = found.setdefault(name, None)
            if cell and kind != "text" and name not in ALWAYS_TEXT:
                found[name] = _join(kind, cell_type(cell))
    return {name: kind or "text" for name, kind in found.items()}


def cell_type(cell: str) -> str:
    """The type of one non-empty cell."""
    if cell in BOOLEANS:
        return "boolean"
    if NUMBER.match(cell) and len(cell) <= DIGITS_MAX:
        return "number"
    if cell[:4].isdigit() and instant_ms(cell, "UTC") is not None:
        return "date" if DATE.match(cell) else "datetime"
    return "text"


def convert(cell: str, kind: str) -> Any:
    """The cell's value as that type; None for an empty one. A cell that is none of the type stays text."""
    if cell == "":
        return None
    if kind == "boolean":
        return BOOLEANS.get(cell, cell)
    if kind == "number" and NUMBER.match(cell) and len(cell) <= DIGITS_MAX:
        return float(cell) if "." in cell else int(cell)
    return cell


def _join(kind: str | None, seen: str) -> str:
    if kind is None or kind == seen:
        return seen
    return "datetime" if {kind, seen} == {"date", "datetime"} else "text"
