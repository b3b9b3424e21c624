"""The flow document adds up at every moment, over one version and over all; on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.authoring.publish import stop
from backend.core.enrollment import Passage
from backend.db import tables as t
from backend.db.types import iso
from backend.engine.leave import remove_contact
from backend.reports.flow import edges_of, flow, outcomes
from tests.support.builder import a_journey
from tests.support.town import Town

EVERYTHING = (
    a_journey("Everything")
    .on("Signed Up")
    .sends("hello")
    .updates(stage="new", id="mark")
    .branches("stage", new={"field": "stage", "op": "is", "value": "new"})
    .at("stage", "new")
    .tags("seen")
    .waits_for("Bought", days=2, since="entry", id="buys")
    .splits("test", a=50, b=50)
    .waits(days=1, id="pause")
    .sends("bye")
    .with_settings(exit={"did": "Left"}, reentry={"allow": "after_exit"})
    .build()
)
WAITING = a_journey("Waiting").on("Signed Up").waits(days=2).sends("hello").build()
LONGER = a_journey("Waiting").on("Signed Up").waits(days=5, id="longer").sends("hello").build()


def document(town: Town, journey: int, version: int | None = None) -> dict[str, Any]:
    with town.db.read() as conn:
        return flow(conn, journey, version=version, at_ms=town.now)


def add_up(found: dict[str, Any]) -> None:
    """What must hold whenever it is read."""
    ways_out: Counter[str] = Counter()
    for edge, n in found["edges"].items():
        assert n >= 0
        ways_out[edge.partition(":")[0]] += n
    for node, count in found["nodes"].items():
        assert count["entered"] == count["left"] + count["inside"], node
        assert min(count.values()) >= 0, node
        assert ways_out[node] <= count["left"], node
    people = found["outcomes"]
    assert people["entered"] == people["inside"] + people["completed"] + people["exited"] + people["failed"]
    assert people["inside"] == sum(count["inside"] for count in found["nodes"].values())


def must_agree_with_the_edges(found: dict[str, Any], journey: dict[str, Any]) -> None:
    """Whoever entered a node came by an edge, or is a newcomer at the trigger."""
    came: Counter[str] = Counter({"start": found["outcomes"]["entered"]})
    for edge in journey["edges"]:
        came[edge["to"]] += found["edges"][f"{edge['from']}:{edge['port']}"]
    assert {node: count["entered"] for node, count in found["nodes"].items()} == {
        node["id"]: came[node["id"]] for node in journey["nodes"]
    }


def passages(town: Town, journey: int) -> dict[str, int]:
    """The same outcomes, counted from the passages themselves."""
    e = t.enrollment
    with town.db.read() as conn:
        rows = conn.execute(select(e.c.state, func.count()).where(e.c.journey_id == journey).group_by(e.c.state))
        states = {Passage(state).name.lower(): n for state, n in rows}
    return {
        "entered": sum(states.values()),
        **{name: states.get(name, 0) for name in ("inside", "completed", "exited")},
    }


@pytest.mark.slow
def test_the_counts_add_up_after_every_step(town: Town) -> None:
    journey = town.publish(EVERYTHING)
    people = town.people(12)
    seen = []
    for step in (
        lambda: town.happen("Signed Up", people),
        lambda: town.happen("Bought", people[:3]),
        lambda: town.happen("Left", people[2:5]),
        lambda: town.pass_time(days=1),
        lambda: town.happen("Signed Up", people[:6]),
        lambda: town.pass_time(days=1),
        lambda: town.happen("Left", people[9:]),
        lambda: town.pass_time(days=4),
    ):
        step()
        town.tick()
        found = document(town, journey)
        add_up(found)
        must_agree_with_the_edges(found, EVERYTHING)
        people_now = passages(town, journey)
        assert {name: found["outcomes"][name] for name in people_now} == people_now
        seen.append(tuple(found["outcomes"].values()))
    assert len(set(seen)) > 4, "people moved at most steps"
    assert found["outcomes"]["exited"] > 0 < found["outcomes"]["completed"]


def test_the_counts_add_up_however_people_leave(town: Town) -> None:
    journey = town.publish(WAITING)
    people = town.people(4)
    town.happen("Signed Up", people)
    town.tick()
    with town.db.write() as conn:
        remove_contact(conn, people[0], town.now)
    add_up(document(town, journey))
    stop(town.db, journey, town.now)
    found = document(town, journey)
    add_up(found)
    assert found["outcomes"]["exited"] == 4
    assert found["nodes"]["wait"] == {"entered": 4, "inside": 0, "left": 4}
    assert found["edges"]["wait:next"] == 0, "who is pulled out takes no edge"


def test_a_journey_nobody_has_entered_is_all_zeros(town: Town) -> None:
    found = document(town, town.publish(WAITING))
    assert (found["version"], found["at"]) == (1, iso(town.now))
    nobody = {"entered": 0, "inside": 0, "left": 0}
    assert found["nodes"] == {"start": nobody, "wait": nobody, "hello": nobody, "done": nobody}
    assert found["edges"] == {"start:next": 0, "wait:next": 0, "hello:next": 0}
    assert set(found["outcomes"].values()) == {0}


def test_a_journey_never_published_has_no_version(town: Town) -> None:
    found = document(town, 10**9)
    assert (found["version"], found["nodes"], found["edges"]) == (None, {}, {})
    assert found["outcomes"] == dict.fromkeys(("entered", "inside", "completed", "exited", "failed", "converted"), 0)


@pytest.fixture
def two_versions(town: Town) -> int:
    """Three people in the first version, two in the second."""
    journey = town.publish(WAITING)
    town.happen("Signed Up", town.people(3))
    town.tick()
    town.publish(LONGER, journey)
    town.happen("Signed Up", town.people(2))
    town.tick()
    return journey


def test_the_versions_are_summed(town: Town, two_versions: int) -> None:
    for days in (0, 2, 3):
        town.pass_time(days=days)
        first, second, both = (document(town, two_versions, version) for version in (1, 2, None))
        for found in (first, second, both):
            add_up(found)
        assert both["version"] == 2
        for part in ("edges", "outcomes"):
            keys = {*first[part], *second[part]}
            assert both[part] == {key: first[part].get(key, 0) + second[part].get(key, 0) for key in keys}
        for node, count in both["nodes"].items():
            parts = [found["nodes"].get(node, {}) for found in (first, second)]
            assert count == {name: sum(part.get(name, 0) for part in parts) for name in count}
    assert both["outcomes"]["completed"] == 5


def test_one_version_alone_knows_nothing_of_the_other(town: Town, two_versions: int) -> None:
    first, second = document(town, two_versions, 1), document(town, two_versions, 2)
    assert (first["version"], first["outcomes"]["entered"], list(first["nodes"])) == (
        1, 3, ["start", "wait", "hello", "done"],
    )  # fmt: skip
    assert (second["version"], second["outcomes"]["entered"], second["nodes"]["longer"]["inside"]) == (2, 2, 2)
    assert "wait" not in second["nodes"]
    assert document(town, two_versions, 3)["version"] is None


def test_nodes_of_older_versions_come_after_those_of_the_newest(town: Town, two_versions: int) -> None:
    both = document(town, two_versions)
    assert list(both["nodes"]) == ["start", "longer", "hello", "done", "wait"]
    assert both["nodes"]["wait"] == {"entered": 3, "inside": 3, "left": 0}
    assert both["nodes"]["start"]["entered"] == 5


def test_what_a_tick_moved_is_what_the_edges_gained(town: Town) -> None:
    journey = town.publish(EVERYTHING)
    town.happen("Signed Up", town.people(6))
    for days in (0, 2, 1):
        town.now += days * 86_400_000
        before = document(town, journey)["edges"]
        moved = town.tick()
        gained: Counter[str] = Counter()
        with town.db.read() as conn:
            for version, legs in moved.journeys.get(journey, {}).items():
                edges = edges_of(conn, version)
                for leg, n in legs.items():
                    gained.update(dict.fromkeys(edges[leg], n))
        after = document(town, journey)["edges"]
        assert {edge: after[edge] - before[edge] for edge in after if after[edge] != before[edge]} == gained
        assert gained, "somebody moved"


def test_the_outcomes_of_a_list_are_those_of_each_flow(town: Town, two_versions: int) -> None:
    other = town.publish(EVERYTHING)
    town.happen("Signed Up", town.people(4))
    town.pass_time(days=2)
    unused = town.publish(a_journey().on("Never").sends("x").build())
    with town.db.read() as conn:
        found, some = outcomes(conn), outcomes(conn, [other])
    assert found == {one: document(town, one)["outcomes"] for one in (two_versions, other)}
    assert (some, unused in found) == ({other: found[other]}, False)
