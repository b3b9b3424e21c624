"""The flow document: how many people are where and went which way, exact at every moment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from backend.compiler.visits import flow_counts, visits
from backend.db import tables as t
from backend.db.types import iso
from backend.reports.plans import plan_of


def flow(conn: Connection, journey_id: int, *, version: int | None = None, at_ms: int) -> dict[str, Any]:
    """{version, at, nodes, edges, outcomes} of one version (its number), or of all of them.

    Of all, the nodes of older versions that the newest has no more are listed after its own.
    """
    v = t.version
    found = select(v.c.id, v.c.number, v.c.plan).where(v.c.journey_id == journey_id).order_by(v.c.number.desc())
    if version is not None:
        found = found.where(v.c.number == version)
    versions = conn.execute(found).all()
    legs = _legs(conn, [row.id for row in versions])
    total: dict[str, Any] = {"nodes": {}, "edges": {}, "outcomes": {}}
    for row in versions:
        counts = flow_counts(plan_of(row.plan), legs.get(row.id, {}))
        _add(total["edges"], counts["edges"])
        _add(total["outcomes"], counts["outcomes"])
        for node, count in counts["nodes"].items():
            _add(total["nodes"].setdefault(node, {}), count)
    if not versions:
        total["outcomes"] = dict.fromkeys(_OUTCOMES, 0)
    return {"version": versions[0].number if versions else None, "at": iso(at_ms), **total}


def edges_of(conn: Connection, version_id: int) -> dict[int, tuple[str, ...]]:
    """leg -> the edges ("node:port") it goes along, for telling what a tick moved."""
    plan = plan_of(conn.execute(select(t.version.c.plan).where(t.version.c.id == version_id)).scalar_one())
    return {
        leg.id: tuple(f"{visit.node}:{visit.port}" for visit in visits(plan, leg) if visit.is_edge) for leg in plan.legs
    }


def outcomes(conn: Connection, journeys: list[int] | None = None) -> dict[int, dict[str, int]]:
    """journey -> {entered, inside, completed, exited, failed, converted}, for lists: one statement for all."""
    c, leg, v = t.counter, t.leg, t.version
    found = (
        select(v.c.journey_id, leg.c.state, leg.c.is_entry, c.c.n)
        .join(v, v.c.id == c.c.version_id)
        .join(leg, (leg.c.version_id == c.c.version_id) & (leg.c.leg == c.c.leg))
    )
    if journeys is not None:
        found = found.where(v.c.journey_id.in_(journeys))
    names = {1: "completed", 2: "exited", 3: "failed"}
    total: dict[int, dict[str, int]] = {}
    for journey, state, is_entry, n in conn.execute(found):
        mine = total.setdefault(journey, dict.fromkeys(_OUTCOMES, 0))
        mine["entered"] += n if is_entry else 0
        mine["inside"] += n if is_entry else 0
        if state in names:
            mine[names[state]] += n
            mine["inside"] -= n
    return total


def _legs(conn: Connection, versions: list[int]) -> dict[int, dict[int, int]]:
    c = t.counter
    found: dict[int, dict[int, int]] = {}
    for row in conn.execute(select(c.c.version_id, c.c.leg, c.c.n).where(c.c.version_id.in_(versions))):
        found.setdefault(row.version_id, {})[row.leg] = row.n
    return found


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, n in more.items():
        total[name] = total.get(name, 0) + n


_OUTCOMES = ("entered", "inside", "completed", "exited", "failed", "converted")
