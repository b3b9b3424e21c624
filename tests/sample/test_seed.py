"""A brand-new workspace becomes the record shop."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from backend.core.journey import document
from backend.core.journey.check import check
from backend.core.split import contact_split
from backend.db.connect import Database
from backend.db.tables import contact, event, journey, version, workspace
from backend.sample.people import FIRST_NAMES, first_name
from backend.sample.purchases import FROM_MS
from backend.sample.seed import JOURNEYS, NotNew, documents, is_new, seed
from tests.scheduling.conftest import NOW


def count(db: Database, table: Any) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_it_has_every_customer_and_no_purchase_yet(shop: Database) -> None:
    assert count(shop, contact) == 2357
    assert count(shop, event) == 0
    with shop.read() as conn:
        row = conn.execute(select(contact).where(contact.c.user_id == "00004")).one()
    assert row.email == row.email_key == "00004@example.com"
    assert row.fields == {"first_name": first_name("00004")}
    assert row.split == contact_split("00004")


def test_names_are_made_up_the_same_way_every_time() -> None:
    assert first_name("00004") == first_name("00004")
    assert {first_name(f"{number:05d}") for number in range(2000)} == set(FIRST_NAMES)


def test_the_three_journeys_are_live_since_the_first_day(shop: Database) -> None:
    with shop.read() as conn:
        rows = conn.execute(
            select(journey.c.name, journey.c.status, version.c.number, version.c.published_at)
            .join(version, version.c.id == journey.c.current_version_id)
            .order_by(journey.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        (name, "live", 1, FROM_MS) for name in ("Welcome", "Win back after 90 days", "Thank big spenders")
    ]


def test_sample_time_stands_on_the_first_day(shop: Database) -> None:
    with shop.read() as conn:
        row = conn.execute(select(workspace)).one()
    assert (row.mode, row.sample_at, row.sample_playing, row.name) == ("sample", FROM_MS, False, "Record shop")


def test_people_or_journeys_of_the_users_own_are_never_mixed_with_the_sample(empty_db: Database) -> None:
    with empty_db.write() as conn:
        conn.execute(insert(contact).values(user_id="ada", fields={}, split=1))
    with pytest.raises(NotNew):
        seed(empty_db, NOW)
    assert count(empty_db, contact) == 1


def test_a_seeding_that_was_cut_off_is_done_again_from_the_start(shop: Database) -> None:
    with shop.write() as conn:
        conn.execute(update(workspace).values(sample_at=None))
        assert is_new(conn)
    seed(shop, NOW)
    assert count(shop, contact) == 2357
    assert count(shop, journey) == 3


def test_a_seeded_workspace_is_not_new(shop: Database) -> None:
    with shop.read() as conn:
        assert not is_new(conn)


@pytest.mark.parametrize("number", range(len(JOURNEYS)), ids=JOURNEYS)
def test_a_journey_has_nothing_wrong_with_it(number: int) -> None:
    graph, problems = check(documents()[number])
    assert graph is not None
    assert problems == []


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journeys_file_is_what_export_writes(name: str) -> None:
    text = files("backend.sample").joinpath("journeys", f"{name}.json").read_text(encoding="utf-8")
    assert text == document.canonical(json.loads(text))


def test_steps_lie_below_each_other_and_never_on_each_other() -> None:
    for drawn in documents():
        at = {node["id"]: (node["position"]["x"], node["position"]["y"]) for node in drawn["nodes"]}
        assert len(set(at.values())) == len(at)
        for edge in drawn["edges"]:
            assert at[edge["from"]][1] < at[edge["to"]][1]
