"""The engine: everything stored and everything due up to now is moved, in bounded transactions.

Each transaction moves people, writes history, outbox and counters, and advances the journey's watermark together, so
that a crash between two of them repeats nothing and loses nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, update

from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.lane import Lane, Moves, RealWorld, World, count
from backend.engine.lanes import Lanes
from backend.engine.staging import prepare

log = logging.getLogger(__name__)

EVENTS_PER_BATCH = 20_000
"""A transaction takes events of this many ids at most: the writer's gate is open again soon after."""
PEOPLE_PER_BATCH = 20_000


@dataclass
class Moved:
    """What a tick did. journeys: journey -> version -> leg -> people; next_due_ms: when time moves someone next."""

    journeys: dict[int, Moves] = field(default_factory=dict)
    next_due_ms: int | None = None
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def moves(self) -> int:
        return sum(n for versions in self.journeys.values() for legs in versions.values() for n in legs.values())

    def add(self, journey_id: int, moves: Moves) -> None:
        versions = self.journeys.setdefault(journey_id, {})
        for version, legs in moves.items():
            versions.setdefault(version, Counter()).update(legs)


class Engine:
    """One per database. `world` stands for what happens around it on a virtual clock."""

    def __init__(
        self,
        db: Database,
        *,
        world: World | None = None,
        events_per_batch: int = EVENTS_PER_BATCH,
        people_per_batch: int = PEOPLE_PER_BATCH,
    ) -> None:
        self.db = db
        self.world = world or RealWorld()
        self.events_per_batch = events_per_batch
        self.people_per_batch = people_per_batch
        self._lanes = Lanes(is_sqlite=db.is_sqlite)

    def tick(self, now_ms: int) -> Moved:
        """Move everything up to now. A fault in one journey is noted with it and does not stop the others."""
        moved = Moved()
        with self.db.write() as conn:
            # In a sample whose time stands still, events sent by hand come an instant after what was reached.
            newest = conn.execute(select(t.event.c.engine_at).order_by(t.event.c.id.desc()).limit(1)).scalar()
            done, upto, now_ms = self._reach(conn, max(now_ms, newest or 0))
            lanes = self._lanes.load(conn, self.world)
            names = self._names(conn, done, upto)
        for journey_id, wrong in self._lanes.faults.items():
            self._note(journey_id, wrong, moved)
        for lane in lanes:
            try:
                self._take_events(lane, names, done, upto, moved)
            except Exception as fault:
                self._note(lane.journey_id, fault, moved)
        if upto > done:
            with self.db.write() as conn:
                conn.execute(update(t.engine_state).values(event_watermark=upto))
        for lane in self._with_something_due(lanes, now_ms):
            if lane.journey_id in moved.faults:
                continue
            try:
                self._take_due(lane, now_ms, moved)
            except Exception as fault:
                self._note(lane.journey_id, fault, moved)
        moved.next_due_ms = self.next_due()
        return moved

    def next_due(self) -> int | None:
        """The instant at which time moves somebody next; None when nobody waits for time."""
        with self.db.read() as conn:
            due = [at for _, at in self._first_due(conn) if at is not None]
        return min(due, default=None)

    def enroll(self, journey_id: int, contacts: Sequence[int] | None, now_ms: int) -> Moved:
        """Start passages by hand (None: for everybody). Those whom re-entry forbids are left out."""
        moved = Moved()
        with self.db.write() as conn:
            lane = next((x for x in self._lanes.load(conn, self.world) if x.journey_id == journey_id), None)
            if lane is None:
                return moved
            prepare(conn)
            _, _, now_ms = self._reach(conn, now_ms)
            # Those enrolled at an instant come before its events; ids grow with time, so this looks at the end only.
            earlier = select(t.event.c.id).where(t.event.c.engine_at < now_ms).order_by(t.event.c.id.desc()).limit(1)
            seq = conn.execute(earlier).scalar() or 0
            moves: Moves = {}
            lane.enroll(conn, contacts, now_ms, seq, moves)
            self._finish(conn, lane, moves, now_ms)
            moved.add(journey_id, moves)
        return moved

    # --- steps ------------------------------------------------------------------------------------------------

    @staticmethod
    def _reach(conn: Connection, now_ms: int) -> tuple[int, int, int]:
        """(events done, events stored, now). Time never runs backwards for the engine: events stored from here on
        get a later instant, which is why this is written in the transaction that looks what is stored."""
        # Ingestion locks this row too, so that on PostgreSQL no event is stored at an instant already passed.
        state = conn.execute(
            select(t.engine_state.c.event_watermark, t.engine_state.c.reached_at).with_for_update()
        ).one()
        now_ms = max(now_ms, state.reached_at)
        upto = conn.execute(select(func.coalesce(func.max(t.event.c.id), 0))).scalar_one()
        if now_ms > state.reached_at:
            conn.execute(update(t.engine_state).values(reached_at=now_ms))
        return state.event_watermark, max(upto, state.event_watermark), now_ms

    @staticmethod
    def _names(conn: Connection, done: int, upto: int) -> frozenset[str]:
        """The names among the events nobody has looked at yet."""
        if upto <= done:
            return frozenset()
        found = select(t.event.c.name).where(t.event.c.id > done, t.event.c.id <= upto).distinct()
        return frozenset(conn.execute(found).scalars())

    def _take_events(self, lane: Lane, names: frozenset[str], done: int, upto: int, moved: Moved) -> None:
        wanted = lane.event_names
        if not lane.is_faulty and (upto <= done or (wanted is not None and not wanted & names)):
            return
        after = lane.watermark if lane.is_faulty else max(lane.watermark, done)
        while after < upto:
            chunk = min(after + self.events_per_batch, upto)
            with self.db.write() as conn:
                prepare(conn)
                moves: Moves = {}
                lane.take_events(conn, after, chunk, moves)
                conn.execute(
                    update(t.journey).where(t.journey.c.id == lane.journey_id).values(event_watermark=chunk, fault=None)
                )
                self._finish(conn, lane, moves, None)
            lane.watermark = after = chunk
            moved.add(lane.journey_id, moves)

    def _take_due(self, lane: Lane, now_ms: int, moved: Moved) -> None:
        more = True
        while more:
            with self.db.write() as conn:
                prepare(conn)
                moves: Moves = {}
                more = lane.take_due(conn, now_ms, self.people_per_batch, moves)
                self._finish(conn, lane, moves, now_ms)
            moved.add(lane.journey_id, moves)

    @staticmethod
    def _finish(conn: Connection, lane: Lane, moves: Moves, now_ms: int | None) -> None:
        if not any(legs for legs in moves.values()):
            return
        count(conn, moves)
        at = now_ms if now_ms is not None else select(t.engine_state.c.reached_at).scalar_subquery()
        conn.execute(update(t.journey).where(t.journey.c.id == lane.journey_id).values(last_moved_at=at, fault=None))

    def _first_due(self, conn: Connection) -> list[tuple[int, int | None]]:
        """(version, earliest due time) of every version of a live journey: one index look-up each."""
        e, v = t.enrollment, t.version
        first = select(func.min(e.c.due_at)).where(e.c.version_id == v.c.id, e.c.due_at.is_not(None)).scalar_subquery()
        found = select(v.c.id, first).join(t.journey, t.journey.c.id == v.c.journey_id)
        return [(row[0], row[1]) for row in conn.execute(found.where(t.journey.c.status == "live"))]

    def _with_something_due(self, lanes: list[Lane], now_ms: int) -> list[Lane]:
        with self.db.read() as conn:
            due = {version for version, at in self._first_due(conn) if at is not None and at <= now_ms}
        return [lane for lane in lanes if any(program.version_id in due for program in lane.programs)]

    def _note(self, journey_id: int, fault: Exception, moved: Moved) -> None:
        log.error("journey %s cannot be moved", journey_id, exc_info=fault)
        moved.faults[journey_id] = f"{type(fault).__name__}: {fault}".splitlines()[0][:500]
        with self.db.write() as conn:
            conn.execute(update(t.journey).where(t.journey.c.id == journey_id).values(fault=moved.faults[journey_id]))
