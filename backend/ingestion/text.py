"""Values a database can keep: no NUL, no half of a surrogate pair, not too deep, not too big.

PostgreSQL refuses NUL in text and lone surrogates cannot be written as UTF-8, so both are mended here rather than at
the bottom of a statement, where they would take a whole batch with them.
"""

from __future__ import annotations

import json
from typing import Any

DEPTH_MAX = 32  # SQLite's JSON functions stop at 1,000, Python's reader earlier


def is_plain(text: str) -> bool:
    """True when the text needs no mending."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def mend(text: str) -> str:
    """The text without NUL; half pairs become U+FFFD."""
    if is_plain(text):
        return text
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def mend_value(value: Any) -> Any:
    """The JSON value with every text in it mended, keys included."""
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, dict):
        return {mend(str(key)): mend_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mend_value(item) for item in value]
    return value


def depth(value: Any, limit: int = DEPTH_MAX) -> int:
    """How deeply lists and objects are nested; looks no further than limit + 1."""
    if limit < 0 or not isinstance(value, dict | list):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max((depth(item, limit - 1) for item in inside), default=0)


def measure(value: Any) -> tuple[str, bool]:
    """The value's JSON text, and whether it needs `mend_value`. Raises ValueError for NaN and infinity."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text, "\\u0000" not in text and is_plain(text)
