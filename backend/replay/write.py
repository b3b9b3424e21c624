"""Replay's output files: messages.csv, steps.csv, flow.json. Formats: semantics.md "Replay"."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from backend.compiler.plan import Plan
from backend.compiler.visits import visits
from backend.db import tables as t
from backend.db.types import iso
from backend.reports.flow import flow

MESSAGE_COLUMNS = ("user_id", "enrollment", "node", "at", "sent_at", "channel", "state", "reason", "subject", "body")
STEP_COLUMNS = ("user_id", "enrollment", "node", "port", "at")

Row = tuple[Any, ...]


def write_results(conn: Connection, journey_id: int, plan: Plan, until_ms: int, out: Path) -> dict[str, int]:
    """Write the three files; returns how many steps and messages there are."""
    out.mkdir(parents=True, exist_ok=True)
    document = {"seq": 0, **flow(conn, journey_id, at_ms=until_ms)}
    document = {key: document[key] for key in ("version", "seq", "at", "nodes", "edges", "outcomes")}
    (out / "flow.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    steps = sorted(_steps(conn, plan), key=itemgetter(4, 0, 1, 5))
    _write(out / "steps.csv", STEP_COLUMNS, ((*row[:4], iso(row[4])) for row in steps))
    messages = _write(out / "messages.csv", MESSAGE_COLUMNS, _messages(conn))
    return {"steps": len(steps), "messages": messages}


def _steps(conn: Connection, plan: Plan) -> Iterator[Row]:
    """(user_id, enrollment, node, port, at, place on the way): one per visit."""
    m, e, c = t.move, t.enrollment, t.contact
    legs = [tuple(visits(plan, leg)) for leg in plan.legs]
    rows = conn.execute(
        select(m.c.enrollment_id, c.c.user_id, e.c.no, m.c.leg, m.c.at)
        .join(e, e.c.id == m.c.enrollment_id)
        .join(c, c.c.id == m.c.contact_id)
        .order_by(m.c.enrollment_id, m.c.no)
    )
    for _, moves in groupby(rows, key=itemgetter(0)):
        place = 0
        staying: list[Any] | None = None
        for _, user_id, no, leg, at in moves:
            for visit in legs[leg]:
                if visit.is_arrival:
                    if staying is not None:
                        yield tuple(staying)
                    staying = [user_id, no, visit.node, visit.port, at, place]
                    place += 1
                else:
                    assert staying is not None
                    assert staying[2] == visit.node
                    staying[3] = visit.port
        if staying is not None:
            yield tuple(staying)


def _messages(conn: Connection) -> Iterator[Row]:
    m, e, c = t.message, t.enrollment, t.contact
    name = c.c.user_id if conn.dialect.name == "sqlite" else c.c.user_id.collate("C")
    rows = conn.execute(
        select(
            c.c.user_id,
            e.c.no,
            m.c.node,
            m.c.at,
            m.c.sent_at,
            m.c.channel,
            m.c.state,
            m.c.reason,
            m.c.subject,
            m.c.body,
        )
        .join(e, e.c.id == m.c.enrollment_id)
        .join(c, c.c.id == m.c.contact_id)
        .order_by(m.c.at, name, e.c.no, m.c.visit, m.c.position)
    )
    for user_id, no, node, at, sent_at, *rest in rows:
        yield (user_id, no, node, iso(at), iso(sent_at) or "", *(value if value is not None else "" for value in rest))


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[Row] | Any) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            written += 1
    return written
