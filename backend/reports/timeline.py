"""Everything that happened to one contact: events, steps, messages, consent; newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from backend.compiler.visits import visits
from backend.core import events
from backend.db import tables as t
from backend.db.types import iso
from backend.reports.names import names_of
from backend.reports.plans import plan_of


class _Item(NamedTuple):
    at: int
    place: tuple[int, int, int]  # order within one instant: sort, id, position on the way
    shown: dict[str, Any]


def timeline(conn: Connection, contact_id: int, *, after: str | None = None, limit: int = 50) -> dict[str, Any]:
    """{items: [{at, kind, title, journey, node, detail}], next}. `after`: "instant-skip", as `next` gave it."""
    upto, skip = _cursor(after)
    most = limit + skip + 1
    items = [
        *_events(conn, contact_id, upto, most),
        *_steps(conn, contact_id, upto, most),
        *_messages(conn, contact_id, upto, most),
        *_consent(conn, contact_id, upto, most),
    ]
    items.sort(key=lambda item: (item.at, item.place), reverse=True)
    page = items[skip : skip + limit]
    if len(items) <= skip + limit:
        return {"items": [item.shown for item in page], "next": None}
    last = page[-1].at
    seen = sum(1 for item in items[: skip + limit] if item.at == last)
    return {"items": [item.shown for item in page], "next": f"{last}-{seen}"}


def _cursor(after: str | None) -> tuple[int, int]:
    at, _, skip = (after or "").partition("-")
    if at.isdigit() and skip.isdigit():
        return int(at), int(skip)
    return 2**62, 0


def _shown(at: int, kind: str, title: str, journey: Any = None, node: str | None = None, detail: Any = None) -> Any:
    return {"at": iso(at), "kind": kind, "title": title, "journey": journey, "node": node, "detail": detail}


def _events(conn: Connection, contact_id: int, upto: int, most: int) -> Iterator[_Item]:
    e = t.event
    rows = conn.execute(
        select(e.c.id, e.c.name, e.c.at, e.c.properties)
        .where(e.c.contact_id == contact_id, e.c.at <= upto)
        .order_by(e.c.at.desc(), e.c.id.desc())
        .limit(most)
    )
    for row in rows:
        title = "Details changed" if row.name == events.CHANGED else row.name
        yield _Item(row.at, (0, row.id, 0), _shown(row.at, "event", title, detail=row.properties))


def _steps(conn: Connection, contact_id: int, upto: int, most: int) -> Iterator[_Item]:
    """Every visit to a node, titled as the version calls it, with the way it was left.

    A move in the middle of another may show nothing (a wait that looks back begins, a way is cut short), but never two
    in a row: twice as many moves hold `most` visits.
    """
    m, e, v, j = t.move, t.enrollment, t.version, t.journey
    rows = conn.execute(
        select(m.c.enrollment_id, m.c.no, m.c.leg, m.c.at, v.c.plan, v.c.document, j.c.id.label("journey"), j.c.name)
        .join(e, e.c.id == m.c.enrollment_id)
        .join(v, v.c.id == e.c.version_id)
        .join(j, j.c.id == e.c.journey_id)
        .where(e.c.contact_id == contact_id, m.c.at <= upto)
        .order_by(m.c.at.desc(), m.c.enrollment_id.desc(), m.c.no.desc())
        .limit(2 * most)
    )
    for row in rows:
        names = names_of(row.document)
        journey = {"id": row.journey, "name": row.name}
        plan = plan_of(row.plan)
        for position, visit in enumerate(visits(plan, plan.legs[row.leg])):
            detail = {"left_by": visit.port} if visit.port not in ("", "next") else None
            if visit.is_arrival or detail:
                shown = _shown(row.at, "step", names.get(visit.node, visit.node), journey, visit.node, detail)
                yield _Item(row.at, (1, row.enrollment_id, row.no * 1_000 + position), shown)


def _messages(conn: Connection, contact_id: int, upto: int, most: int) -> Iterator[_Item]:
    m, j = t.message, t.journey
    rows = conn.execute(
        select(m, j.c.name.label("journey_name"))
        .join(j, j.c.id == m.c.journey_id)
        .where(m.c.contact_id == contact_id, m.c.at <= upto)
        .order_by(m.c.at.desc(), m.c.id.desc())
        .limit(most)
    )
    for row in rows:
        title = f"“{row.subject}”" if row.subject else "A message"
        detail = {
            "message": row.id,
            "state": row.state,
            "reason": row.reason or row.error,
            "sent_at": iso(row.sent_at),
        }
        journey = {"id": row.journey_id, "name": row.journey_name}
        yield _Item(row.at, (2, row.id, 0), _shown(row.at, "message", title, journey, row.node, detail))


def _consent(conn: Connection, contact_id: int, upto: int, most: int) -> Iterator[_Item]:
    c = t.consent
    rows = conn.execute(
        select(c).where(c.c.contact_id == contact_id, c.c.at <= upto).order_by(c.c.at.desc(), c.c.id.desc()).limit(most)
    )
    for row in rows:
        title = "Unsubscribed" if row.action == "withdraw" else "Subscribed again"
        yield _Item(row.at, (3, row.id, 0), _shown(row.at, "consent", title, detail={"source": row.source}))
