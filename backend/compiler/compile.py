"""Graph -> plan: lower every node to its op, then walk each stretch between two rests and name its paths.

A stretch is a small DAG of nodes that take no time; every path through it is a leg. Two things cut a leg short in a
rest of zero length, so that order is kept and plans stay small: a branch that reads what an earlier step of the same
path has written, and a node where many paths meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from backend.compiler.passes.merges import crowded_merges
from backend.compiler.plan import (
    AT_ONCE,
    CUT,
    EXIT_PORT,
    LOOK,
    STAY,
    ByShare,
    Effect,
    Entry,
    FirstOf,
    Guard,
    Leg,
    Pick,
    Plan,
    Rest,
    Take,
)
from backend.core.enrollment import ENDED_REST, Passage
from backend.core.journey.graph import Graph
from backend.core.journey.kinds import lower
from backend.core.journey.ops import (
    Choose,
    End,
    HoldFor,
    HoldForEvent,
    Op,
    Send,
    Split,
    StartByHand,
    StartOnEvent,
    Tag,
    Update,
)
from backend.core.segment.reads import Reads, reads


@dataclass(frozen=True)
class _Path:
    """The way so far: what was left, what was done, what was written."""

    source: int | None
    steps: tuple[tuple[str, str], ...] = ()
    effects: tuple[Effect, ...] = ()
    fields: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def leaves(self, node: str, port: str) -> _Path:
        return replace(self, steps=(*self.steps, (node, port)))

    def does(self, node: str, op: Send | Update | Tag) -> _Path:
        wrote = replace(self, effects=(*self.effects, Effect(node, op)))
        match op:
            case Update(values):
                return replace(wrote, fields=self.fields | {name for name, _ in values})
            case Tag(add, remove):
                return replace(wrote, tags=self.tags | set(add) | set(remove))
            case Send():
                return wrote
        assert_never(op)

    def wrote_what(self, read: Reads) -> bool:
        return bool(self.fields & read.fields or self.tags & read.tags)


@dataclass
class _Compiler:
    graph: Graph
    ops: dict[str, Op]
    crowded: frozenset[str]
    legs: list[Leg] = field(default_factory=list)
    rests: dict[tuple[str, str], Rest] = field(default_factory=dict)  # (node, sort)
    todo: list[tuple[str, str]] = field(default_factory=list)

    def plan(self) -> Plan:
        entries = tuple(self.entry(node.id) for node in self.graph.nodes if self.is_trigger(node.id))
        while self.todo:
            self.finish(*self.todo.pop(0))
        settings = self.graph.settings
        return Plan(
            nodes=tuple(node.id for node in self.graph.nodes),
            ports=tuple((edge.source, edge.port) for edge in self.graph.edges),
            entries=entries,
            rests=tuple(sorted(self.rests.values(), key=lambda rest: rest.id)),
            legs=tuple(self.legs),
            exit=settings.exit,
            reentry=settings.reentry,
            timezone=settings.timezone,
        )

    def is_trigger(self, node: str) -> bool:
        return isinstance(self.ops[node], StartOnEvent | StartByHand)

    def entry(self, node: str) -> Entry:
        op = self.ops[node]
        assert isinstance(op, StartOnEvent | StartByHand)
        out = self.pulled_out(None, node)
        pick = self.follow(_Path(None), node, "next")
        if isinstance(op, StartByHand):
            return Entry(node, None, None, pick, out)
        return Entry(node, op.event, op.where, pick, out)

    def rest(self, node: str, sort: str) -> int:
        """The id of this rest, which is put on the list of those to finish when it is new."""
        key = (node, sort)
        if key not in self.rests:
            number = len(self.rests)
            out = self.pulled_out(number, node)
            self.rests[key] = Rest(id=number, sort=sort, node=node, out=out)
            self.todo.append(key)
        return self.rests[key].id

    def finish(self, node: str, sort: str) -> None:
        """Walk the ways out of a rest."""
        rest = self.rests[node, sort]
        path = _Path(rest.id)
        match self.ops[node]:
            case _ if sort == CUT:
                done = replace(rest, on_due=self.walk(path, node, is_start=True))
            case HoldForEvent(event, where, timeout_ms, _) if sort == LOOK:
                done = replace(
                    rest,
                    event=event,
                    where=where,
                    on_event=self.follow(path, node, "happened"),
                    on_due=self.leg(path, None, to=self.rest(node, STAY), hold_ms=timeout_ms),
                )
            case HoldFor():
                done = replace(rest, on_due=self.follow(path, node, "next"))
            case HoldForEvent(event, where, timeout_ms, _):
                done = replace(
                    rest,
                    event=event,
                    where=where,
                    on_event=self.follow(path, node, "happened"),
                    on_due=None if timeout_ms is None else self.follow(path, node, "timeout"),
                )
            case other:
                raise AssertionError(f"{other} is no rest")
        self.rests[node, sort] = done

    def follow(self, path: _Path, node: str, port: str) -> Pick:
        """Leave the node by the port and go on from where the edge leads."""
        return self.walk(path.leaves(node, port), self.graph.target[node, port])

    def walk(self, path: _Path, node: str, *, is_start: bool = False) -> Pick:
        """The pick of all that can happen from arriving at this node until the next rest."""
        op = self.ops[node]
        if not is_start and self.must_cut(path, node, op):
            return self.leg(path, None, to=self.rest(node, CUT), hold_ms=AT_ONCE)
        match op:
            case HoldFor(duration_ms):
                return self.leg(path, node, to=self.rest(node, STAY), hold_ms=duration_ms)
            case HoldForEvent(_, _, timeout_ms, since):
                if since == "wait":
                    return self.leg(path, node, to=self.rest(node, STAY), hold_ms=timeout_ms)
                return self.leg(path, node, to=self.rest(node, LOOK), hold_ms=AT_ONCE)
            case Choose(arms):
                taken = tuple((Guard(rule), self.follow(path, node, port)) for port, rule in arms)
                return FirstOf(taken, self.follow(path, node, "else"))
            case Split(arms):
                return ByShare(node, tuple((share, self.follow(path, node, port)) for port, share in arms))
            case Send() | Update() | Tag():
                return self.follow(path.does(node, op), node, "next")
            case End():
                return self.leg(path, node, state=Passage.COMPLETED)
            case StartOnEvent() | StartByHand():
                raise AssertionError("no edge leads to a trigger")
        assert_never(op)

    def must_cut(self, path: _Path, node: str, op: Op) -> bool:
        if node in self.crowded:
            return True
        return isinstance(op, Choose) and any(path.wrote_what(reads(rule)) for _, rule in op.arms)

    def pulled_out(self, source: int | None, node: str) -> int:
        taken = self.leg(_Path(source, ((node, EXIT_PORT),)), None, state=Passage.EXITED)
        return taken.leg

    def leg(
        self,
        path: _Path,
        arrives: str | None,
        *,
        to: int = ENDED_REST,
        hold_ms: int | None = None,
        state: int = Passage.INSIDE,
    ) -> Take:
        number = len(self.legs)
        self.legs.append(
            Leg(
                id=number,
                source=path.source,
                steps=path.steps,
                arrives=arrives,
                effects=path.effects,
                to=to,
                hold_ms=hold_ms,
                state=int(state),
            )
        )
        return Take(number)


def compile_graph(graph: Graph) -> Plan:
    """The plan of a graph without errors (see core/journey/check.py); deterministic."""
    ops = {node.id: lower(node, graph) for node in graph.nodes}
    return _Compiler(graph, ops, crowded_merges(graph, ops)).plan()
