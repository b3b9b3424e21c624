"""The plan: a compiled version, as data.

A *rest* is a place where a passage can stay, a *leg* the stretch from one rest to the next. A `Pick` decides which leg
is taken: a small tree of rules and shares over one contact, evaluated as a single SQL `CASE` for everybody at once.
Rest and leg ids are small integers, stable within one version. Durations are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.core.enrollment import ENDED_REST, Passage
from backend.core.journey.graph import Reentry
from backend.core.journey.ops import Send, Tag, Update
from backend.core.segment.rule import Rule

EXIT_PORT = "!exit"
GOAL_PORT = "!goal"
AT_ONCE = -1
"""`hold_ms` of a leg that ends in a rest of zero length."""


@dataclass(frozen=True)
class Take:
    """Go this way."""

    leg: int


@dataclass(frozen=True)
class Guard:
    """A rule and which events its `did` clauses count: all, or those after the one that started the passage."""

    rule: Rule
    is_since_entry: bool = False


@dataclass(frozen=True)
class FirstOf:
    """The pick of the first guard that holds, else `otherwise`."""

    arms: tuple[tuple[Guard, Pick], ...]
    otherwise: Pick


@dataclass(frozen=True)
class ByShare:
    """The pick whose cumulative share (hundredths of a percent) is the first to exceed the contact's slot at `node`."""

    node: str
    arms: tuple[tuple[int, Pick], ...]


Pick = Take | FirstOf | ByShare


@dataclass(frozen=True)
class Effect:
    """What a leg does on its way, in order: make a message, set fields, change tags."""

    node: str
    op: Send | Update | Tag


@dataclass(frozen=True)
class Leg:
    """A stretch between two rests.

    steps: (node, port) left on the way, the node of the starting rest first; `!exit` as port when a rule pulled the
    passage out. arrives: the node it comes to stay or end at; None when it is cut short in a rest of zero length.
    to: the rest it leads to, -1 when the passage is over. hold_ms: how long it stays there, None without end by time.
    """

    id: int
    source: int | None  # rest it leaves; None for an entry
    steps: tuple[tuple[str, str], ...]
    arrives: str | None
    effects: tuple[Effect, ...] = ()
    to: int = ENDED_REST
    hold_ms: int | None = None
    state: int = Passage.INSIDE


STAY, CUT, LOOK = "stay", "cut", "look"
"""What a rest is for. stay: a wait. cut: a leg was cut short here, in the middle of one move; nothing else happens to
the contact before it goes on. look: arrival at a wait that looks back, `since: entry`; it leaves at once or stays."""


@dataclass(frozen=True)
class Rest:
    """A place to stay. `on_due` is taken when its time is up, `on_event` when `event` (and `where`) comes first.

    At a rest of the sort LOOK `on_event` is taken when the event has come since entry, else `on_due`.
    """

    id: int
    sort: str
    node: str  # the node it is at; of a cut, the one it goes on with
    out: int  # the leg of a passage that is pulled out here
    on_due: Pick | None = None
    event: str | None = None
    where: Rule | None = None
    on_event: Pick | None = None


@dataclass(frozen=True)
class Entry:
    """A trigger. event None: only by hand. `out`: the leg of a passage that leaves as it enters."""

    node: str
    event: str | None
    where: Rule | None
    pick: Pick
    out: int


@dataclass(frozen=True)
class Plan:
    nodes: tuple[str, ...]  # every node of the version, in the document's order
    ports: tuple[tuple[str, str], ...]  # every edge, as (node, port)
    entries: tuple[Entry, ...]
    rests: tuple[Rest, ...]
    legs: tuple[Leg, ...]
    exit: Rule | None
    reentry: Reentry
    timezone: str

    def sends(self) -> dict[str, Send]:
        """node -> its send, for every node that sends."""
        return {effect.node: effect.op for leg in self.legs for effect in leg.effects if isinstance(effect.op, Send)}


def legs_of(pick: Pick | None) -> Iterator[int]:
    """The legs a pick can lead to."""
    match pick:
        case None:
            return
        case Take(leg):
            yield leg
        case FirstOf(arms, otherwise):
            for _, inner in arms:
                yield from legs_of(inner)
            yield from legs_of(otherwise)
        case ByShare(_, shares):
            for _, inner in shares:
                yield from legs_of(inner)


def guards_of(pick: Pick | None) -> Iterator[Guard]:
    """Every guard a pick reads."""
    match pick:
        case None | Take():
            return
        case FirstOf(arms, otherwise):
            for guard, inner in arms:
                yield guard
                yield from guards_of(inner)
            yield from guards_of(otherwise)
        case ByShare(_, shares):
            for _, inner in shares:
                yield from guards_of(inner)
