"""Is this plain JSON that a database can hold? Asked before anything else looks at a document.

After it, no reader needs to fear a value that is no JSON, a text that can't be stored, a number that can't be written,
or a nesting that exhausts the stack.
"""

from __future__ import annotations

import json
import math

from backend.core.problem import Problem, error

BYTES_MAX = 2_000_000
DEPTH_MAX = 64
_NUMBER_MAX = 2**63


def plain_problems(data: object) -> list[Problem]:
    """Everything that keeps `data` from being a stored JSON document; at most one problem per value."""
    problems: list[Problem] = []
    waiting: list[tuple[object, str, int]] = [(data, "", 1)]
    while waiting:
        value, path, depth = waiting.pop()
        fault = _fault(value, depth)
        if fault is not None:
            code, message, fix = fault
            problems.append(error(code, message, field=path or None, fix=fix))
        elif isinstance(value, dict):
            waiting += [(item, f"{path}.{key}".lstrip("."), depth + 1) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(item, f"{path}.{at}".lstrip("."), depth + 1) for at, item in enumerate(value)]
    if not problems and (size := len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())) > BYTES_MAX:
        message = f"The journey takes {size / 1_000_000:.1f} MB; the most is {BYTES_MAX // 1_000_000} MB."
        problems.append(error("too_large", message, fix="Shorten its messages or split the journey."))
    return sorted(problems, key=lambda problem: problem.field or "")


def _fault(value: object, depth: int) -> tuple[str, str, str] | None:
    """(code, message, fix) of this one value; what it holds is looked at by itself."""
    if depth > DEPTH_MAX:
        return "too_deep", f"This is nested deeper than {DEPTH_MAX} levels.", "Flatten it."
    if isinstance(value, str):
        return _text_fault(value)
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return "invalid_json", "The names in an object must be text.", "Write them in quotes."
        return next((fault for key in value if (fault := _text_fault(key)) is not None), None)
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return None
    if isinstance(value, int) and abs(value) < _NUMBER_MAX:
        return None
    if isinstance(value, float) and math.isfinite(value):
        return None
    if isinstance(value, int | float):
        return "invalid_json", "This number is too large, or no number.", "Use an ordinary number."
    return (
        "invalid_json",
        f"A {type(value).__name__} is no JSON value.",
        "Use text, numbers, true, false, null, lists, objects.",
    )


def _text_fault(text: str) -> tuple[str, str, str] | None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in _beyond_ascii(text)):
        return "invalid_text", "This text holds a character that can't be stored.", "Delete it and type the text again."
    return None


def _beyond_ascii(text: str) -> str:
    return "" if text.isascii() else text
