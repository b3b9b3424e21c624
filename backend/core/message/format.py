"""Which of the three formats a body is in, and how a value reads in it."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from jinja2 import Undefined

Format = Literal["mjml", "html", "text"]

_SILENT = re.compile(r"(?:\s+|\{#.*?#\}|\{%.*?%\})*", re.DOTALL)
_WHOLE_MAX = 1e15


def format_of(body: str) -> Format:
    """MJML when it starts with `<mjml`, HTML with `<`, else plain text; what prints nothing before it is skipped."""
    match = _SILENT.match(body)
    start = body[match.end() if match else 0 :][:5]
    return "mjml" if start == "<mjml" else "html" if start[:1] == "<" else "text"


def shown(value: Any) -> str:
    """A value as a reader sees it: true/false, whole numbers without a point, lists and objects as JSON, none as “”.

    Text stays the object it is, so that what is escaped already stays marked so.
    """
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Undefined):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(whole(value))
    if isinstance(value, list | tuple | dict):
        return json.dumps(plain(value), ensure_ascii=False, default=str)
    return str(value)


def whole(value: float) -> float | int:
    """5 for 5.0; numbers too large to be counted exactly stay as they are."""
    return int(value) if value.is_integer() and abs(value) < _WHOLE_MAX else value


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return whole(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return None if isinstance(value, Undefined) else value
