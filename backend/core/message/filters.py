"""The filters a template may use: small functions on plain values, each paying for what it makes.

They are our own rather than the library's, because each must be known to end soon and to make little: what can multiply
its input (`replace`, `join`) is reckoned up before it is done, the rest can't grow text by more than a small factor.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from backend.core.message.format import plain, shown
from backend.core.message.problem import Budget, Stopped

BUDGET = "_budget"
RANGE_MAX = 1_000
_WORD = re.compile(r"\S+")


def default(value: Any, fallback: Any = "", also_false: bool = False) -> Any:
    """The fallback when the value is missing, none or an empty text, which is when a reader would see a gap."""
    is_gap = isinstance(value, Undefined) or value is None or value == ""
    return fallback if is_gap or (also_false and not value) else value


def capitalize(value: Any) -> str:
    text = shown(value)
    return text[:1].upper() + text[1:].lower()


def title(value: Any) -> str:
    return _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), shown(value))


def truncate(value: Any, length: int = 255, cut_words: bool = False, end: str = "…") -> str:
    """At most `length` characters, `end` included; ends after a whole word unless `cut_words`."""
    text = shown(value)
    if len(text) <= length:
        return text
    kept = text[: max(0, length - len(end))]
    if not cut_words and " " in kept and not text[len(kept)].isspace():
        kept = kept.rsplit(None, 1)[0]
    return kept.rstrip() + end


def length(value: Any) -> int:
    return 0 if value is None or isinstance(value, Undefined) else len(value)


def first(value: Any) -> Any:
    return next(iter(_items(value)), None)


def last(value: Any) -> Any:
    return next(iter(reversed(_items(value))), None)


def sort(value: Any, reverse: bool = False) -> list[Any]:
    return sorted(_items(value), reverse=reverse)


def reverse(value: Any) -> Any:
    return value[::-1] if isinstance(value, str) else _items(value)[::-1]


def unique(value: Any) -> list[Any]:
    kept: list[Any] = []
    seen: set[str] = set()
    for item in _items(value):
        key = json.dumps(item, sort_keys=True, default=str)
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept


def rounded(value: Any, precision: int = 0) -> float:
    if not 0 <= precision <= 10:
        raise Stopped("Numbers are rounded to between 0 and 10 decimals.")
    return round(float(value), precision)


def to_int(value: Any, fallback: int = 0) -> int:
    try:
        return int(float(value)) if isinstance(value, str) and "." in value else int(value)
    except (TypeError, ValueError, OverflowError):
        return fallback


def to_float(value: Any, fallback: float = 0.0) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return fallback
    return number if math.isfinite(number) else fallback


def total(value: Any) -> Any:
    return sum(_items(value))


def url_encoded(value: Any) -> str:
    return (
        urlencode({key: shown(item) for key, item in value.items()}) if isinstance(value, dict) else quote(shown(value))
    )


def as_json(value: Any) -> Markup:
    """JSON that may also stand inside a script or an attribute of HTML."""
    text = json.dumps(plain(value), ensure_ascii=False, default=str)
    for letter in "<>&'":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - nothing HTML reads as markup is left


@pass_context
def replace(context: Context, value: Any, old: Any, new: Any, count: int = -1) -> str:
    text, old, new = shown(value), shown(old), shown(new)
    times = len(text) + 1 if old == "" else text.count(old)
    _budget(context).spend_text(len(text) + times * len(new))
    return text.replace(old, new, count)


@pass_context
def join(context: Context, value: Any, between: Any = "") -> str:
    between = shown(between)
    parts = []
    for item in _items(value):
        parts.append(shown(item))
        _budget(context).spend_text(len(parts[-1]) + len(between))
    return _joined(between, parts)


@pass_context
def concat(context: Context, values: list[Any]) -> str:
    """What `a ~ b` becomes."""
    joined: str = join(context, values)
    return joined


@pass_context
def number_range(context: Context, bounds: list[Any]) -> list[int]:
    """What `range(…)` becomes."""
    if not 1 <= len(bounds) <= 3 or not all(isinstance(bound, int) for bound in bounds):
        raise Stopped("range() takes one to three whole numbers.")
    numbers = range(*bounds)
    if len(numbers) > RANGE_MAX:
        raise Stopped(f"range() counts up to {RANGE_MAX:,} numbers at most.")
    _budget(context).spend_text(len(numbers))
    return list(numbers)


@pass_context
def each(context: Context, value: Any, weight: int) -> list[Any]:
    """What a loop runs over, paid for in advance: its length times what its body holds."""
    items = _items(value)
    _budget(context).spend_steps(len(items) * weight)
    return items


def _paid(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def run(context: Context, *args: Any, **kwargs: Any) -> Any:
        return _budget(context).spend(function(*args, **kwargs))

    return run


def _budget(context: Context) -> Budget:
    budget = context.parent[BUDGET]
    assert isinstance(budget, Budget)
    return budget


def _items(value: Any) -> list[Any]:
    if value is None or isinstance(value, Undefined):
        return []
    if isinstance(value, str | list | tuple | dict):
        return list(value)
    raise Stopped("This works on lists and texts only.")


def _has_markup(values: list[Any]) -> bool:
    return any(isinstance(value, Markup) for value in values)


def _joined(between: str, parts: list[str]) -> str:
    """Once one part is escaped, all must be."""
    return Markup(between).join(parts) if _has_markup(parts) else between.join(parts)  # noqa: S704 - join escapes


FILTERS: dict[str, Callable[..., Any]] = {
    name: _paid(function)
    for name, function in {
        "abs": abs,
        "capitalize": capitalize,
        "count": length,
        "d": default,
        "default": default,
        "e": lambda value: escape(shown(value)),
        "escape": lambda value: escape(shown(value)),
        "first": first,
        "float": to_float,
        "int": to_int,
        "last": last,
        "length": length,
        "list": _items,
        "lower": lambda value: shown(value).lower(),
        "max": lambda value: max(_items(value), default=None),
        "min": lambda value: min(_items(value), default=None),
        "reverse": reverse,
        "round": rounded,
        "sort": sort,
        "string": shown,
        "striptags": lambda value: Markup(shown(value)).striptags(),  # noqa: S704 - it takes the markup out
        "sum": total,
        "title": title,
        "tojson": as_json,
        "trim": lambda value: shown(value).strip(),
        "truncate": truncate,
        "unique": unique,
        "upper": lambda value: shown(value).upper(),
        "urlencode": url_encoded,
        "wordcount": lambda value: len(_WORD.findall(shown(value))),
    }.items()
} | {"join": join, "replace": replace}

INNER: dict[str, Callable[..., Any]] = {"~": concat, "range()": number_range, "each()": each}
"""What the gate puts in the place of operators and loops; no template can name them."""
