"""One contact's past: everything once, newest first, however it is paged; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.db import tables as t
from backend.db.types import iso
from backend.reports.timeline import timeline
from tests.support.builder import a_journey
from tests.support.town import DAY, Town

WELCOME = (
    a_journey("Welcome")
    .on("Signed Up")
    .sends("hello")
    .waits(days=2)
    .branches("plan", pro={"field": "plan", "op": "is", "value": "pro"})
    .at("plan", "pro")
    .sends("bye")
    .build()
)
# Arriving at a wait that looks back is two moves, and the second of them shows nothing.
PATIENT = a_journey("Patient").on("Signed Up").waits(days=1).waits_for("Bought", days=9, since="entry").build()


def page(town: Town, contact: int, after: str | None = None, limit: int = 1_000) -> dict[str, Any]:
    with town.db.read() as conn:
        return timeline(conn, contact, after=after, limit=limit)


def in_pages(town: Town, contact: int, limit: int) -> list[dict[str, Any]]:
    """All items, `limit` at a time; no page is empty or too long."""
    items: list[dict[str, Any]] = []
    after = None
    while True:
        found = page(town, contact, after, limit)
        assert 0 < len(found["items"]) <= limit
        items += found["items"]
        after = found["next"]
        if after is None:
            return items
        assert len(found["items"]) == limit


def withdraws(town: Town, contact: int) -> None:
    with town.db.write() as conn:
        conn.execute(
            insert(t.consent).values(contact_id=contact, action="withdraw", source="page", detail={}, at=town.now)
        )


@pytest.fixture
def ann(town: Town) -> int:
    """Somebody to whom much happened, a lot of it at the same instants."""
    for _ in range(3):
        town.publish(PATIENT)
    town.publish(WELCOME)
    ann, bob = town.people(2, plan="pro")
    town.happen("Signed Up", [ann, bob])
    withdraws(town, ann)
    town.pass_time(days=2)
    town.happen("Looked", [ann] * 5)  # five events of one instant
    town.happen("Bought", [ann])
    withdraws(town, ann)
    town.tick()
    return ann


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7, 11])
def test_every_item_comes_once_however_it_is_paged(town: Town, ann: int, limit: int) -> None:
    whole = page(town, ann)
    assert whole["next"] is None
    assert in_pages(town, ann, limit) == whole["items"]


def test_everything_is_there_and_the_newest_comes_first(town: Town, ann: int) -> None:
    items = page(town, ann)["items"]
    assert [item["at"] for item in items] == sorted((item["at"] for item in items), reverse=True)
    kinds = [item["kind"] for item in items]
    with town.db.read() as conn:
        messages = len(conn.execute(select(t.message.c.id).where(t.message.c.contact_id == ann)).all())
    assert (kinds.count("event"), kinds.count("message"), kinds.count("consent")) == (7, messages, 2)
    steps = [item["node"] for item in items if item["journey"] and item["journey"]["name"] == "Welcome"]
    assert {"start", "hello", "wait", "plan", "bye", "done"} == set(steps)


def test_a_step_says_how_it_was_left_where_there_was_a_choice(town: Town, ann: int) -> None:
    steps = [item for item in page(town, ann)["items"] if item["kind"] == "step"]
    by_node = {item["node"]: item for item in steps}
    assert by_node["plan"]["detail"] == {"left_by": "pro"}
    assert by_node["start"]["detail"] is None
    left = [item["detail"] for item in steps if item["node"] == "until" and item["detail"]]
    assert left == [{"left_by": "happened"}] * 3


def test_what_happens_meanwhile_does_not_disturb_the_pages_that_follow(town: Town, ann: int) -> None:
    whole = page(town, ann)["items"]
    first = page(town, ann, limit=4)
    town.happen("Looked", [ann])
    rest = page(town, ann, first["next"])
    assert first["items"] + rest["items"] == whole


def test_nobody_sees_what_happened_to_others(town: Town, ann: int) -> None:
    bob = ann + 1
    events = [item["title"] for item in page(town, bob)["items"] if item["kind"] == "event"]
    assert events == ["Signed Up"]
    assert page(town, 10**9) == {"items": [], "next": None}


def test_a_change_of_details_is_told_in_words(town: Town) -> None:
    [cid] = town.people(1)
    town.happen("$changed", [cid], fields=["plan"])
    [item] = page(town, cid)["items"]
    assert (item["title"], item["detail"]) == ("Details changed", {"fields": ["plan"]})
    assert item["at"] == iso(town.now)


def test_a_message_tells_what_became_of_it(town: Town) -> None:
    town.publish(WELCOME)
    [cid] = town.people(1)
    town.happen("Signed Up", [cid])
    town.tick()
    with town.db.write() as conn:
        conn.execute(update(t.message).values(state="failed", error="No such mailbox.", subject="Hello, Cid"))
    [item] = [item for item in page(town, cid)["items"] if item["kind"] == "message"]
    assert (item["title"], item["node"]) == ("“Hello, Cid”", "hello")
    assert (item["detail"]["state"], item["detail"]["reason"]) == ("failed", "No such mailbox.")


def test_an_older_version_tells_of_its_own_nodes(town: Town) -> None:
    journey = town.publish(WELCOME)
    [cid] = town.people(1)
    town.happen("Signed Up", [cid])
    town.tick()
    town.publish(a_journey("Renamed").on("Signed Up").sends("other").build(), journey=journey)
    town.now += 3 * DAY
    town.tick()
    steps = [item for item in page(town, cid)["items"] if item["kind"] == "step"]
    assert {"wait", "plan"} <= {item["node"] for item in steps}
    assert {item["journey"]["name"] for item in steps} == {"Renamed"}
