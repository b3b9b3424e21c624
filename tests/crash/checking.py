"""What must hold whatever was killed when: a checker over the database, and one over the flow document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text

from backend.db import tables as t
from backend.db.connect import Database
from tests.crash.sending import EVENT
from tests.support.smtp import Letter


def flow_problems(flow: dict[str, Any]) -> list[str]:
    """The identities of the flow document that do not hold."""
    outcomes = flow["outcomes"]
    ended = outcomes["completed"] + outcomes["exited"] + outcomes["failed"]
    problems = [] if outcomes["entered"] == outcomes["inside"] + ended else [f"outcomes {outcomes}"]
    problems += [
        f"{name} {node}" for name, node in flow["nodes"].items() if node["entered"] != node["inside"] + node["left"]
    ]
    inside = sum(node["inside"] for node in flow["nodes"].values())
    if inside != outcomes["inside"]:
        problems.append(f"{inside} people on the nodes, {outcomes['inside']} inside")
    for edge, n in flow["edges"].items():
        if flow["nodes"][edge.split(":")[0]]["left"] < n:
            problems.append(f"{edge} {n} is more than left")
    return problems


def stored_events(db: Database) -> list[int]:
    """The property `n` of each stored event, as often as it is stored."""
    with db.read() as conn:
        found = conn.execute(select(t.event.c.properties).where(t.event.c.name == EVENT)).scalars()
        return sorted(properties["n"] for properties in found)


def passages(db: Database) -> Counter[int]:
    """How many passages each event started."""
    with db.read() as conn:
        found = select(t.event.c.properties).join_from(t.enrollment, t.event, t.enrollment.c.event_id == t.event.c.id)
        return Counter(properties["n"] for properties in conn.execute(found).scalars())


def message_states(db: Database) -> dict[int, str]:
    with db.read() as conn:
        return {row.id: row.state for row in conn.execute(select(t.message.c.id, t.message.c.state))}


def moves_are_whole(db: Database) -> bool:
    """Every passage has exactly the moves it counts, numbered without a gap."""
    e, m = t.enrollment, t.move
    counted = select(m.c.enrollment_id, func.count().label("n"), func.max(m.c.no).label("last"))
    per_passage = counted.group_by(m.c.enrollment_id).subquery()
    wrong = (
        select(func.count())
        .select_from(e.outerjoin(per_passage, per_passage.c.enrollment_id == e.c.id))
        .where(func.coalesce(per_passage.c.n, 0) != e.c.moves)
    )
    gaps = select(func.count()).select_from(per_passage).where(per_passage.c.last != per_passage.c.n - 1)
    with db.read() as conn:
        return [conn.execute(found).scalar_one() for found in (wrong, gaps)] == [0, 0]


def is_sound(db: Database) -> bool:
    """SQLite: the file's own check. PostgreSQL looks after itself."""
    if not db.is_sqlite:
        return True
    with db.read() as conn:
        return bool(conn.execute(text("PRAGMA integrity_check")).scalar_one() == "ok")


def arrivals(letters: Sequence[Letter]) -> Counter[int]:
    """How often each message arrived, by the number in its Message-ID."""
    found = (re.fullmatch(r"<d\.(\d+)\.[0-9a-f]{8}@.+>", letter.message_id) for letter in letters)
    return Counter(int(match[1]) for match in found if match)
