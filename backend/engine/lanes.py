"""Which journeys are live, and their programs: read at each tick, compiled once per version."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from backend.compiler import codec
from backend.compiler.plan import Plan
from backend.core import events
from backend.core.enrollment import Passage
from backend.db import tables as t
from backend.engine.lane import Lane, World
from backend.engine.program import Program


class Lanes:
    """Keeps plans and programs; versions never change once published."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._plans: dict[int, Plan] = {}
        self._programs: dict[tuple[int, bool, bool], Program] = {}
        self.faults: dict[int, Exception] = {}  # journeys whose plan could not be read at the last load

    def load(self, conn: Connection, world: World) -> list[Lane]:
        """The lanes of all live journeys, by id. A version that nobody is in any more is left out."""
        j, v = t.journey, t.version
        rows = conn.execute(
            select(
                j.c.id, j.c.current_version_id, j.c.event_watermark, j.c.admit_after, j.c.fault, v.c.id.label("version")
            )
            .join(v, v.c.journey_id == j.c.id)
            .where(j.c.status == "live")
            .order_by(j.c.id, v.c.number.desc())
        ).all()
        older = {row.version for row in rows if row.version != row.current_version_id}
        lived_in = self._lived_in(conn, older)
        by_journey: dict[int, list[int]] = {}
        heads = {}
        for row in rows:
            heads[row.id] = row
            if row.version == row.current_version_id or row.version in lived_in:
                by_journey.setdefault(row.id, []).append(row.version)
        broken = self._read_plans(conn, {version for versions in by_journey.values() for version in versions})
        self.faults = {
            journey: broken[version]
            for journey, versions in by_journey.items()
            for version in versions
            if version in broken
        }
        for journey in self.faults:
            del by_journey[journey]
        lanes = [
            Lane(
                journey_id=journey,
                programs=self._of(journey, versions, heads[journey].current_version_id),
                watermark=heads[journey].event_watermark,
                admit_after=heads[journey].admit_after,
                world=world,
                is_faulty=heads[journey].fault is not None,
            )
            for journey, versions in by_journey.items()
        ]
        watching = {lane.journey_id for lane in lanes if lane.event_names is None or events.CHANGED in lane.event_names}
        for lane in lanes:
            lane.is_watched = bool(watching - {lane.journey_id})
        return lanes

    def _of(self, journey: int, versions: list[int], current: int) -> tuple[Program, ...]:
        is_one_by_one = any(self._plans[version].reentry.allow == "always" for version in versions)
        programs = []
        for version in versions:
            key = (version, version == current, is_one_by_one)
            if key not in self._programs:
                self._programs[key] = Program(
                    journey_id=journey,
                    version_id=version,
                    plan=self._plans[version],
                    is_sqlite=self._is_sqlite,
                    is_current=version == current,
                    is_one_by_one=is_one_by_one,
                )
            programs.append(self._programs[key])
        return tuple(programs)

    def _read_plans(self, conn: Connection, versions: set[int]) -> dict[int, Exception]:
        """Read plans not kept yet; returns what is wrong with those that cannot be read."""
        missing = versions - self._plans.keys()
        broken: dict[int, Exception] = {}
        if missing:
            for row in conn.execute(select(t.version.c.id, t.version.c.plan).where(t.version.c.id.in_(missing))):
                try:
                    self._plans[row.id] = codec.load(row.plan)
                except (ValueError, TypeError, KeyError) as wrong:
                    broken[row.id] = wrong
        return broken

    @staticmethod
    def _lived_in(conn: Connection, versions: set[int]) -> set[int]:
        """Which of these versions have somebody inside, by the counters: entries less endings."""
        if not versions:
            return set()
        counter, leg = t.counter, t.leg
        ended = case((leg.c.state != int(Passage.INSIDE), counter.c.n), else_=0)
        entered = case((leg.c.is_entry.is_(True), counter.c.n), else_=0)
        found = (
            select(counter.c.version_id)
            .join(leg, (leg.c.version_id == counter.c.version_id) & (leg.c.leg == counter.c.leg))
            .where(counter.c.version_id.in_(versions))
            .group_by(counter.c.version_id)
            .having(func.sum(entered) > func.sum(ended))
        )
        return set(conn.execute(found).scalars())
