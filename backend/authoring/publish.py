"""Publishing and the other switches of a journey: draft → live ⇄ paused → stopped, and back to live by publishing.

A version is frozen in one transaction: its row, its plan's rows, the journey's status and what it has looked at. A tick
that runs meanwhile sees all of it or nothing. Checking and compiling happen before that transaction; if the draft
changed in between, both are done again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, case, func, insert, select, update

from backend.authoring.drafts import Draft, NoSuchJourney, StillRunning, find
from backend.compiler import codec
from backend.compiler.compile import compile_graph
from backend.core.journey.check import check
from backend.core.problem import Problem
from backend.db.connect import Database
from backend.db.tables import engine_state, event, journey, version
from backend.engine import leave
from backend.engine.install import install

TRIES = 5


@dataclass(frozen=True)
class Published:
    """A version is live. `published_at` is in milliseconds."""

    number: int
    published_at: int


@dataclass(frozen=True)
class Refused:
    """Nothing was published; these problems are why (warnings may be among them)."""

    problems: list[Problem]


def publish(db: Database, journey_id: int, user: str, now_ms: int) -> Published | Refused:
    """Freeze the draft as the next version and make it live. Raises NoSuchJourney, and StillRunning when the draft
    keeps changing under us."""
    for _ in range(TRIES):
        with db.read() as conn:
            draft = find(conn, journey_id)
        graph, problems = check(draft.data)
        if graph is None or any(problem.severity == "error" for problem in problems):
            return Refused(problems)
        plan = compile_graph(graph)
        plan_text = codec.dump(plan)
        with db.write() as conn:
            if not _hold(conn, draft):
                continue
            number = _next_number(conn, journey_id)
            frozen = {
                "journey_id": journey_id,
                "number": number,
                "document": draft.text,
                "plan": plan_text,
                "published_at": now_ms,
                "published_by": user,
            }
            version_id: int = conn.execute(insert(version).values(frozen).returning(version.c.id)).scalar_one()
            install(conn, version_id=version_id, plan=plan)
            _go_live(conn, draft, version_id)
            return Published(number, now_ms)
    raise StillRunning(f"{draft.name} is being edited right now. Try again.")


def _hold(conn: Connection, draft: Draft) -> bool:
    """Whether the journey is as we compiled it; nobody else changes it before we commit."""
    held = select(journey.c.revision, journey.c.status).where(journey.c.id == draft.id).with_for_update()
    row = conn.execute(held).one_or_none()
    if row is None:
        raise NoSuchJourney(f"There is no journey {draft.id}.")
    return bool(row.revision == draft.revision and row.status == draft.status)


def _next_number(conn: Connection, journey_id: int) -> int:
    newest = select(func.coalesce(func.max(version.c.number), 0)).where(version.c.journey_id == journey_id)
    return int(conn.execute(newest).scalar_one()) + 1


def _newest_event(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.max(event.c.id), 0))).scalar_one())


def _go_live(conn: Connection, draft: Draft, version_id: int) -> None:
    """A journey that begins has looked at everything so far: what happened before it was published starts nobody.

    One that was live goes on where it was, so that an event stored a moment before is not lost between two versions;
    one that was paused still owes those inside a look at what happened meanwhile.
    """
    values: dict[str, object] = {"status": "live", "current_version_id": version_id, "fault": None}
    if draft.status != "live":
        values["admit_after"] = _newest_event(conn)
    if draft.status in ("draft", "stopped"):
        values["event_watermark"] = values["admit_after"]
    if draft.status == "live":
        # What all journeys have looked at is behind this one too, whatever its new version listens to.
        done = select(engine_state.c.event_watermark).scalar_subquery()
        mine = journey.c.event_watermark
        values["event_watermark"] = case((mine > done, mine), else_=done)
    conn.execute(update(journey).where(journey.c.id == draft.id).values(values))
    if draft.status == "paused":
        _look_again(conn, draft.id)


def _look_again(conn: Connection, journey_id: int) -> None:
    """Take the engine back to where this journey stopped looking; the others know how far each of them has come."""
    stopped_at = select(journey.c.event_watermark).where(journey.c.id == journey_id).scalar_subquery()
    conn.execute(
        update(engine_state).where(engine_state.c.event_watermark > stopped_at).values(event_watermark=stopped_at)
    )


def pause(db: Database, journey_id: int) -> None:
    """Nobody enters and nobody moves until it is resumed; waits keep their due times."""
    with db.write() as conn:
        _switch(conn, journey_id, "paused", only_from=("live",))


def resume(db: Database, journey_id: int) -> None:
    """Those inside go on; events of the pause start nobody."""
    with db.write() as conn:
        _switch(conn, journey_id, "live", only_from=("paused",))


def stop(db: Database, journey_id: int, now_ms: int) -> int:
    """End the journey for everybody: how many were inside. Stopping twice is no error."""
    with db.write() as conn:
        _switch(conn, journey_id, "stopped", only_from=("live", "paused", "stopped"))
        return leave.stop(conn, journey_id, now_ms)


_VERBS = {"paused": "paused", "live": "resumed", "stopped": "stopped"}


def _switch(conn: Connection, journey_id: int, status: str, *, only_from: tuple[str, ...]) -> None:
    values: dict[str, object] = {"status": status}
    if status == "live":
        values |= {"admit_after": _newest_event(conn), "fault": None}
    legal = update(journey).where(journey.c.id == journey_id, journey.c.status.in_(only_from))
    if conn.execute(legal.values(values)).rowcount != 1:
        now = find(conn, journey_id)
        raise StillRunning(f"{now.name} is {now.status}, so it cannot be {_VERBS[status]}.")
    if status == "live":
        _look_again(conn, journey_id)
