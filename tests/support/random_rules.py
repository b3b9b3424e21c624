"""Random conditions: on what a case is about, so that most of them are neither always true nor always false."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.moments import iso
from tests.support.choosing import Choose, few, rarely, several

HOUR = 3_600_000
ZERO = 1_711_800_000_000  # 2024-03-30T12:00Z: the clocks go forward in Berlin the night after
START, UNTIL, LAST = 6, 36, 42  # hours after ZERO
EVENTS = ["Order", "View", "Click"]
TAGS = ["vip", "old"]
ODD_DATES = ["2024-03-30T22:00:00+01:00", "2024-03-31", "2024-03-31T02:30:00", "2024-03-31T00:00"]  # Berlin skips 02:30
DATES = [*(iso(ZERO + hour * HOUR) for hour in range(START, START + 9)), *ODD_DATES]
WRITES: dict[str, list[Any]] = {
    "plan": ["pro", "free", 5],
    "score": [1, 5, 10.5, "many"],
    "vip": [True, False],
    "seen_on": [*DATES, "soon"],
    "email": ["new@shop.example"],
    "unsubscribed": [True, False],
}
SPANS = [(1, "hours"), (2, "hours"), (3, "hours"), (4, "hours"), (60, "minutes"), (7200, "seconds"), (1, "days")]
DURATIONS = [{"amount": amount, "unit": unit} for amount, unit in SPANS]
PATHS = ["amount", "amount", "kind", "ok", "when", "cart.total", "codes", "cart"]
Rule = dict[str, Any]

# What a theme's conditions and nodes are mostly made of, besides a bit of everything.
SUBJECTS = {
    "deeds": (["did", "within"], ["branch.if", "branch.if", "wait.event"]),
    "changes": (["field"], ["update.contact", "update.contact", "branch.if", "send.email"]),
    "dates": (["field"], ["branch.if", "branch.if", "update.contact"]),
    "messages": (["message"], ["send.email", "branch.if", "wait.for", "wait.event"]),
    "tags": (["tag"], ["tag", "tag", "branch.if"]),
    "all": (["any field", "did", "message"], ["branch.split"]),
}


@dataclass(frozen=True)
class Theme:
    """What one case is about. The smaller the choice, the more often a history meets its journey."""

    subject: str
    events: list[str]
    fields: list[str]
    spans: list[dict[str, Any]]
    leaves: list[str]
    kinds: list[str]
    tag: str


def a_theme(choose: Choose) -> Theme:
    subject = choose(list(SUBJECTS))
    leaves, kinds = SUBJECTS[subject]
    return Theme(
        subject=subject,
        events=few(choose, EVENTS, 2),
        fields=["seen_on"] if subject == "dates" else few(choose, list(WRITES), 2),
        spans=few_durations(choose),
        leaves=[*leaves * 2, choose(["did", "field", "within", "tag", "any field"])],
        kinds=kinds,
        tag=choose(TAGS),
    )


def few_durations(choose: Choose) -> list[dict[str, Any]]:
    return several(choose, lambda: choose(DURATIONS), [1, 2])


def an_event_name(choose: Choose, theme: Theme) -> str:
    return choose([*theme.events * 4, "Email Opened"])


# Conditions


def a_contact_rule(choose: Choose, theme: Theme, sends: list[str], depth: int = 2) -> Rule:
    """Conditions on a contact: fields, events, tags and the passage's own messages."""
    match choose(["leaf", "leaf", "leaf", "leaf", "all", "any", "not"]) if depth else "leaf":
        case "leaf":
            return a_leaf(choose, theme, sends)
        case "not":
            return {"not": a_contact_rule(choose, theme, sends, depth - 1)}
        case join:
            return {join: several(choose, lambda: a_contact_rule(choose, theme, sends, depth - 1), [1, 2, 2])}


def a_leaf(choose: Choose, theme: Theme, sends: list[str]) -> Rule:
    match choose(theme.leaves):
        case "did":
            return a_deed(choose, theme)
        case "within":
            return a_deed(choose, theme) | {"within": choose(theme.spans)}
        case "field":
            return a_fitting_field(choose, theme)
        case "message" if sends:
            state = choose(["sent", "opened", "opened", "clicked", "clicked", "delivered", "bounced"])
            return {"message": choose(sends), "was": state}
        case "any field":
            return a_field(choose, [*WRITES, "user_id", "timezone", "created_at"], theme)
    return {"has_tag": theme.tag}


def a_deed(choose: Choose, theme: Theme) -> Rule:
    rule: Rule = {choose(["did", "did", "did_not"]): an_event_name(choose, theme)}
    if rarely(choose):
        rule["where"] = an_event_rule(choose, theme)
    if rarely(choose):
        rule["at_least"] = choose([1, 2, 3])
    return rule


def a_turning_rule(choose: Choose, theme: Theme, sends: list[str]) -> Rule:
    """Conditions that tend to be false at first and to come true on the way: what exit rules are made of."""
    match choose([*theme.leaves * 2, "did", "both", "either"]):
        case "within":
            return {"did": an_event_name(choose, theme), "at_least": choose([1, 2]), "within": choose(theme.spans)}
        case "field" | "any field":
            name = choose(theme.fields)
            if name == "seen_on":
                return a_fitting_field(choose, theme)
            return {"field": name, "op": "is", "value": choose(WRITES[name])}
        case "message" if sends:
            return {"message": choose(sends), "was": choose(["opened", "sent", "clicked"])}
        case "tag":
            return {"has_tag": theme.tag}
        case "both":
            return {"all": [a_turning_rule(choose, theme, sends), a_leaf(choose, theme, sends)]}
        case "either":
            return {"any": [a_turning_rule(choose, theme, sends), a_turning_rule(choose, theme, sends)]}
    return {"did": choose(EVENTS)}


def an_event_rule(choose: Choose, theme: Theme) -> Rule:
    """Conditions on an event's properties."""
    match choose(["leaf", "leaf", "leaf", "all", "any", "not"]):
        case "leaf":
            return a_field(choose, PATHS, theme)
        case "not":
            return {"not": a_field(choose, PATHS, theme)}
        case join:
            return {join: several(choose, lambda: a_field(choose, PATHS, theme), [1, 2])}


# Comparisons


def a_fitting_field(choose: Choose, theme: Theme) -> Rule:
    """A comparison of one of the theme's fields with values of its own type."""
    name = choose(theme.fields)
    match name:
        case "seen_on":
            op = choose(["in_last", "not_in_last", "in_next", "before", "after"])
            return {"field": name, "op": op, "value": an_operand(choose, op, theme)}
        case "score":
            op = choose(["gt", "gte", "lt", "lte", "is", "is_not", "between"])
            return {"field": name, "op": op, "value": [1, 5] if op == "between" else choose([1, 5, 5.0, 10.5])}
        case "plan":
            op = choose(["is", "is_not", "contains", "starts_with", "one_of", "gte"])
            text = choose(["pro", "free", "5"])
            return {"field": name, "op": op, "value": [text, 5] if op == "one_of" else text}
    if rarely(choose):
        return {"field": name, "op": choose(["is_set", "is_not_set"])}
    return {"field": name, "op": choose(["is", "is_not"]), "value": choose(WRITES[name])}


def a_field(choose: Choose, names: list[str], theme: Theme) -> Rule:
    """Any comparison of any field, fitting or not."""
    op = choose(OPERATORS)
    rule: Rule = {"field": choose(names), "op": op}
    return rule if op in ("is_set", "is_not_set") else rule | {"value": an_operand(choose, op, theme)}


SCALARS: list[Any] = ["pro", "free", 5, "5", 1, 10.5, True, False, "ada", "2024-03-31"]
OPERATORS = [
    *("is", "is_not", "one_of", "contains", "starts_with", "ends_with", "gt", "gte", "lt", "lte", "between"),
    *("is_set", "is_not_set", "before", "after", "in_last", "not_in_last", "in_next"),
]


def an_operand(choose: Choose, op: str, theme: Theme) -> Any:
    match op:
        case "one_of":
            return several(choose, lambda: choose(SCALARS), [1, 2, 3])
        case "contains" | "starts_with" | "ends_with":
            return choose(["p", "ro", "5", "2024", "a", "e"])
        case "gt" | "gte" | "lt" | "lte":
            return choose([1, 5, 10.5, "5", "free", "2024-03-31"])
        case "between":
            return choose([[1, 5], [5, 10.5], ["5", "free"], ["2024-03-30", "2024-04"]])
        case "before" | "after":
            return choose([*DATES, *ODD_DATES])
        case "in_last" | "not_in_last" | "in_next":
            return choose(theme.spans)
    return choose(SCALARS)
