"""Plans as reports read them: once per text, since a version never changes."""

from __future__ import annotations

from functools import lru_cache

from backend.compiler import codec
from backend.compiler.plan import Plan


@lru_cache(maxsize=256)
def plan_of(text: str) -> Plan:
    """The plan of a version's `plan` column."""
    return codec.load(text)
