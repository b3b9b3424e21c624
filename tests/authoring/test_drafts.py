"""Drafts: a revision per save, and nobody overwrites what they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backend.authoring import drafts
from backend.db.connect import Database
from tests.support.app import NOW, a_journey


def a_draft(db: Database) -> int:
    with db.write() as conn:
        return drafts.create(conn, a_journey(), NOW)


def test_a_draft_is_kept_in_its_canonical_text(db: Database) -> None:
    shuffled = dict(reversed(a_journey().items()))
    with db.write() as conn:
        one, other = drafts.create(conn, a_journey(), NOW), drafts.create(conn, shuffled, NOW)
        assert drafts.find(conn, one).text == drafts.find(conn, other).text


def test_a_save_that_missed_another_is_a_conflict_with_the_newer_draft(db: Database) -> None:
    made = a_draft(db)
    with db.write() as conn:
        assert drafts.save(conn, made, a_journey("First"), 1, NOW + 1) == 2
    with pytest.raises(drafts.Conflict) as caught, db.write() as conn:
        drafts.save(conn, made, a_journey("Second"), 1, NOW + 2)
    assert (caught.value.revision, caught.value.draft["name"]) == (2, "First")


def test_of_two_saves_at_once_one_wins(db: Database) -> None:
    made = a_draft(db)
    start = Barrier(2)

    def attempt(name: str) -> str:
        start.wait()
        try:
            with db.write() as conn:
                drafts.save(conn, made, a_journey(name), 1, NOW)
        except drafts.Conflict as conflict:
            return f"saw {conflict.draft['name']}"
        return name

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, ["Ada's", "Ben's"]))
    with db.read() as conn:
        kept = drafts.find(conn, made)
    assert kept.revision == 2
    assert answers == sorted([kept.name, f"saw {kept.name}"])


def test_saving_the_same_again_is_no_change(db: Database) -> None:
    made = a_draft(db)
    with db.write() as conn:
        assert drafts.save(conn, made, a_journey(), 1, NOW + 5) == 1
        assert drafts.find(conn, made).updated_at == NOW


def test_there_is_nothing_to_save_to(db: Database) -> None:
    with pytest.raises(drafts.NoSuchJourney), db.write() as conn:
        drafts.save(conn, 999, a_journey(), 1, NOW)
