"""Cursors: where the next page begins, as a short text nobody needs to read."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from backend.api.errors import invalid

BIGGEST = 2**63 - 1


def cursor(*place: int | str) -> str:
    """The text that stands for the last row's sort keys."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(after: str | None, *types: type) -> tuple[Any, ...] | None:
    """The sort keys a cursor stands for, of these types; None for the first page. A broken cursor is a 422."""
    if not after:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        keys = None
    is_whole = isinstance(keys, list) and len(keys) == len(types)
    if not is_whole or not all(type(key) is kind for key, kind in zip(keys, types, strict=True)):
        raise invalid("after", "This is not a cursor that a list gave.")
    if any(isinstance(key, int) and abs(key) > BIGGEST for key in keys):
        raise invalid("after", "This is not a cursor that a list gave.")
    return tuple(keys)


def page(rows: Sequence[Any], limit: int, *keys: str) -> tuple[Sequence[Any], str | None]:
    """Of up to limit + 1 rows the first `limit`, and the cursor of the next page when there is one more."""
    if len(rows) <= limit:
        return rows, None
    kept = rows[:limit]
    return kept, cursor(*(getattr(kept[-1], key) for key in keys))
