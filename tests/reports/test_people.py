"""Who is at a node right now, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from backend.db.types import iso
from backend.engine.leave import remove_contact
from backend.reports.people import people_at
from tests.support.builder import a_journey
from tests.support.town import DAY, Town

WAITING = (
    a_journey("Waiting").on("Signed Up").waits(days=2).waits_for("Bought", days=5, since="entry", id="buys").build()
)


def page(town: Town, journey: int, node: str = "wait", **asked: Any) -> dict[str, Any]:
    with town.db.read() as conn:
        return people_at(conn, journey, node, **asked)


def ids(found: dict[str, Any]) -> list[int]:
    return [item["contact"]["id"] for item in found["items"]]


def test_each_is_told_with_their_name_their_arrival_and_their_end(town: Town) -> None:
    journey = town.publish(WAITING)
    [ann] = town.people(1)
    town.happen("Signed Up", [ann])
    came = town.now
    town.tick()
    assert page(town, journey) == {
        "items": [
            {
                "contact": {"id": ann, "user_id": f"person-{ann}", "email": f"person-{ann}@example.com"},
                "since": iso(came),
                "due_at": iso(came + 2 * DAY),
                "passage": 1,
            }
        ],
        "next": None,
    }


def test_they_are_at_one_node_and_no_other(town: Town) -> None:
    journey = town.publish(WAITING)
    people = town.people(3)
    town.happen("Signed Up", people)
    town.tick()
    assert [ids(page(town, journey, node)) for node in ("start", "wait", "buys", "done", "nowhere")] == [
        [], people, [], [], [],
    ]  # fmt: skip
    town.pass_time(days=2)
    assert (ids(page(town, journey)), ids(page(town, journey, "buys"))) == ([], people)
    town.happen("Bought", people[:1])
    town.tick()
    assert ids(page(town, journey, "buys")) == people[1:]


def test_there_are_as_many_as_the_flow_counts(town: Town) -> None:
    journey = town.publish(WAITING)
    people = town.people(5)
    town.happen("Signed Up", people)
    town.tick()
    with town.db.write() as conn:
        remove_contact(conn, people[0], town.now)
    assert town.inside(journey) == {"wait": 4} == {"wait": len(ids(page(town, journey)))}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_every_person_comes_once_however_they_are_paged(town: Town, limit: int) -> None:
    journey = town.publish(WAITING)
    people = town.people(7)
    town.happen("Signed Up", people)
    town.tick()
    seen: list[int] = []
    after, pages = None, 0
    while after is not None or not pages:
        found = page(town, journey, after=after, limit=limit)
        assert 0 < len(found["items"]) <= limit
        seen, after, pages = seen + ids(found), found["next"], pages + 1
    assert (seen, pages) == (people, -(-7 // limit))


def test_a_page_goes_on_where_the_last_one_ended_though_people_left_meanwhile(town: Town) -> None:
    journey = town.publish(WAITING)
    people = town.people(4)
    town.happen("Signed Up", people)
    town.tick()
    first = page(town, journey, limit=2)
    with town.db.write() as conn:
        remove_contact(conn, people[1], town.now)
    assert ids(first) + ids(page(town, journey, after=first["next"], limit=2)) == people


def test_people_of_every_version_are_there(town: Town) -> None:
    journey = town.publish(WAITING)
    old, new = town.people(1), town.people(1)
    town.happen("Signed Up", old)
    town.tick()
    # In the new version the node has another number within the plan.
    town.publish(
        a_journey("Waiting").on("Signed Up").waits(days=1, id="first").waits(days=2, id="wait").build(), journey
    )
    town.happen("Signed Up", new)
    town.tick()
    assert (ids(page(town, journey)), ids(page(town, journey, "first"))) == (old, new)
    town.pass_time(days=1)
    assert (ids(page(town, journey)), ids(page(town, journey, "first"))) == (old + new, [])


def test_other_journeys_are_left_out(town: Town) -> None:
    mine, other = town.publish(WAITING), town.publish(a_journey("Other").on("Looked").waits(days=2).build())
    ann, bob = town.people(2)
    town.happen("Signed Up", [ann])
    town.happen("Looked", [bob])
    town.tick()
    assert (ids(page(town, mine)), ids(page(town, other)), ids(page(town, 10**9))) == ([ann], [bob], [])
