"""Old documents walk forward in numbered steps, one format at a time, without gaps.

Formats are `sojourn/journey@N`. A step takes a document of its number and gives one of the next; it may add, move and
rename, and must leave what it doesn't know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from backend.core.problem import Problem, error

Step = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: tuple[Step, ...] = ()
"""STEPS[0] leads from @1 to @2 and so on; the newest format is one past the last step."""

_FORMAT = re.compile(r"sojourn/journey@([1-9][0-9]{0,3})\Z")


def format_after(steps: tuple[Step, ...]) -> str:
    return f"sojourn/journey@{len(steps) + 1}"


FORMAT = format_after(STEPS)


def upgrade(data: dict[str, Any], steps: tuple[Step, ...] = STEPS) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document in the newest format (itself when it is), or None and why not."""
    newest = format_after(steps)
    found = data.get("format")
    match = _FORMAT.match(found) if isinstance(found, str) else None
    if match is None:
        fix = f'Begin the document with "format": "{newest}".'
        return None, [error("unknown_format", "This does not say that it is a journey.", field="format", fix=fix)]
    number = int(match[1])
    if number > len(steps) + 1:
        message = f"This journey is written as {found}, by a newer Sojourn; this one reads up to {newest}."
        return None, [error("unknown_format", message, field="format", fix="Update Sojourn, then open it again.")]
    for at in range(number - 1, len(steps)):
        data = steps[at](data) | {"format": f"sojourn/journey@{at + 2}"}
    return data, []
