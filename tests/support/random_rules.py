"""Random conditions: over few fields, few events and few values, so that many of them come true."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HOUR = 3_600_000
EVENTS = ["Order", "View", "Click"]
DATES = [
    "2024-03-30",
    "2024-03-31",
    "2024-03-30T20:00:00Z",
    "2024-03-30T22:00:00+01:00",
    "2024-03-31T02:30:00",
    "2024-03-31T00:00:00Z",
]
SCALARS: list[Any] = ["pro", "free", 5, "5", 1, 10.5, True, False]
FIELDS = ["plan", "score", "vip", "seen_on", "email", "unsubscribed", "user_id", "timezone", "created_at"]
PATHS = ["amount", "kind", "ok", "when", "cart.total", "codes", "cart"]
WRITES: dict[str, list[Any]] = {
    "plan": ["pro", "free", 5],
    "score": [1, 5, 10.5, "many"],
    "vip": [True, False],
    "seen_on": ["2024-03-31", "2024-03-31T02:00:00Z", "soon"],
    "email": ["new@shop.example"],
    "unsubscribed": [True, False],
}
Rules = st.SearchStrategy[dict[str, Any]]


def rarely() -> st.SearchStrategy[bool]:
    return st.sampled_from([False, False, False, True])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def many(strategy: st.SearchStrategy[Any], *, usual: tuple[int, int]) -> st.SearchStrategy[list[Any]]:
    """Lists that are seldom shorter than usual, even where Hypothesis fills up with the simplest choices."""
    least, most = usual
    short, long = st.lists(strategy, max_size=least), st.lists(strategy, min_size=least, max_size=most)
    return st.sampled_from([*[long] * 9, short]).flatmap(lambda chosen: chosen)  # one_of would weigh them alike


def event_names() -> st.SearchStrategy[str]:
    return st.sampled_from([*EVENTS, *EVENTS, *EVENTS, "Email Opened"])


def dates() -> st.SearchStrategy[str]:
    return st.sampled_from(DATES)


def grid_durations() -> st.SearchStrategy[dict[str, Any]]:
    """One to four hours, seldom a day: the grid the events are on."""
    spans = [(1, "hours"), (2, "hours"), (3, "hours"), (4, "hours"), (60, "minutes"), (7200, "seconds"), (1, "days")]
    return st.sampled_from(spans).map(lambda span: {"amount": span[0], "unit": span[1]})


def contact_rules(sends: list[str], depth: int = 2) -> Rules:
    """Conditions on a contact: fields, events, tags and the passage's own messages."""
    leaves = [fields(FIELDS), deeds(), deeds(), st.sampled_from(["vip", "old"]).map(lambda tag: {"has_tag": tag})]
    if sends:
        states = st.sampled_from(["sent", "opened", "clicked", "delivered", "bounced"])
        leaves.append(st.fixed_dictionaries({"message": st.sampled_from(sends), "was": states}))
    return joined(st.one_of(leaves), depth)


@st.composite
def turning_rules(draw: st.DrawFn, sends: list[str]) -> dict[str, Any]:
    """Conditions that tend to be false at first and to come true on the way: what exit rules are made of."""
    turns = [(name, value) for name, values in WRITES.items() for value in values]
    states = ["sent", "opened", "clicked"]
    match draw(st.sampled_from(["did", "did", "did", "within", "field", "tag", "message", "both", "either"])):
        case "did":
            return {"did": draw(st.sampled_from(EVENTS))}
        case "within":
            return {"did": draw(event_names()), "at_least": draw(st.integers(1, 2)), "within": draw(grid_durations())}
        case "field":
            name, value = draw(st.sampled_from(turns))
            return {"field": name, "op": "is", "value": value}
        case "message" if sends:
            return {"message": draw(st.sampled_from(sends)), "was": draw(st.sampled_from(states))}
        case "both":
            return {"all": [draw(turning_rules(sends)), draw(contact_rules(sends, 0))]}
        case "either":
            return {"any": [draw(turning_rules(sends)), draw(turning_rules(sends))]}
    return {"has_tag": draw(st.sampled_from(["vip", "old"]))}


def event_rules() -> Rules:
    """Conditions on an event's properties."""
    return joined(fields(PATHS), 1)


def joined(leaf: Rules, depth: int) -> Rules:
    if depth == 0:
        return leaf
    inner = joined(leaf, depth - 1)
    several = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        leaf,
        leaf,
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    )


@st.composite
def deeds(draw: st.DrawFn) -> dict[str, Any]:
    rule: dict[str, Any] = {draw(st.sampled_from(["did", "did_not"])): draw(event_names())}
    if draw(rarely()):
        rule["where"] = draw(event_rules())
    if draw(rarely()):
        rule["at_least"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        rule["within"] = draw(grid_durations())
    return rule


@st.composite
def fields(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    op = draw(st.sampled_from(list(OPERANDS)))
    rule = {"field": draw(st.sampled_from([*names[:4], *names])), "op": op}
    value = draw(OPERANDS[op])
    return rule if value is None else {**rule, "value": value}


def ordered() -> st.SearchStrategy[Any]:
    return st.sampled_from([1, 5, 10.5, "5", "free", "2024-03-31"])


SCALAR = st.sampled_from([*SCALARS, "ada", "2024-03-31"])
PART = st.sampled_from(["p", "ro", "5", "2024", "a", "e"])
OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    "is": SCALAR,
    "is_not": SCALAR,
    "one_of": st.lists(SCALAR, min_size=1, max_size=3),
    "contains": PART,
    "starts_with": PART,
    "ends_with": PART,
    "gt": ordered(),
    "gte": ordered(),
    "lt": ordered(),
    "lte": ordered(),
    "between": st.sampled_from([[1, 5], [5, 10.5], ["5", "free"], ["2024-03-30", "2024-04"]]),
    "is_set": st.none(),
    "is_not_set": st.none(),
    "before": dates(),
    "after": dates(),
    "in_last": grid_durations(),
    "not_in_last": grid_durations(),
    "in_next": grid_durations(),
}
