"""Read a condition from JSON: a Rule, and everything that is wrong with it at once.

Durations become milliseconds; the dates of `before` and `after` stay ISO text, because a plain date is midnight in the
journey's zone, which a condition does not know; `did_not` is Not(Did(…)).
Source: design.md "Conditions", semantics.md "Conditions".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any, Literal

from backend.core.duration import read_duration
from backend.core.moment import instant_ms
from backend.core.problem import Problem, error
from backend.core.segment.rule import (
    FIELD_OPS,
    MESSAGE_STATES,
    AllOf,
    AnyOf,
    Did,
    Field,
    HasTag,
    MessageWas,
    Not,
    Rule,
)

Scope = Literal["contact", "event", "exit"]
"""contact: everything. event: a `where`, that is all/any/not/field. exit: everything, counted since entry."""

DEPTH_MAX = 20
CLAUSES_MAX = 500
VALUES_MAX = 1000
TEXT_MAX = 1000
NUMBER_MAX = 2**53  # beyond it JSON readers disagree about whole numbers
AT_LEAST_MAX = 1_000_000

_KEYS: dict[str, tuple[str, ...]] = {
    "all": (),
    "any": (),
    "not": (),
    "field": ("op", "value"),
    "did": ("where", "at_least", "within"),
    "did_not": ("where", "at_least", "within"),
    "in_segment": (),
    "has_tag": (),
    "message": ("was",),
}
_IN_WHERE = ("all", "any", "not", "field")
_DURATION_OPS = ("in_last", "not_in_last", "in_next")


def parse(
    data: object, *, field: str, node: str | None = None, scope: Scope = "contact", sends: Collection[str] = ()
) -> tuple[Rule | None, list[Problem]]:
    """The rule, or None when a problem is an error; warnings may come beside a rule.

    field: where the condition stands, the start of every problem's dotted path. sends: ids of the journey's send
    nodes, which `message` may name; none in a segment or a filter.
    """
    reader = _Reader(node, frozenset(sends))
    rule = reader.condition(data, field, 1, is_where=scope == "event")
    if any(problem.severity == "error" for problem in reader.problems):
        return None, reader.problems
    return rule, reader.problems


class _Reader:
    """One walk over one condition; collects problems on the way. Its methods return None for what could not be read."""

    def __init__(self, node: str | None, sends: frozenset[str]) -> None:
        self.node = node
        self.sends = sends
        self.problems: list[Problem] = []
        self.clauses = 0

    def wrong(self, code: str, field: str, message: str, fix: str = "") -> None:
        self.problems.append(error(code, message, node=self.node, field=field, fix=fix))

    def empty(self, field: str, message: str) -> None:
        fix = "Fill in a value to compare with."
        self.problems.append(Problem("warning", "empty_value", self.node, field, message, fix))

    def condition(self, data: object, path: str, depth: int, *, is_where: bool) -> Rule | None:
        self.clauses += 1
        if self.clauses > CLAUSES_MAX:
            if self.clauses == CLAUSES_MAX + 1:
                self.wrong(
                    "too_large", path, f"A condition can hold {CLAUSES_MAX} parts; this one has more.", "Split it."
                )
            return None
        if depth > DEPTH_MAX:
            self.wrong(
                "too_deep", path, f"Conditions can be nested {DEPTH_MAX} deep; this one goes deeper.", "Flatten it."
            )
            return None
        if not isinstance(data, dict):
            self.wrong("invalid_condition", path, "A condition is missing here.", "Choose what has to be true.")
            return None
        head = self.head(data, path, is_where)
        if head is None:
            return None
        for key in data:
            if key != head and key not in _KEYS[head]:
                self.wrong("unknown_key", f"{path}.{key}", f"A “{head}” condition has no “{key}”.", "Take it out.")
        return self.readers()[head](data, path, depth, is_where)

    def head(self, data: dict[str, Any], path: str, is_where: bool) -> str | None:
        """The key that says which condition it is."""
        heads = [key for key in _KEYS if key in data]
        if len(heads) != 1:
            known = ", ".join(_KEYS)
            message = (
                f"A condition says one thing, this one says {' and '.join(heads)}."
                if heads
                else "This is no condition we know."
            )
            self.wrong("invalid_condition", path, message, f"Use exactly one of {known}.")
            return None
        if is_where and heads[0] not in _IN_WHERE:
            message = f"“{heads[0]}” can't be asked of an event's properties."
            self.wrong("not_in_where", f"{path}.{heads[0]}", message, "Compare the event's properties only.")
            return None
        return heads[0]

    def readers(self) -> dict[str, Callable[[dict[str, Any], str, int, bool], Rule | None]]:
        return {
            "all": self.many,
            "any": self.many,
            "not": self.negated,
            "field": self.field,
            "did": self.did,
            "did_not": self.did,
            "in_segment": self.in_segment,
            "has_tag": self.has_tag,
            "message": self.message,
        }

    def many(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        head = "all" if "all" in data else "any"
        if not isinstance(data[head], list):
            self.wrong(
                "invalid_condition", f"{path}.{head}", f"“{head}” takes a list of conditions.", "Add a condition."
            )
            return None
        read = [
            self.condition(item, f"{path}.{head}.{at}", depth + 1, is_where=is_where)
            for at, item in enumerate(data[head][: CLAUSES_MAX + 1])
        ]
        items = tuple(item for item in read if item is not None)
        return AllOf(items) if head == "all" else AnyOf(items)

    def negated(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        item = self.condition(data["not"], f"{path}.not", depth + 1, is_where=is_where)
        return None if item is None else Not(item)

    def field(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        thing = "property of the event" if is_where else "field"
        name = self.text(data["field"], f"{path}.field", f"the name of a {thing}")
        op = data.get("op")
        if not isinstance(op, str) or op not in FIELD_OPS:
            self.wrong(
                "unknown_op",
                f"{path}.op",
                f"“{_shown(op)}” is no way to compare.",
                f"Use one of {', '.join(FIELD_OPS)}.",
            )
            return None
        value = self.value(op, data.get("value"), f"{path}.value", "value" in data)
        return None if name is None else Field(name, op, value)

    def value(self, op: str, value: Any, path: str, is_there: bool) -> Any:
        """The constant as a Rule holds it; None when it is wrong, or when the op takes none."""
        if op in ("is_set", "is_not_set"):
            if value is not None:
                self.wrong("invalid_value", path, f"“{op}” compares with nothing.", "Take the value out.")
            return None
        if not is_there or value is None:
            self.wrong("missing", path, "There is nothing to compare with yet.", "Fill in a value to compare with.")
            return None
        if op in _DURATION_OPS:
            milliseconds, problems = read_duration(value, field=path, node=self.node)
            self.problems += problems
            return milliseconds
        if op == "one_of":
            return self.one_of(value, path)
        if op == "between":
            return self.between(value, path)
        if op in ("before", "after"):
            if isinstance(value, str) and instant_ms(value, "UTC") is not None:
                return value
            message = f"“{_shown(value)}” is not a date."
            self.wrong("invalid_value", path, message, "Write a date like 2026-03-31 or 2026-03-31T09:00:00Z.")
            return None
        if op in ("starts_with", "ends_with"):
            return self.constant(value, path, (str,), "text")
        if op in ("gt", "gte", "lt", "lte"):
            return self.constant(value, path, (str, int, float), "a number or text")
        return self.constant(value, path, (str, int, float, bool), "text, a number or true/false")

    def constant(self, value: Any, path: str, types: tuple[type, ...], wanted: str) -> Any:
        """A text, number or true/false of the types; an empty text is let pass with a warning."""
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            self.wrong("invalid_value", path, f"This comparison needs {wanted}.", f"Fill in {wanted}.")
            return None
        if isinstance(value, str):
            if len(value) > TEXT_MAX:
                self.wrong(
                    "too_large", path, f"A text to compare with has at most {TEXT_MAX} characters.", "Shorten it."
                )
                return None
            if value == "":
                self.empty(path, "This compares with an empty text, so it says nothing about people.")
        elif not isinstance(value, bool) and not _is_number(value):
            self.wrong("invalid_value", path, "This number is too large to compare with.", "Use a smaller number.")
            return None
        return value

    def one_of(self, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            self.wrong(
                "invalid_value", path, "“one_of” compares with a list of values.", 'Write a list like ["a", "b"].'
            )
            return None
        if len(value) > VALUES_MAX:
            self.wrong("too_large", path, f"“one_of” takes at most {VALUES_MAX} values.", "Shorten the list.")
            return None
        if not value:
            self.empty(path, "This list of values is empty, so nobody matches it.")
        wanted = "text, a number or true/false"
        return [self.constant(item, f"{path}.{at}", (str, int, float, bool), wanted) for at, item in enumerate(value)]

    def between(self, value: Any, path: str) -> Any:
        fix = "Write two values like [10, 20]."
        if not isinstance(value, list) or len(value) != 2:
            self.wrong("invalid_value", path, "“between” needs a lower and an upper value.", fix)
            return None
        ends = [
            self.constant(item, f"{path}.{at}", (str, int, float), "a number or text") for at, item in enumerate(value)
        ]
        if None not in ends and isinstance(ends[0], str) is not isinstance(ends[1], str):
            self.wrong("invalid_value", path, "“between” needs two numbers or two texts, not one of each.", fix)
            return None
        return ends

    def did(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        head = "did" if "did" in data else "did_not"
        name = self.text(data[head], f"{path}.{head}", "the name of an event")
        where = None
        if data.get("where") is not None:
            where = self.condition(data["where"], f"{path}.where", depth + 1, is_where=True)
        at_least = data.get("at_least")
        at_least = 1 if at_least is None else at_least
        if not isinstance(at_least, int) or isinstance(at_least, bool) or not 1 <= at_least <= AT_LEAST_MAX:
            message = "“At least” needs a whole number from 1 to a million."
            self.wrong("invalid_value", f"{path}.at_least", message, "Write how many times it has to have happened.")
            return None
        within_ms = None
        if data.get("within") is not None:
            within_ms, problems = read_duration(data["within"], field=f"{path}.within", node=self.node)
            self.problems += problems
        if name is None:
            return None
        done = Did(name, where, at_least, within_ms)
        return done if head == "did" else Not(done)

    def in_segment(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        message = "Saved segments can't be used in conditions yet."
        self.wrong("not_available", f"{path}.in_segment", message, "Write the segment's conditions here instead.")
        return None

    def has_tag(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        tag = self.text(data["has_tag"], f"{path}.has_tag", "a tag")
        return None if tag is None else HasTag(tag)

    def message(self, data: dict[str, Any], path: str, depth: int, is_where: bool) -> Rule | None:
        node = self.text(data["message"], f"{path}.message", "the step that sends the message")
        if node is not None and node not in self.sends:
            text = f"There is no send step “{_shown(node)}” in this journey."
            self.wrong("unknown_message", f"{path}.message", text, "Choose one of this journey's send steps.")
        was = data.get("was")
        if not isinstance(was, str) or was not in MESSAGE_STATES:
            states = ", ".join(MESSAGE_STATES)
            self.wrong("invalid_value", f"{path}.was", f"A message can't be “{_shown(was)}”.", f"Use one of {states}.")
            return None
        return None if node is None else MessageWas(node, was)

    def text(self, value: Any, path: str, what: str) -> str | None:
        """A name: text that is not blank and not endless."""
        if not isinstance(value, str) or not value.strip():
            self.wrong("missing", path, f"This condition needs {what}.", f"Fill in {what}.")
            return None
        if len(value) > TEXT_MAX:
            self.wrong("too_large", path, f"A name has at most {TEXT_MAX} characters.", "Shorten it.")
            return None
        return value


def _is_number(value: Any) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return bool(-NUMBER_MAX <= value <= NUMBER_MAX)


def _shown(value: object) -> str:
    """What the author wrote, short enough for a sentence."""
    if isinstance(value, int) and abs(value) > NUMBER_MAX:
        return "a very large number"
    text = "" if value is None else str(value) if isinstance(value, str | int | float) else type(value).__name__
    return text if len(text) <= 40 else text[:39] + "…"
