"""A plan, read aloud: rests, and the legs that lead away from them, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, assert_never

from backend.compiler.plan import CUT, LOOK, ByShare, FirstOf, Leg, Pick, Plan, Rest, Take
from backend.core.enrollment import Passage
from backend.core.journey.ops import Send, Tag, Update
from backend.core.segment.rule import AllOf, AnyOf, Did, Field, HasTag, MessageWas, Not, Rule

_UNITS = (("week", 604_800_000), ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000))
_ENDS = {Passage.COMPLETED: "completed", Passage.EXITED: "exited", Passage.FAILED: "failed"}


def explain(plan: Plan) -> str:
    """The whole plan as text; the same plan always reads the same."""
    return "\n".join(_lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    yield f"{_n(len(plan.nodes), 'node')}, {_n(len(plan.rests), 'rest')}, {_n(len(plan.legs), 'leg')}"
    again = {"never": "once ever", "after_exit": "again after leaving", "always": "again at any time"}
    gap = f", not within {duration(plan.reentry.not_before_ms)}" if plan.reentry.not_before_ms else ""
    yield f"a person enters {again[plan.reentry.allow]}{gap}; zone {plan.timezone}"
    if plan.exit is not None:
        yield f"leaves at once when {say(plan.exit)}"
    for entry in plan.entries:
        how = f"on “{entry.event}”{_where(entry.where)}" if entry.event is not None else "by hand"
        yield ""
        yield f"enter at {entry.node}, {how}"
        yield from _pick(plan, entry.pick, "  ")
    for rest in plan.rests:
        yield ""
        yield from _rest(plan, rest)


def _rest(plan: Plan, rest: Rest) -> Iterator[str]:
    if rest.sort == CUT:
        yield f"rest {rest.id}, of zero length, before {rest.node}"
        yield from _pick(plan, rest.on_due, "  ")
        return
    if rest.sort == LOOK:
        yield f"rest {rest.id}, of zero length, looking back at {rest.node}"
        yield f"  if “{rest.event}”{_where(rest.where)} came since entry"
        yield from _pick(plan, rest.on_event, "    ")
        yield "  otherwise"
        yield from _pick(plan, rest.on_due, "    ")
        return
    yield f"rest {rest.id}, at {rest.node}"
    if rest.event is not None:
        yield f"  on “{rest.event}”{_where(rest.where)}"
        yield from _pick(plan, rest.on_event, "    ")
    if rest.on_due is not None:
        yield "  when the time is up"
        yield from _pick(plan, rest.on_due, "    ")


def _pick(plan: Plan, pick: Pick | None, indent: str) -> Iterator[str]:
    match pick:
        case None:
            return
        case Take(leg):
            yield indent + _leg(plan, plan.legs[leg])
        case FirstOf(arms, otherwise):
            for guard, inner in arms:
                yield f"{indent}if {say(guard.rule)}"
                yield from _pick(plan, inner, indent + "  ")
            yield f"{indent}else"
            yield from _pick(plan, otherwise, indent + "  ")
        case ByShare(node, shares):
            for share, inner in shares:
                yield f"{indent}{share / 100:g} % at {node}"
                yield from _pick(plan, inner, indent + "  ")
        case _:
            assert_never(pick)


def _leg(plan: Plan, leg: Leg) -> str:
    way = " → ".join(node if port == "next" else f"{node}:{port}" for node, port in leg.steps)
    done = "".join(f", {_effect(effect.node, effect.op)}" for effect in leg.effects)
    if leg.state != Passage.INSIDE:
        end = f"{leg.arrives}, {_ends(leg)}" if leg.arrives else _ends(leg)
    else:
        rest = plan.rests[leg.to]
        stay = f" for {duration(leg.hold_ms)}" if leg.hold_ms is not None and leg.hold_ms > 0 else ""
        end = f"rest {rest.id} ({'at' if rest.sort != CUT else 'before'} {rest.node}){stay}"
    return f"leg {leg.id}: {way + ' → ' if way else ''}{end}{done}"


def _ends(leg: Leg) -> str:
    return _ENDS[Passage(leg.state)]


def _effect(node: str, op: Send | Update | Tag) -> str:
    match op:
        case Send(channel, purpose):
            return f"sends {node} ({channel}, {purpose})"
        case Update(values):
            return "sets " + ", ".join(f"{name} = {_value(value)}" for name, value in values)
        case Tag(add, remove):
            return "tags " + " ".join([*(f"+{tag}" for tag in add), *(f"-{tag}" for tag in remove)])
    assert_never(op)


def _where(where: Rule | None) -> str:
    return "" if where is None else f" where {say(where)}"


def say(rule: Rule) -> str:
    """A condition in words."""
    match rule:
        case AllOf(items):
            return " and ".join(_grouped(item) for item in items) or "always"
        case AnyOf(items):
            return " or ".join(_grouped(item) for item in items) or "never"
        case Not(Did() as did):
            return _did(did, "did not do")
        case Not(item):
            return f"not {_grouped(item)}"
        case Field(name, op, value):
            return f"{name} {op.replace('_', ' ')}" + _operand(op, value)
        case Did():
            return _did(rule, "did")
        case HasTag(tag):
            return f"has tag {_value(tag)}"
        case MessageWas(node, was):
            return f"message {node} was {was}"
    assert_never(rule)


def _grouped(rule: Rule) -> str:
    return f"({say(rule)})" if isinstance(rule, AllOf | AnyOf) and len(rule.items) > 1 else say(rule)


def _did(did: Did, verb: str) -> str:
    often = f" at least {did.at_least} times" if did.at_least > 1 else ""
    within = f" within {duration(did.within_ms)}" if did.within_ms is not None else ""
    return f"{verb} “{did.event}”{_where(did.where)}{often}{within}"


def _operand(op: str, value: Any) -> str:
    if op in ("is_set", "is_not_set"):
        return ""
    if op in ("in_last", "not_in_last", "in_next"):
        return " " + duration(value)
    return " " + _value(value)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def duration(ms: int | None) -> str:
    """In the largest unit that divides it: "2 days", "90 minutes"."""
    if ms is None:
        return "ever"
    for unit, size in _UNITS:
        if ms % size == 0 and ms >= size:
            return _n(ms // size, unit)
    return f"{ms} ms"


def _n(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")
