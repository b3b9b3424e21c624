"""One journey's passages, moved: events in rounds, then what is due; always by sets.

Order within one contact is what counts (contacts do not know each other): events come in arrival order, each is carried
to the next rest before the following one is looked at, and what was due before an event moves before it. So the events
of a batch are taken in rounds: round r holds the r-th event of every contact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import BigInteger, Connection, Executable, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from backend.compiler.plan import CUT, LOOK
from backend.core import events
from backend.core.enrollment import Passage
from backend.db import tables as t
from backend.db.json_sql import JsonValue
from backend.engine.program import CLEAR, COUNTS, Program
from backend.engine.staging import changed, inbox

Moves = dict[int, Counter[int]]
"""version id -> leg -> how many passages took it."""


class World(Protocol):
    """What happens around the engine on a virtual clock; on the real one, nothing does (see `RealWorld`)."""

    is_time_kept: bool
    event_names: frozenset[str]  # events it wants in the rounds, whatever the journey looks at

    def before_round(self, conn: Connection, number: int) -> None:
        """Messages that leave before the events of this round."""

    def at_round(self, conn: Connection, number: int) -> None:
        """What the events of this round change by themselves: fields, opened and clicked."""

    def before_due(self, conn: Connection, now: int) -> None:
        """Messages that leave before what is due next."""


class RealWorld:
    """Delivery runs by itself and contacts have already changed when an event is stored."""

    is_time_kept = False
    event_names: frozenset[str] = frozenset()

    def before_round(self, conn: Connection, number: int) -> None:
        pass

    def at_round(self, conn: Connection, number: int) -> None:
        pass

    def before_due(self, conn: Connection, now: int) -> None:
        pass


@dataclass
class Lane:
    """A live journey: its programs, newest version first."""

    journey_id: int
    programs: tuple[Program, ...]
    watermark: int
    admit_after: int
    world: World = field(default_factory=RealWorld)
    is_watched: bool = False  # another live journey looks at changes of contacts
    is_faulty: bool = False  # the last try failed: others may have gone on without this one
    _since: dict[int, int] = field(default_factory=dict)  # version -> due time up to which nobody is left, for now
    _latest: int = 0  # the latest instant in the batch carried out last

    @property
    def current(self) -> Program | None:
        return next((program for program in self.programs if program.is_current), None)

    @property
    def event_names(self) -> frozenset[str] | None:
        """The events this journey has to look at; None for all."""
        names = set(self.world.event_names)
        for program in self.programs:
            if program.event_names is None:
                return None
            names |= program.event_names
        return frozenset(names)

    # --- events -----------------------------------------------------------------------------------------------

    def take_events(self, conn: Connection, after: int, upto: int, moves: Moves) -> None:
        """Look at the stored events with after < id <= upto, in rounds."""
        rounds = self._fill_inbox(conn, after, upto)
        for number in range(1, rounds + 1):
            self.world.before_round(conn, number)
            self._due_before(conn, number, moves)
            self.world.at_round(conn, number)
            self._event_to_passages(conn, number, moves)
            self._event_to_triggers(conn, number, moves, seq=0)
        if rounds:
            conn.execute(inbox.delete())

    def _fill_inbox(self, conn: Connection, after: int, upto: int) -> int:
        event, names = t.event, self.event_names
        found = select(
            event.c.id - after,
            event.c.contact_id,
            event.c.id,
            event.c.name,
            event.c.engine_at,
            func.row_number().over(partition_by=event.c.contact_id, order_by=event.c.id),
            literal(0),
        ).where(event.c.id > after, event.c.id <= upto, event.c.at >= event.c.engine_at - events.HISTORY_MS)
        if names is not None:
            found = found.where(event.c.name.in_(sorted(names)))
        if names is None or events.CHANGED in names:
            # A change this journey made itself was looked at when it made it.
            maker = JsonValue(event.c.properties, ("journey",), conn.dialect.name == "sqlite").number()
            found = found.where(or_(event.c.name != events.CHANGED, func.coalesce(maker != self.journey_id, True)))
        columns = ["n", "contact_id", "event_id", "name", "at", "rn", "passage"]
        if not self._pick(conn, insert(inbox).from_select(columns, found), {}):
            return 0
        return int(conn.execute(select(func.max(inbox.c.rn))).scalar_one())

    def _event_to_passages(self, conn: Connection, number: int, moves: Moves) -> None:
        picks = [(program, program.pick_on_event) for program in self.programs]
        if all(pick is None for _, pick in picks):
            return
        if not self.programs[0].is_one_by_one:
            for program, pick in picks:
                if pick is not None and self._pick(conn, pick, {"round": number}):
                    self._carry(conn, program, moves, number)
            return
        # Passages of one contact may overlap: each looks at the event in turn, by passage number.
        while self._next_passage(conn, number):
            for program, pick in picks:
                if pick is not None and self._pick(conn, pick, {"round": number}):
                    self._carry(conn, program, moves, number)

    def _next_passage(self, conn: Connection, number: int) -> bool:
        """Go on to the next passage of each contact of the round; false when none has one left."""
        e = t.enrollment
        following = (
            select(func.min(e.c.no))
            .where(
                e.c.contact_id == inbox.c.contact_id,
                e.c.journey_id == self.journey_id,
                e.c.state == int(Passage.INSIDE),
                e.c.no > inbox.c.passage,
                e.c.start_seq < inbox.c.event_id,
            )
            .scalar_subquery()
        )
        conn.execute(
            update(inbox).where(inbox.c.rn == number, inbox.c.passage >= 0).values(passage=func.coalesce(following, -1))
        )
        left = select(literal(1)).where(inbox.c.rn == number, inbox.c.passage >= 0).limit(1)
        return conn.execute(left).first() is not None

    def _event_to_triggers(self, conn: Connection, number: int, moves: Moves, *, seq: int) -> int:
        program = self.current
        if program is None or program.pick_entries is None:
            return 0
        base = conn.execute(select(func.coalesce(func.max(t.enrollment.c.id), 0))).scalar_one()
        given = {"round": number, "base": base, "seq": seq, "admit_after": self.admit_after}
        entered = self._pick(conn, program.pick_entries, given)
        if entered:
            self._carry(conn, program, moves, number, is_entry=True, seq=seq)
        return entered

    def enroll(self, conn: Connection, contacts: Sequence[int] | None, at: int, seq: int, moves: Moves) -> int:
        """Start passages by hand, at the instant; events with an id above `seq` come after it. None: everybody."""
        if contacts is None:
            people = select(
                func.row_number().over(order_by=t.contact.c.id),
                t.contact.c.id,
                literal(at, BigInteger),
                literal(1),
                literal(0),
            )
            conn.execute(insert(inbox).from_select(["n", "contact_id", "at", "rn", "passage"], people))
        elif contacts:
            rows = [
                {"n": n, "contact_id": contact, "at": at, "rn": 1, "passage": 0}
                for n, contact in enumerate(dict.fromkeys(contacts), start=1)
            ]
            conn.execute(insert(inbox), rows)
        entered = self._event_to_triggers(conn, 1, moves, seq=seq)
        conn.execute(inbox.delete())
        return entered

    # --- time -------------------------------------------------------------------------------------------------

    def take_due(self, conn: Connection, now: int, limit: int, moves: Moves) -> bool:
        """Move passages whose time is up at `now`, at most `limit` of each version; returns whether to ask again."""
        self.world.before_due(conn, now)
        has_more = False
        for program in self.programs:
            since = self._since.get(program.version_id, 0)
            given = {"since": since, "now": now, "limit": limit}
            moved = self._pick_and_carry(conn, program, program.pick_due, given, moves)
            # A full batch goes on from its last due time. After the last one, look from the beginning again: who has
            # moved may be due again, before it.
            self._since[program.version_id] = self._latest if moved >= limit else 0
            has_more |= moved > 0 or since > 0
        return has_more

    def _due_before(self, conn: Connection, number: int, moves: Moves) -> None:
        """Move all whose time is up before the event of this round, as often as it takes."""
        given = {"round": number}
        while sum(
            self._pick_and_carry(conn, program, program.pick_due_before, given, moves) for program in self.programs
        ):
            self.world.before_round(conn, number)

    # --- carrying out -----------------------------------------------------------------------------------------

    def _pick(self, conn: Connection, pick: Executable, given: dict[str, int]) -> int:
        # Drivers differ in what they keep of an INSERT's count, unless told to keep it.
        return conn.execute(pick, given, execution_options={"preserve_rowcount": True}).rowcount

    def _pick_and_carry(
        self,
        conn: Connection,
        program: Program,
        pick: Executable,
        given: dict[str, int],
        moves: Moves,
    ) -> int:
        moved = self._pick(conn, pick, given)
        if moved:
            self._latest = 0
            self._apply(conn, program, moves)
            latest = self._latest
            self._go_on(conn, program, program.pick_on, {}, moves)
            self._latest = latest
        return moved

    def _carry(
        self,
        conn: Connection,
        program: Program,
        moves: Moves,
        number: int,
        *,
        is_entry: bool = False,
        seq: int = 0,
    ) -> None:
        """Carry the batch out, and on through rests of zero length, before anything else happens to these people."""
        self._apply(conn, program, moves, is_entry=is_entry)
        if program.sorts:
            self._go_on(conn, program, program.pick_on_in_round, {"round": number, "seq": seq}, moves)
        else:
            self._after_changes(conn, moves)

    def _go_on(
        self, conn: Connection, program: Program, picks: dict[str, Executable], given: dict[str, int], moves: Moves
    ) -> None:
        """Go on from rests of zero length: to the end of the move, then let changes be looked at, then look back."""
        more = True
        while more:
            while CUT in picks and self._pick(conn, picks[CUT], given):
                self._apply(conn, program, moves)
            self._after_changes(conn, moves)
            more = LOOK in picks and self._pick(conn, picks[LOOK], given) > 0
            if more:
                self._apply(conn, program, moves)

    def _apply(self, conn: Connection, program: Program, moves: Moves, *, is_entry: bool = False) -> None:
        conn.execute(program.record)
        if program.has_sends:
            conn.execute(program.write_messages)
        for statement in program.effects:
            conn.execute(statement)
        if program.plan.exit is not None:
            conn.execute(program.skip_unclaimed(is_time_kept=self.world.is_time_kept))
        conn.execute(program.place_entered if is_entry else program.place_moved)
        tally = moves.setdefault(program.version_id, Counter())
        for leg, n, latest in conn.execute(COUNTS):
            tally[leg] += n
            self._latest = max(self._latest, latest)
        conn.execute(CLEAR)

    def _after_changes(self, conn: Connection, moves: Moves) -> None:
        """A change made on the way is looked at by the contact's passages at rest, right after the move."""
        if not any(program.has_changes for program in self.programs):
            return
        for program in self.programs:
            pick = program.pick_changed
            if pick is not None and self._pick(conn, pick, {}):
                self._apply(conn, program, moves)
        self._tell_others(conn)
        conn.execute(changed.delete())

    def _tell_others(self, conn: Connection) -> None:
        """Note the change as an event, so that other journeys look at it too."""
        if not self.is_watched:
            return
        rows = select(
            changed.c.contact_id,
            literal(events.CHANGED),
            changed.c.at,
            changed.c.at,
            literal({"journey": self.journey_id}, t.event.c.properties.type),
        )
        conn.execute(
            insert(t.event).from_select(
                ["contact_id", "name", "at", "engine_at", "properties"], rows, include_defaults=False
            )
        )


def count(conn: Connection, moves: Moves) -> None:
    """Add to the counters, in the transaction that moved."""
    rows = [
        {"version_id": version, "leg": leg, "n": n} for version, legs in moves.items() for leg, n in legs.items() if n
    ]
    if not rows:
        return
    make = sqlite_insert if conn.dialect.name == "sqlite" else pg_insert
    added = make(t.counter)
    conn.execute(
        added.on_conflict_do_update(index_elements=["version_id", "leg"], set_={"n": t.counter.c.n + added.excluded.n}),
        rows,
    )
