"""Where one contact is now, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, update

from backend.db import tables as t
from backend.db.types import iso
from backend.engine.leave import remove_contact
from backend.reports.whereabouts import whereabouts
from tests.support.builder import a_journey
from tests.support.town import DAY, Town

WELCOME = a_journey("Welcome").on("Signed Up").waits(days=7).sends("hello").build()
ORDERS = (
    a_journey("Orders").on("Bought").waits_for("Bought", id="again").with_settings(reentry={"allow": "always"}).build()
)


def now(town: Town, contact: int) -> list[dict[str, Any]]:
    with town.db.read() as conn:
        return whereabouts(conn, contact)


def test_a_wait_is_told_with_its_journey_and_both_its_ends(town: Town) -> None:
    welcome = town.publish(WELCOME)
    [ann] = town.people(1)
    town.happen("Signed Up", [ann])
    came = town.now
    town.pass_time(days=1)
    assert now(town, ann) == [
        {
            "journey": {"id": welcome, "name": "Welcome"},
            "node": "wait",
            "title": "Wait",
            "since": iso(came),
            "due_at": iso(came + 7 * DAY),
            "passage": 1,
        }
    ]


def test_a_node_is_called_as_its_author_called_it(town: Town) -> None:
    named = {**WELCOME, "nodes": [{**node, "name": f"My {node['id']}"} for node in WELCOME["nodes"]]}
    town.publish(named)
    people = town.people(1)
    town.happen("Signed Up", people)
    town.tick()
    assert [place["title"] for place in now(town, people[0])] == ["My wait"]


def test_a_wait_that_only_an_event_ends_has_no_end(town: Town) -> None:
    town.publish(ORDERS)
    people = town.people(1)
    town.happen("Bought", people)
    town.tick()
    assert [(place["node"], place["due_at"]) for place in now(town, people[0])] == [("again", None)]


def test_of_several_journeys_the_latest_arrival_comes_first(town: Town) -> None:
    welcome, orders = town.publish(WELCOME), town.publish(ORDERS)
    people = town.people(1)
    town.happen("Signed Up", people)
    town.happen("Bought", people)
    town.tick()
    assert [place["journey"]["id"] for place in now(town, people[0])] == [orders, welcome]


def test_a_second_passage_says_that_it_is_the_second(town: Town) -> None:
    town.publish(ORDERS)
    people = town.people(1)
    for _ in range(2):
        town.happen("Bought", people)
    town.tick()
    assert [place["passage"] for place in now(town, people[0])] == [2]


def test_who_has_left_is_nowhere_and_nobody_else_is_told_of(town: Town) -> None:
    town.publish(WELCOME)
    ann, bob, cid = town.people(3)
    town.happen("Signed Up", [ann, bob])
    town.tick()
    with town.db.write() as conn:
        remove_contact(conn, ann, town.now)
    assert (now(town, ann), len(now(town, bob)), now(town, cid)) == ([], 1, [])
    town.pass_time(days=8)
    assert now(town, bob) == []


def test_a_passage_of_an_older_version_is_told_in_its_own_words(town: Town) -> None:
    welcome = town.publish(WELCOME)
    people = town.people(1)
    town.happen("Signed Up", people)
    town.tick()
    town.publish(a_journey("Welcome").on("Signed Up").sends("hello").build(), journey=welcome)
    town.tick()
    assert [(place["node"], place["title"]) for place in now(town, people[0])] == [("wait", "Wait")]


def test_who_goes_on_at_once_is_due_since_they_came(town: Town) -> None:
    town.publish(WELCOME)
    people = town.people(1)
    town.happen("Signed Up", people)
    town.tick()
    with town.db.write() as conn:
        conn.execute(update(t.enrollment).values(due_at=0))
    [place] = now(town, people[0])
    assert place["due_at"] == place["since"] == iso(town.now)


@pytest.mark.parametrize("journeys", [1, 4])
def test_its_cost_is_one_statement(town: Town, journeys: int) -> None:
    for _ in range(journeys):
        town.publish(WELCOME)
    people = town.people(1)
    town.happen("Signed Up", people)
    town.tick()
    statements: list[str] = []
    event.listen(town.db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with town.db.read() as conn:
        statements.clear()  # without the BEGIN
        found = whereabouts(conn, people[0])
    assert (len(found), sum(1 for one in statements if one.startswith("SELECT"))) == (journeys, 1)
