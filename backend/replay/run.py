"""Replay a journey over files: the product's compiler, engine and tables on a virtual clock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from backend.compiler import codec
from backend.compiler.compile import compile_graph
from backend.compiler.plan import Plan
from backend.core import events
from backend.core.journey.graph import Graph
from backend.core.split import contact_split
from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.install import install
from backend.engine.tick import Engine
from backend.replay.files import FileProblem, Happening, Person
from backend.replay.scratch import scratch_database
from backend.replay.world import ReplayWorld
from backend.replay.write import write_results
from backend.settings import Settings

ROWS_PER_INSERT = 10_000
JOURNEY = 1


@dataclass(frozen=True)
class Case:
    """What is replayed. Both ends are inclusive; enroll: user ids for `trigger.manual`, "all", or None for nobody."""

    graph: Graph
    document: str
    people: Sequence[Person]
    happenings: Sequence[Happening]  # by time, then row
    start_ms: int
    until_ms: int
    enroll: Sequence[str] | str | None = None


def replay(case: Case, settings: Settings, out: Path) -> dict[str, Any]:
    """Run the case, write messages.csv, steps.csv and flow.json to `out`, and return the summary line.

    Returns {contacts, events, steps, messages, seconds, steps_per_second}; seconds are those of the run itself,
    rendering included, without reading and writing files.
    """
    plan = compile_graph(case.graph)
    with scratch_database(settings) as db:
        ids, history = _load(db, case, plan)
        has_identify = any(
            happening.event == events.IDENTIFY and happening.at >= case.start_ms for happening in case.happenings
        )
        world = ReplayWorld(JOURNEY, plan, has_identify=has_identify)
        engine = Engine(db, world=world, events_per_batch=200_000, people_per_batch=200_000)
        began = time.perf_counter()
        _run(db, engine, world, case, ids, history)
        seconds = time.perf_counter() - began
        with db.read() as conn:
            _raise_fault(conn)
            counts = write_results(conn, JOURNEY, plan, case.until_ms, out)
    return {
        "contacts": len(ids),
        "events": len(case.happenings),
        "steps": counts["steps"],
        "messages": counts["messages"],
        "seconds": round(seconds, 3),
        "steps_per_second": round(counts["steps"] / seconds) if seconds else 0,
    }


def _run(
    db: Database, engine: Engine, world: ReplayWorld, case: Case, ids: dict[str, int], history: frozenset[str]
) -> None:
    if case.enroll is not None:
        engine.enroll(JOURNEY, _enrolled(case, ids, history), case.start_ms)
    engine.tick(case.until_ms)
    with db.write() as conn:
        world.finish(conn, case.until_ms)


def _enrolled(case: Case, ids: dict[str, int], history: frozenset[str]) -> list[int]:
    """Those who exist when the replay begins: in the file, or with an event before it."""
    known = [person.user_id for person in case.people]
    known += sorted(history.difference(known), key=ids.__getitem__)
    if case.enroll == "all":
        return [ids[user_id] for user_id in known]
    assert case.enroll is not None
    wanted = list(dict.fromkeys(case.enroll))
    missing = [user_id for user_id in wanted if user_id not in set(known)]
    if missing:
        raise FileProblem(f"--enroll: {missing[0]!r} is not known when the replay begins")
    return [ids[user_id] for user_id in wanted]


def _load(db: Database, case: Case, plan: Plan) -> tuple[dict[str, int], frozenset[str]]:
    """Contacts, events, and the journey as published; returns the contacts' ids and who had an event before."""
    happenings = [happening for happening in case.happenings if happening.at <= case.until_ms]
    past = [happening for happening in happenings if happening.at < case.start_ms]
    people = {person.user_id: person for person in case.people}
    for happening in happenings:
        if happening.user_id not in people:
            people[happening.user_id] = Person(happening.user_id, {}, {})
    ids = {user_id: number for number, user_id in enumerate(people, start=1)}
    with db.write() as conn:
        _insert(conn, t.contact, (_contact(ids[person.user_id], person) for person in _as_of_start(people, past)))
        _insert(
            conn,
            t.event,
            (
                {
                    "id": number,
                    "contact_id": ids[happening.user_id],
                    "name": happening.event,
                    "at": happening.at,
                    "engine_at": happening.at,
                    "properties": happening.properties,
                }
                for number, happening in enumerate(happenings, start=1)
            ),
        )
        _publish(conn, case, plan, watermark=len(past))
        if db.is_sqlite:
            conn.exec_driver_sql("PRAGMA optimize")
    return ids, frozenset(happening.user_id for happening in past)


def _as_of_start(people: dict[str, Person], past: list[Happening]) -> Iterator[Person]:
    """The people as the changes before the start have left them."""
    for happening in past:
        if happening.event == events.IDENTIFY:
            person = people[happening.user_id]
            built_in, fields = dict(person.built_in), dict(person.fields)
            for name, value in (happening.properties or {}).items():
                if name == "unsubscribed":
                    built_in[name] = value is True
                elif name in ("email", "phone", "timezone"):
                    built_in[name] = value if isinstance(value, str) and value else None
                elif name not in ("user_id", "created_at"):
                    fields[name] = value
            people[happening.user_id] = Person(person.user_id, built_in, fields)
    yield from people.values()


def _contact(number: int, person: Person) -> dict[str, Any]:
    return {
        "id": number,
        "user_id": person.user_id,
        "email": person.built_in.get("email"),
        "email_key": (person.built_in.get("email") or "").strip().casefold() or None,
        "phone": person.built_in.get("phone"),
        "timezone": person.built_in.get("timezone"),
        "unsubscribed": person.built_in.get("unsubscribed", False),
        "fields": person.fields,
        "split": contact_split(person.user_id),
    }


def _publish(conn: Connection, case: Case, plan: Plan, *, watermark: int) -> None:
    conn.execute(
        insert(t.version).values(
            id=1,
            journey_id=JOURNEY,
            number=1,
            document=case.document,
            plan=codec.dump(plan),
            published_at=case.start_ms,
        )
    )
    install(conn, version_id=1, plan=plan)
    conn.execute(
        insert(t.journey).values(
            id=JOURNEY,
            name=case.graph.name,
            status="live",
            draft=case.document,
            revision=1,
            current_version_id=1,
            event_watermark=watermark,
            admit_after=watermark,
            created_at=case.start_ms,
            updated_at=case.start_ms,
        )
    )
    conn.execute(update(t.engine_state).values(event_watermark=watermark))


def _insert(conn: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, ROWS_PER_INSERT)):
        conn.execute(insert(table), chunk)


def _raise_fault(conn: Connection) -> None:
    fault = conn.execute(select(func.max(t.journey.c.fault))).scalar_one()
    if fault:
        raise RuntimeError(f"the engine could not move the journey: {fault}")
