"""The statements of a plan as text, for `explain`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from backend.compiler.plan import Plan
from backend.engine.program import Program


def statements(plan: Plan, *, is_sqlite: bool) -> Iterator[tuple[str, str]]:
    """(what it is for, SQL) of every statement the plan runs, as of journey 1, version 1."""
    program = Program(
        journey_id=1,
        version_id=1,
        plan=plan,
        is_sqlite=is_sqlite,
        is_current=True,
        is_one_by_one=plan.reentry.allow == "always",
    )
    dialect: Any = (sqlite if is_sqlite else postgresql).dialect(paramstyle="named")
    named = [
        ("new passages, by trigger", program.pick_entries),
        ("passages an event moves", program.pick_on_event),
        ("passages whose time is up", program.pick_due),
        ("passages whose time was up before an event", program.pick_due_before),
        ("passages at rest after a change", program.pick_changed),
        *((f"passages in a rest of zero length ({sort})", program.pick_on[sort]) for sort in program.sorts),
        ("history", program.record),
        ("messages", program.write_messages if program.has_sends else None),
        *(("changes of contacts", effect) for effect in program.effects),
        ("place those who entered", program.place_entered),
        ("place those who moved", program.place_moved),
    ]
    for name, statement in named:
        if statement is not None:
            yield name, _filled(statement.compile(dialect=dialect))  # type: ignore[attr-defined]


def _filled(compiled: Any) -> str:
    """The text with its constants in place; what a tick gives (:now, :round …) keeps its name. For reading only."""

    def value(found: re.Match[str]) -> str:
        given = compiled.params.get(found[1])
        return found[0] if given is None else _literal(given)

    text = re.sub(r"\(__\[POSTCOMPILE_(\w+)\]\)", value, str(compiled))
    return re.sub(r"(?<![:\w]):(\w+)", value, text)


def _literal(given: Any) -> str:
    if isinstance(given, list | tuple | frozenset):
        return f"({', '.join(_literal(item) for item in given)})"
    if isinstance(given, dict):
        given = json.dumps(given, ensure_ascii=False)
    return "'" + given.replace("'", "''") + "'" if isinstance(given, str) else str(given)
