"""Lengths of time as documents hold them: {"amount": 2, "unit": "days"}.

Units are fixed lengths (a day is 24 hours); inside the product a length is whole milliseconds.
Source: semantics.md "Time".
"""

from __future__ import annotations

from typing import Any

from backend.core.problem import Problem, error

UNIT_MS = {"seconds": 1000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000, "weeks": 604_800_000}
DURATION_MS_MAX = 36_525 * UNIT_MS["days"]
"""A hundred years: more is a typing mistake, and would carry due times out of the calendar."""

_EXAMPLE = 'Write a length of time like {"amount": 2, "unit": "days"}.'
_UNITS = "seconds, minutes, hours, days or weeks"


def read_duration(data: object, *, field: str, node: str | None = None) -> tuple[int | None, list[Problem]]:
    """The milliseconds, or None and what is wrong, each problem at its own key below `field`."""
    if not isinstance(data, dict):
        return None, [
            error("invalid_duration", "A length of time is missing here.", node=node, field=field, fix=_EXAMPLE)
        ]

    def wrong(key: str, message: str, fix: str, code: str = "invalid_duration") -> Problem:
        return error(code, message, node=node, field=f"{field}.{key}" if field else key, fix=fix)

    problems = [
        wrong(str(key), f"A length of time has no “{key}”.", "Keep only amount and unit.", "unknown_key")
        for key in data
        if key not in ("amount", "unit")
    ]
    amount, unit = data.get("amount"), data.get("unit")
    is_amount = isinstance(amount, int) and not isinstance(amount, bool) and amount > 0
    if not is_amount:
        problems.append(wrong("amount", "The length of time needs a whole number above zero.", _EXAMPLE))
    is_unit = isinstance(unit, str) and unit in UNIT_MS
    if not is_unit:
        problems.append(wrong("unit", f"The unit of time must be {_UNITS}.", f"Choose {_UNITS}."))
    if problems or not is_amount or not is_unit:
        return None, problems
    milliseconds = _as_int(amount) * UNIT_MS[str(unit)]
    if milliseconds > DURATION_MS_MAX:
        return None, [wrong("amount", "This length of time is more than a hundred years.", "Choose a shorter time.")]
    return milliseconds, []


def duration_ms(data: object) -> int:
    """The milliseconds of a duration that has been checked; ValueError when it is none."""
    milliseconds, problems = read_duration(data, field="")
    if milliseconds is None:
        raise ValueError(problems[0].message)
    return milliseconds


def _as_int(value: Any) -> int:
    return int(value)
