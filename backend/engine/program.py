"""The statements that move the passages of one version: written once from its plan, run for any number of people.

Every statement is SQLAlchemy Core, one text for SQLite and PostgreSQL. The picks fill the `batch` table (who moves, by
which leg, at which instant); the rest carries out what the legs say. How many statements a batch takes depends on the
plan alone, never on how many people are in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from backend.compiler.plan import CUT, LOOK, STAY, Guard, Pick, Plan, legs_of
from backend.core import events
from backend.core.enrollment import ENDED_REST, Passage
from backend.core.journey.ops import Send, Tag, Update
from backend.core.segment.reads import reads
from backend.core.segment.rule import Did
from backend.db import tables as t
from backend.db.json_sql import Sql, never
from backend.db.segment_sql import Subject, properties_sql
from backend.engine.effects import effect_statements
from backend.engine.pick_sql import guard_sql, number, pick_sql
from backend.engine.staging import batch, changed, inbox

ALL_SEEN = 2**62
"""`seen` of a move by time: every event up to its instant has been looked at."""

_e, _c, _i = t.enrollment, t.contact, inbox
_MOVER = batch.c.enrollment_id + 0
"""Who moves. Adding zero keeps SQLite from reading the whole large table and looking each row up in the batch."""
_INTO_BATCH = ["enrollment_id", "contact_id", "no", "moves", "at", "seen", "start_seq", "event_id", "leg"]


@dataclass(frozen=True)
class Program:
    """What the engine runs for one version. `is_current`: new passages enter this one."""

    journey_id: int
    version_id: int
    plan: Plan
    is_sqlite: bool
    is_current: bool
    is_one_by_one: bool  # passages of one contact can overlap in this journey, so that their order matters

    # --- what the plan reads ----------------------------------------------------------------------------------

    @cached_property
    def event_names(self) -> frozenset[str] | None:
        """The events that can start, move or end a passage of this version; None for any."""
        names = {rest.event for rest in self.plan.rests if rest.event is not None}
        if self.is_current:
            names |= {entry.event for entry in self.plan.entries if entry.event is not None}
        if self.plan.exit is not None:
            read = reads(self.plan.exit)
            if read.is_timed or read.messages:
                return None
            names |= read.events
            if read.fields or read.tags:
                names |= {events.CHANGED, events.IDENTIFY}
        return frozenset(names)

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """The sorts of rests of zero length this version has: CUT first, it goes on before anything else happens."""
        return tuple(sort for sort in (CUT, LOOK) if any(rest.sort == sort for rest in self.plan.rests))

    def _of_sort(self, sort: str) -> list[int]:
        return [rest.id for rest in self.plan.rests if rest.sort == sort]

    @cached_property
    def has_changes(self) -> bool:
        """Whether a leg changes the contact."""
        return any(isinstance(effect.op, Update | Tag) for leg in self.plan.legs for effect in leg.effects)

    @cached_property
    def has_sends(self) -> bool:
        return any(isinstance(effect.op, Send) for leg in self.plan.legs for effect in leg.effects)

    # --- picks ------------------------------------------------------------------------------------------------

    def _subject(self, at: Sql, *, seen: Sql | None, enrollment: Any = _e) -> Subject:
        return Subject(
            is_sqlite=self.is_sqlite,
            contact=_c,
            at=at,
            timezone=self.plan.timezone,
            seen=seen,
            enrollment_id=enrollment.c.id,
            start_seq=enrollment.c.start_seq,
        )

    def _exit(self, subject: Subject) -> Sql:
        return never() if self.plan.exit is None else guard_sql(Guard(self.plan.exit, is_since_entry=True), subject)

    def _out(self) -> Sql:
        """The leg by which a passage is pulled out of the rest it is at."""
        if not self.plan.rests:
            return literal(None, BigInteger)
        return case({rest.id: number(rest.out) for rest in self.plan.rests}, value=_e.c.rest)

    def _by_time(self, subject: Subject) -> Sql:
        """The leg of a passage whose time is up: out when the exit rule holds, else by its rest's decision."""
        arms: list[tuple[Sql, Sql]] = []
        for rest in self.plan.rests:
            if rest.sort == LOOK and rest.on_event is not None and rest.event is not None:
                came = guard_sql(Guard(Did(rest.event, rest.where), is_since_entry=True), subject)
                leaves = pick_sql(rest.on_event, subject, _e.c.no)
                if self.plan.exit is not None:
                    leaves = case((self._exit(subject), number(rest.out)), else_=leaves)
                arms.append((and_(_e.c.rest == number(rest.id), came), leaves))
        if self.plan.exit is not None:
            passing = self._of_sort(CUT) + self._of_sort(LOOK)
            exits = self._exit(subject)
            arms.append((and_(_e.c.rest.not_in(passing), exits) if passing else exits, self._out()))
        arms += [
            (_e.c.rest == number(rest.id), pick_sql(rest.on_due, subject, _e.c.no))
            for rest in self.plan.rests
            if rest.on_due is not None
        ]
        return case(*arms, else_=None) if arms else literal(None, BigInteger)

    def _moved(self, leg: Sql, at: Sql, seen: Sql) -> Select[Any]:
        return select(
            _e.c.id, _e.c.contact_id, _e.c.no, _e.c.moves, at, seen, _e.c.start_seq, literal(None, BigInteger), leg
        )

    @cached_property
    def _instant(self) -> Sql:
        """When a passage whose time is up moves: its due time; in a rest of zero length the time it came there."""
        if not self.sorts:
            return _e.c.due_at
        return case((_e.c.due_at == 0, _e.c.rest_at), else_=_e.c.due_at)

    @cached_property
    def _reads_contact(self) -> bool:
        """Whether any leg depends on the contact's row; if not, its table is left out of the picks."""
        picks: list[Pick | None] = [rest.on_due for rest in self.plan.rests]
        is_plain = self.plan.exit is None and LOOK not in self.sorts
        return not is_plain or any(len(list(legs_of(pick))) > 1 for pick in picks)

    def _due(self) -> Select[Any]:
        at = self._instant
        source: Any = _e
        if self._reads_contact:
            source = _e.join(_c, _c.c.id == _e.c.contact_id)
        leg = self._by_time(self._subject(at, seen=None))
        chosen = self._moved(leg, at, number(ALL_SEEN)).select_from(source)
        if not self.is_one_by_one:
            return chosen
        other = t.enrollment.alias("other")
        earlier = or_(other.c.due_at < _e.c.due_at, and_(other.c.due_at == _e.c.due_at, other.c.no < _e.c.no))
        return chosen.where(
            ~select(1)
            .where(
                other.c.contact_id == _e.c.contact_id,
                other.c.journey_id == self.journey_id,
                other.c.due_at.is_not(None),
                earlier,
            )
            .exists()
        )

    @cached_property
    def pick_due(self) -> Executable:
        """Parameters: since, now, limit. By due time, so that the next batch can begin where this one ends: on
        PostgreSQL the index keeps the places of those who have moved on until they are vacuumed away."""
        due = _e.c.due_at.between(bindparam("since", type_=BigInteger), bindparam("now", type_=BigInteger))
        chosen = (
            self._due().where(_e.c.version_id == self.version_id, due).order_by(_e.c.due_at).limit(bindparam("limit"))
        )
        return insert(batch).from_select(_INTO_BATCH, chosen)

    def _of_the_round(self, chosen: Select[Any]) -> Select[Any]:
        """Those of the contacts of this round of the inbox. Adding zero keeps SQLite off the index by due time."""
        return chosen.where(
            _i.c.rn == bindparam("round"),
            _e.c.contact_id == _i.c.contact_id,
            _e.c.journey_id == self.journey_id,
            _e.c.version_id + 0 == self.version_id,
        )

    @cached_property
    def pick_due_before(self) -> Executable:
        """Those whose time is up before the event of this round. Parameter: round."""
        return insert(batch).from_select(_INTO_BATCH, self._of_the_round(self._due()).where(_e.c.due_at < _i.c.at))

    @cached_property
    def pick_on(self) -> dict[str, Executable]:
        """sort -> those whom time has just brought to a rest of zero length of that sort."""
        here = self._due().where(_e.c.version_id == self.version_id, _e.c.due_at == 0)
        return {
            sort: insert(batch).from_select(_INTO_BATCH, here.where(_e.c.rest.in_(self._of_sort(sort))))
            for sort in self.sorts
        }

    @cached_property
    def pick_on_in_round(self) -> dict[str, Executable]:
        """The same for those whom the event of this round brought there. Parameters: round, seq."""
        at, seen = _e.c.rest_at, func.coalesce(_i.c.event_id, bindparam("seq", type_=BigInteger))
        leg = self._by_time(self._subject(at, seen=seen))
        here = self._of_the_round(self._moved(leg, at, seen).where(_c.c.id == _e.c.contact_id))
        return {
            sort: insert(batch).from_select(_INTO_BATCH, here.where(_e.c.rest.in_(self._of_sort(sort))))
            for sort in self.sorts
        }

    @cached_property
    def pick_on_event(self) -> Executable | None:
        """Passages that the event of this round moves or ends. Parameter: round. None when no event can."""
        at, seen = _i.c.at, _i.c.event_id
        subject = self._subject(at, seen=seen)
        arms: list[tuple[Sql, Sql]] = []
        if self.plan.exit is not None:
            arms.append((self._exit(subject), self._out()))
        for rest in self.plan.rests:
            if rest.sort == STAY and rest.event is not None and rest.on_event is not None:
                fits = and_(_e.c.rest == number(rest.id), _i.c.name == rest.event, self._where(rest.where, subject))
                arms.append((fits, pick_sql(rest.on_event, subject, _e.c.no)))
        if not arms:
            return None
        leg = case(*arms, else_=None)
        chosen = self._of_the_round(self._moved(leg, at, seen).where(_c.c.id == _e.c.contact_id))
        chosen = chosen.where(_e.c.state == int(Passage.INSIDE), leg.is_not(None))
        if self.is_one_by_one:
            chosen = chosen.where(_e.c.no == _i.c.passage)
        return insert(batch).from_select(_INTO_BATCH, chosen)

    def _where(self, where: Any, subject: Subject) -> Sql:
        """An event's `where`, read from its stored properties."""
        if where is None:
            return true()
        event = t.event.alias()
        return select(1).where(event.c.id == _i.c.event_id, properties_sql(where, event.c.properties, subject)).exists()

    @cached_property
    def pick_changed(self) -> Executable | None:
        """Passages at rest whose exit rule holds after a change of their contact."""
        if self.plan.exit is None:
            return None
        subject = self._subject(changed.c.at, seen=changed.c.seen)
        chosen = self._moved(self._out(), changed.c.at, changed.c.seen).where(
            _e.c.contact_id == changed.c.contact_id + 0,  # as with _MOVER: from the few changed to the many inside
            _c.c.id == changed.c.contact_id,
            _e.c.journey_id == self.journey_id,
            _e.c.version_id + 0 == self.version_id,
            _e.c.state == int(Passage.INSIDE),
            self._exit(subject),
        )
        return insert(batch).from_select(_INTO_BATCH, chosen)

    @cached_property
    def pick_entries(self) -> Executable | None:
        """New passages. Parameters: round, base (ids given so far), seq, admit_after. None when there is no trigger."""
        if not self.plan.entries:
            return None
        seq = bindparam("seq", type_=BigInteger)
        seen = func.coalesce(_i.c.event_id, seq)
        passage, allowed = self._reentry()
        subject = Subject(
            is_sqlite=self.is_sqlite,
            contact=_c,
            at=_i.c.at,
            timezone=self.plan.timezone,
            seen=seen,
            enrollment_id=None,
            start_seq=seen,
        )
        arms: list[tuple[Sql, Sql]] = []
        for entry in self.plan.entries:
            if entry.event is None:
                fits: Sql = _i.c.event_id.is_(None)
            else:
                fits = and_(_i.c.name == entry.event, self._where(entry.where, subject))
            leg = pick_sql(entry.pick, subject, passage)
            if self.plan.exit is not None:
                leg = case((self._exit(subject), number(entry.out)), else_=leg)
            arms.append((fits, leg))
        leg = case(*arms, else_=None)
        by_hand = [entry for entry in self.plan.entries if entry.event is None]
        names = sorted({entry.event for entry in self.plan.entries if entry.event is not None})
        chosen = select(
            bindparam("base", type_=BigInteger) + _i.c.n,
            _i.c.contact_id,
            passage,
            number(0),
            _i.c.at,
            seen,
            seen,
            _i.c.event_id,
            leg,
        ).where(
            _i.c.rn == bindparam("round"),
            _c.c.id == _i.c.contact_id,
            or_(
                and_(_i.c.name.in_(names), _i.c.event_id > bindparam("admit_after", type_=BigInteger)),
                _i.c.event_id.is_(None) if by_hand else never(),
            ),
            allowed,
        )
        if any(entry.where is not None for entry in self.plan.entries):
            chosen = chosen.where(leg.is_not(None))
        return insert(batch).from_select(_INTO_BATCH, chosen)

    def _reentry(self) -> tuple[Sql, Sql]:
        """The passage number a new passage gets, and whether there may be one."""
        before = t.enrollment.alias("before")
        mine = and_(before.c.contact_id == _i.c.contact_id, before.c.journey_id == self.journey_id)
        rule = self.plan.reentry
        if rule.allow == "never":
            return number(1), ~select(1).where(mine).exists()
        passage = func.coalesce(select(func.max(before.c.no)).where(mine).scalar_subquery(), 0) + 1
        allowed: list[Sql] = []
        if rule.allow == "after_exit":
            allowed.append(~select(1).where(mine, before.c.state == int(Passage.INSIDE)).exists())
        if rule.not_before_ms is not None:
            allowed.append(~select(1).where(mine, before.c.entered_at > _i.c.at - number(rule.not_before_ms)).exists())
        return passage, and_(true(), *allowed)

    # --- carrying it out --------------------------------------------------------------------------------------

    @cached_property
    def record(self) -> Executable:
        """One row of history per passage."""
        rows = select(batch.c.enrollment_id, batch.c.moves, batch.c.contact_id, batch.c.leg, batch.c.at)
        return insert(t.move).from_select(["enrollment_id", "no", "contact_id", "leg", "at"], rows)

    @cached_property
    def write_messages(self) -> Executable:
        send = t.leg_send
        rows = (
            select(
                batch.c.enrollment_id,
                send.c.node,
                batch.c.moves,
                number(self.journey_id),
                number(self.version_id),
                batch.c.contact_id,
                send.c.channel,
                send.c.purpose,
                literal("pending"),
                batch.c.at,
                batch.c.at,
                send.c.position,
            )
            .join_from(batch, send, send.c.leg == batch.c.leg)
            .where(send.c.version_id == self.version_id)
        )
        columns = "enrollment_id node visit journey_id version_id contact_id channel purpose state at send_at position"
        return insert(t.message).from_select(columns.split(), rows, include_defaults=False)

    @cached_property
    def effects(self) -> tuple[Executable, ...]:
        """Changes of the contacts, in the order in which the nodes follow each other."""
        return tuple(effect_statements(self.plan, self.is_sqlite))

    @staticmethod
    def _due_after() -> Sql:
        # A rest of zero length (hold_ms < 0) is due at once, which is written as 0.
        return case((t.leg.c.hold_ms < 0, 0), else_=batch.c.at + t.leg.c.hold_ms)

    @cached_property
    def place_moved(self) -> Executable:
        leg = t.leg
        return (
            update(_e)
            .where(_e.c.id == _MOVER, leg.c.version_id == self.version_id, leg.c.leg == batch.c.leg)
            .values(
                state=leg.c.state,
                rest=leg.c.to_rest,
                rest_at=batch.c.at,
                due_at=self._due_after(),
                moves=batch.c.moves + 1,
            )
        )

    @cached_property
    def place_entered(self) -> Executable:
        leg = t.leg
        rows = (
            select(
                batch.c.enrollment_id,
                number(self.journey_id),
                number(self.version_id),
                batch.c.contact_id,
                batch.c.no,
                leg.c.state,
                leg.c.to_rest,
                batch.c.at,
                self._due_after(),
                number(1),
                batch.c.start_seq,
                batch.c.event_id,
                batch.c.at,
            )
            .join_from(batch, leg, leg.c.leg == batch.c.leg)
            .where(leg.c.version_id == self.version_id)
        )
        columns = "id journey_id version_id contact_id no state rest rest_at due_at moves start_seq event_id entered_at"
        return insert(_e).from_select(columns.split(), rows, include_defaults=False)

    def skip_unclaimed(self, *, is_time_kept: bool) -> Executable:
        """Messages of passages that were pulled out: what nobody has claimed is not sent any more.

        is_time_kept: on a virtual clock a message leaves at its own instant, so only those not yet due are unclaimed.
        """
        out = [leg.id for leg in self.plan.legs if leg.to == ENDED_REST and leg.state == Passage.EXITED]
        pulled = t.message.c.enrollment_id == _MOVER
        skipped = update(t.message).where(pulled, batch.c.leg.in_(out), t.message.c.state == "pending")
        if is_time_kept:
            skipped = skipped.where(t.message.c.send_at >= batch.c.at)
        return skipped.values(state="skipped", reason="left", send_at=None)


COUNTS = select(batch.c.leg, func.count().label("n"), func.max(batch.c.at).label("latest")).group_by(batch.c.leg)
CLEAR = batch.delete()
