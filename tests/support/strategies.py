"""Random cases for the referee: journeys that are valid, contacts and histories that collide.

Few event names, few fields, times and durations on one grid of hours: so that things happen at the same instant, on the
dot of a due time, at both ends of the replay, and updates are read by the branch after them.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle.describing import describe, read_case
from tests.oracle.files import Case
from tests.support.random_journeys import journeys
from tests.support.random_rules import EVENTS, HOUR, WRITES, dates, many, rarely

__all__ = ["cases", "describe", "journeys", "read_case"]

ZERO = 1_711_800_000_000  # 2024-03-30T12:00Z: the clocks go forward in Berlin the night after
START, UNTIL, LAST = 6, 36, 42  # hours after ZERO
PEOPLE = ["ada", "Ben", "10", "9", "zoé"]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A whole replay: a journey, who is there, what they do."""
    journey = draw(journeys())
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))
    contacts, fields = draw(contact_rows(people))
    sends = [node["id"] for node in journey["nodes"] if node["type"] == "send.email"]
    return Case(
        journey=journey,
        contacts=contacts,
        events=draw(histories([*people, "newcomer"], sends, names_in(journey))),
        start_ms=ZERO + START * HOUR,
        until_ms=ZERO + UNTIL * HOUR,
        enroll=draw(enrolling(journey, people)),
        fields=fields,
    )


@st.composite
def contact_rows(draw: st.DrawFn, people: list[str]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Cells as in contacts.csv, mostly of one type a column, and the types that override them."""
    columns = {
        "email": st.sampled_from(["ada@shop.example", "ada@shop.example", "ada@shop.example", ""]),
        "timezone": st.sampled_from(["", "Europe/Berlin", "Nowhere/At_All"]),
        "unsubscribed": st.sampled_from(["", "false", "false", "true"]),
        "plan": st.sampled_from(["", "pro", "free", "5", "Pro"]),
        "score": st.sampled_from(["", "1", "5", "10.5"]),
        "vip": st.sampled_from(["", "true", "false"]),
        "seen_on": st.one_of(st.just(""), dates()),
    }
    rows = [{"user_id": person, **draw(st.fixed_dictionaries(columns))} for person in people]
    if draw(rarely()):
        rows[0][draw(st.sampled_from(["score", "vip", "seen_on", "unsubscribed"]))] = "many"
    return rows, draw(st.sampled_from([{}, {}, {"plan": "text"}, {"score": "text"}]))


@st.composite
def histories(draw: st.DrawFn, people: list[str], sends: list[str], names: list[str]) -> list[dict[str, Any]]:
    """Up to 23 events in any order, some of them twice; mostly of the names the journey listens to."""
    events = draw(many(happenings(people, sends, names), usual=(5, 20)))
    again = draw(st.lists(st.sampled_from(events), max_size=3)) if events else []
    return [*events, *again]


@st.composite
def happenings(draw: st.DrawFn, people: list[str], sends: list[str], names: list[str]) -> dict[str, Any]:
    openings = ["Email Opened", "Email Clicked"] if sends else []
    name = draw(st.sampled_from([*names, *names, *names, *EVENTS, "$identify", *openings]))
    at_ms = ZERO + draw(hours_of_events()) * HOUR + draw(st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1]))
    return {
        "user_id": draw(st.sampled_from([*people[:1] * 3, *people])),
        "event": name,
        "at_ms": at_ms,
        "properties": draw(properties_of(name, sends)),
    }


def names_in(journey: dict[str, Any]) -> list[str]:
    """The events a journey's triggers and waits listen to, a trigger's twice."""
    listening = [node for node in journey["nodes"] if "event" in node["config"]]
    return [node["config"]["event"] for node in listening for _ in range(1 + node["type"].startswith("trigger."))]


def hours_of_events() -> st.SearchStrategy[int]:
    """Mostly a few close hours, so that they meet; now and then before the start, at its end or after it."""
    close = st.integers(START, START + 8)
    return st.one_of(
        close,
        close,
        st.sampled_from([2, START - 1, START, 20, 24, UNTIL, UNTIL + 1, LAST]),
    )


def properties_of(name: str, sends: list[str]) -> st.SearchStrategy[Any]:
    if name == "$identify":
        values: dict[str, Any] = {key: st.sampled_from([*some, None, ""]) for key, some in WRITES.items()}
        values["unsubscribed"] = st.booleans()
        return st.fixed_dictionaries({}, optional=values)
    if name.startswith("Email "):
        return st.one_of(
            st.fixed_dictionaries({"node": st.sampled_from([*sends, "nowhere"])}) if sends else st.none(),
            st.just({"node": sends[0]} if sends else {}),
            st.none(),
        )
    return st.one_of(st.none(), st.fixed_dictionaries({}, optional=dict(PROPERTIES)))


PROPERTIES = {
    "amount": st.sampled_from([1, 5, 10.5, "5", None]),
    "kind": st.sampled_from(["pro", "free", ""]),
    "ok": st.booleans(),
    "when": dates(),
    "cart": st.sampled_from([{"total": 5}, {"total": "5"}, {}]),
    "codes": st.sampled_from([["pro", 5], []]),
}


def enrolling(journey: dict[str, Any], people: list[str]) -> st.SearchStrategy[list[str] | str | None]:
    if not any(node["type"] == "trigger.manual" for node in journey["nodes"]):
        return st.none()
    return st.one_of(st.just("all"), st.lists(st.sampled_from(people), max_size=2, unique=True), st.none())
