"""Random cases for the referee: journeys that are valid, contacts and histories that collide.

Few event names, few fields, times and durations on one grid of hours: so that things happen at the same instant, on the
dot of a due time, at both ends of the replay, and updates are read by the branch after them.

`cases()` is for Hypothesis, which makes what fails small. `case_of_seed(n)` spreads more evenly and takes well under a
millisecond: for thousands of them in a row.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle.describing import describe, read_case
from tests.oracle.files import Case
from tests.support.choosing import Choose, by_hypothesis, by_seed, rarely, several
from tests.support.random_journeys import a_journey
from tests.support.random_rules import (
    DATES,
    EVENTS,
    HOUR,
    LAST,
    START,
    UNTIL,
    WRITES,
    ZERO,
    Theme,
    a_theme,
)

__all__ = ["case_of_seed", "cases", "describe", "read_case"]

PEOPLE = ["ada", "Ben", "10", "9", "zoé"]
CELLS = {
    "email": ["ada@shop.example", "ada@shop.example", "ada@shop.example", ""],
    "timezone": ["", "Europe/Berlin", "Nowhere/At_All"],
    "unsubscribed": ["", "false", "false", "true"],
    "plan": ["", "pro", "free", "5", "Pro"],
    "score": ["", "1", "5", "10.5"],
    "vip": ["", "true", "false"],
    "seen_on": ["", *DATES],
}
ODD_CELLS = ["score", "vip", "seen_on"]
PROPERTIES: dict[str, list[Any]] = {
    "amount": [1, 5, 10.5, "5", None],
    "kind": ["pro", "free", ""],
    "ok": [True, False],
    "when": DATES,
    "cart": [{"total": 5}, {"total": "5"}, {}],
    "codes": [["pro", 5], []],
}
CLOSE_HOURS = list(range(START, START + 9))
OTHER_HOURS = [2, START - 1, START, 20, 24, UNTIL, UNTIL + 1, LAST]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return a_case(by_hypothesis(draw))


def case_of_seed(seed: int) -> Case:
    return a_case(by_seed(seed))


def a_case(choose: Choose) -> Case:
    """A whole replay: a journey, who is there, what they do."""
    theme = a_theme(choose)
    journey = a_journey(choose, theme)
    people = list(dict.fromkeys([choose(PEOPLE), choose(PEOPLE)]))
    sends = [node["id"] for node in journey["nodes"] if node["type"] == "send.email"]
    rows = [{"user_id": person} | {name: choose(cells) for name, cells in CELLS.items()} for person in people]
    if rarely(choose):
        rows[0][choose(ODD_CELLS)] = "many"  # and the column is text
    return Case(
        journey=journey,
        contacts=rows,
        events=a_history(choose, theme, [*people, "newcomer"], sends),
        start_ms=ZERO + START * HOUR,
        until_ms=ZERO + UNTIL * HOUR,
        enroll=some_to_enroll(choose, journey, people),
        fields=choose([{}, {}, {"plan": "text"}, {"score": "text"}]),
    )


def a_history(choose: Choose, theme: Theme, people: list[str], sends: list[str]) -> list[dict[str, Any]]:
    """Up to 23 events in any order, some of them twice; mostly of the theme's names and of one person."""
    events = several(choose, lambda: a_happening(choose, theme, people, sends), [1, 2, 4, 6, 8, 10, 12, 16, 20])
    return [*events, *several(choose, lambda: choose(events), [0, 0, 1, 2, 3])]


def a_happening(choose: Choose, theme: Theme, people: list[str], sends: list[str]) -> dict[str, Any]:
    openings = ["Email Opened", "Email Clicked"] if sends else []
    about = {"messages": openings * 3, "changes": ["$identify"] * 3}.get(theme.subject, [])
    name = choose([*theme.events * 4, *EVENTS, "$identify", *openings, *about])
    hour = choose(OTHER_HOURS if rarely(choose) else CLOSE_HOURS)
    return {
        "user_id": choose([*people[:1] * 5, *people]),
        "event": name,
        "at_ms": ZERO + hour * HOUR + choose([0] * 12 + [-1, 1]),
        "properties": some_properties(choose, name, theme, sends),
    }


def some_properties(choose: Choose, name: str, theme: Theme, sends: list[str]) -> dict[str, Any] | None:
    if name == "$identify":
        return {field: choose([*WRITES[field], *nothing(field)]) for field in theme.fields}
    if name.startswith("Email ") and sends:
        return choose([*({"node": node} for node in sends), {"node": sends[0]}, {"node": "nowhere"}, None])
    if choose([True, False]):
        return None
    return {key: choose(values) for key, values in PROPERTIES.items() if choose([False, True])}


def nothing(field: str) -> list[Any]:
    """What takes a field away; consent is either given or not."""
    return [] if field == "unsubscribed" else [None, ""]


def some_to_enroll(choose: Choose, journey: dict[str, Any], people: list[str]) -> list[str] | str | None:
    if not any(node["type"] == "trigger.manual" for node in journey["nodes"]):
        return None
    return choose(["all", "all", None, [], people[:1], people])
