"""The standard workload: trigger → wait → branch on a field → send → exit, once for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import insert, update

from backend.compiler import codec
from backend.compiler.compile import compile_graph
from backend.compiler.plan import Plan
from backend.core.journey.check import check
from backend.core.split import contact_split
from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.install import install

START_MS = 1_767_225_600_000  # 2026-01-01T00:00Z
DAY_MS = 86_400_000
WAIT_MS = 2 * DAY_MS
JOURNEY: dict[str, Any] = {
    "format": "sojourn/journey@1",
    "name": "Standard workload",
    "nodes": [
        {
            "id": "start",
            "type": "trigger.event",
            "position": {"x": 0, "y": 0},
            "config": {"event": "Signed Up", "where": None},
        },
        {
            "id": "pause",
            "type": "wait.for",
            "position": {"x": 0, "y": 140},
            "config": {"duration": {"amount": 2, "unit": "days"}},
        },
        {
            "id": "plan",
            "type": "branch.if",
            "position": {"x": 0, "y": 280},
            "config": {
                "branches": [{"port": "pro", "label": "On Pro", "when": {"field": "plan", "op": "is", "value": "pro"}}]
            },
        },
        {
            "id": "hello",
            "type": "send.email",
            "position": {"x": 0, "y": 420},
            "config": {
                "subject": "Hello",
                "body": "Hello {{ contact.first_name | default('there') }}",
                "purpose": "transactional",
            },
        },
        {"id": "done", "type": "exit", "position": {"x": 0, "y": 560}, "config": {}},
    ],
    "edges": [
        {"from": "start", "port": "next", "to": "pause"},
        {"from": "pause", "port": "next", "to": "plan"},
        {"from": "plan", "port": "pro", "to": "hello"},
        {"from": "plan", "port": "else", "to": "done"},
        {"from": "hello", "port": "next", "to": "done"},
    ],
}


def plan() -> Plan:
    graph, problems = check(JOURNEY)
    assert graph is not None, problems
    return compile_graph(graph)


def fill(db: Database, contacts: int) -> None:
    """`contacts` people, half of them on Pro, one event each within a day, and the journey as published."""
    with db.write() as conn:
        people = (
            {
                "id": n,
                "user_id": f"user-{n}",
                "email": f"user-{n}@example.com",
                "email_key": f"user-{n}@example.com",
                "fields": {"first_name": f"Name{n % 1000}", "plan": "pro" if n % 2 else "free", "score": n % 100},
                "split": contact_split(f"user-{n}"),
                "created_at": START_MS,
            }
            for n in range(1, contacts + 1)
        )
        events = (
            {
                "id": n,
                "contact_id": n,
                "name": "Signed Up",
                "at": START_MS + n * DAY_MS // (contacts + 1),
                "engine_at": START_MS + n * DAY_MS // (contacts + 1),
            }
            for n in range(1, contacts + 1)
        )
        for table, rows in ((t.contact, people), (t.event, events)):
            for chunk in _chunks(rows):
                conn.execute(insert(table), chunk)
        compiled = plan()
        conn.execute(
            insert(t.version).values(
                id=1, journey_id=1, number=1, document="{}", plan=codec.dump(compiled), published_at=START_MS
            )
        )
        install(conn, version_id=1, plan=compiled)
        conn.execute(
            insert(t.journey).values(
                id=1,
                name="Standard workload",
                status="live",
                draft="{}",
                revision=1,
                current_version_id=1,
                created_at=START_MS,
                updated_at=START_MS,
            )
        )
        conn.execute(update(t.engine_state).values(event_watermark=0))


def _chunks(rows: Iterator[dict[str, Any]], size: int = 20_000) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, size)):
        yield chunk
