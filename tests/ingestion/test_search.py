"""People found by a word, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from backend.db.connect import Database
from backend.ingestion import contacts, reading
from tests.ingestion.conftest import NOW

PEOPLE: tuple[dict[str, Any], ...] = (
    {"user_id": "u-ada", "email": "ada@math.example", "fields": {"first_name": "Ada", "last_name": "Lovelace"}},
    {"user_id": "u-oez", "phone": "+49 30 100%", "fields": {"name": "Özlem Straße", "company": "Bäckerei_Nord"}},
    {"user_id": "U-BOB", "email": "Bob@x.example", "fields": {"first_name": "Bob", "company": "50% Off Inc"}},
    {"user_id": "u-odd", "fields": {"first_name": 4711, "last_name": None, "name": ["Cy"], "plan": "lovelace"}},
)


def found(db: Database, word: str) -> list[str]:
    """The user ids, oldest first; the count must agree."""
    with db.read() as conn:
        people = reading.search(conn, word, before_id=None, limit=50)
        assert reading.count(conn, word) == len(people)
    return sorted(str(one["user_id"]) for one in people)


@pytest.fixture
def town(db: Database) -> Database:
    with db.write() as conn:
        for person in PEOPLE:
            contacts.upsert(conn, person, NOW)
    return db


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("ada", ["u-ada"]),
        ("LOVELACE", ["u-ada"]),
        ("ada love", ["u-ada"]),
        ("  lace ", ["u-ada"]),
        ("özlem", ["u-oez"]),
        ("ÖZLEM", ["u-oez"]),
        ("straße", ["u-oez"]),
        ("bäckerei", ["u-oez"]),
        ("u-bob", ["U-BOB"]),
        ("Bob@X", ["U-BOB"]),
        ("4711", ["u-odd"]),
        ("+49 30", ["u-oez"]),
        ("lovelace ada", []),
        ("", ["U-BOB", "u-ada", "u-odd", "u-oez"]),
    ],
)
def test_people_are_found_by_what_they_are_called(town: Database, word: str, ids: list[str]) -> None:
    assert found(town, word) == ids


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("%", ["U-BOB", "u-oez"]),
        ("50%", ["U-BOB"]),
        ("_", ["u-oez"]),
        ("i_n", ["u-oez"]),
        ("a_a", []),
        ("/", []),
        ("\\", []),
    ],
)
def test_what_means_something_to_the_database_is_a_letter_like_others(
    town: Database, word: str, ids: list[str]
) -> None:
    assert found(town, word) == ids


def test_pages_of_what_was_found_by_name_hold_each_once(db: Database) -> None:
    with db.write() as conn:
        for n in range(7):
            contacts.upsert(conn, {"user_id": f"u{n}", "fields": {"company": "Acme" if n % 2 == 0 else "Other"}}, NOW)
    seen: list[str] = []
    before = None
    with db.read() as conn:
        while page := reading.search(conn, "acme", before_id=before, limit=2):
            seen += [one["user_id"] for one in page]
            before = page[-1]["id"]
        assert reading.count(conn, "acme") == 4
    assert seen == ["u6", "u4", "u2", "u0"]
