"""The first account: one link, one winner, nothing left afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, select

from backend.accounts import passwords, setup, users
from backend.api.parts import wall_ms
from backend.boot import Sojourn
from backend.db.connect import Database
from backend.db.tables import setup_token, user
from tests.support.app import NOW, PASSWORD, Client, a_user


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is tested where it is made; here it would only take time."""
    monkeypatch.setattr(passwords, "hash_password", lambda password: f"hash of {password}")


def first(db: Database, token: str, email: str = "ada@example.com", now_ms: int = NOW) -> int:
    return setup.create_first_user(db, token, email, PASSWORD, "Ada", now_ms=now_ms)


def test_the_link_makes_the_first_user(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW)
    assert token is not None
    made = first(db, token)
    with db.read() as conn:
        assert users.find(conn, made) == users.User(made, "ada@example.com", "Ada", NOW)
        assert not setup.needs_setup(conn)
        assert conn.execute(select(setup_token)).all() == []


def test_the_token_is_not_to_be_found_in_the_database(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW)
    with db.read() as conn:
        assert token not in str(conn.execute(select(setup_token)).all())


@pytest.mark.parametrize("wrong", ["", "x", "ä" * 43])
def test_a_wrong_token_makes_nobody(db: Database, wrong: str) -> None:
    setup.issue(db, now_ms=NOW)
    with pytest.raises(setup.WrongToken):
        first(db, wrong)
    with db.read() as conn:
        assert users.count(conn) == 0


def test_the_link_is_good_for_half_an_hour(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW) or ""
    with pytest.raises(setup.WrongToken):
        first(db, token, now_ms=NOW + setup.GOOD_FOR_MS)
    first(db, token, now_ms=NOW + setup.GOOD_FOR_MS - 1)


def test_a_new_link_ends_the_old_one(db: Database) -> None:
    old = setup.issue(db, now_ms=NOW) or ""
    setup.issue(db, now_ms=NOW)
    with pytest.raises(setup.WrongToken):
        first(db, old)


def test_a_weak_password_does_not_use_the_link_up(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW) or ""
    with pytest.raises(passwords.WeakPassword):
        setup.create_first_user(db, token, "ada@example.com", "password1", "", now_ms=NOW)
    first(db, token)


def test_there_is_no_link_once_somebody_can_log_in(db: Database) -> None:
    a_user(db, "ada@example.com")
    assert setup.issue(db, now_ms=NOW) is None


def test_deleting_everybody_by_hand_does_not_bring_an_old_link_back(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW) or ""
    first(db, token)
    with db.write() as conn:
        conn.execute(delete(user))
    with pytest.raises(setup.WrongToken):
        first(db, token)


def test_of_two_at_once_one_is_first(db: Database) -> None:
    token = setup.issue(db, now_ms=NOW) or ""
    start = Barrier(2)

    def attempt(email: str) -> str:
        start.wait()
        try:
            first(db, token, email)
        except setup.AlreadySetUp:
            return "second"
        return "first"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["ada@example.com", "ben@example.com"])) == ["first", "second"]
    with db.read() as conn:
        assert users.count(conn) == 1


def test_over_http_one_gets_201_and_the_other_409(sojourn: Sojourn, stranger: Client) -> None:
    token = setup.issue(stranger.db, now_ms=wall_ms()) or ""
    start = Barrier(2)

    def attempt(email: str) -> int:
        browser = Client(sojourn)
        start.wait()
        body = {"token": token, "email": email, "password": PASSWORD}
        return browser.post("/api/setup", body).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["ada@example.com", "ben@example.com"])) == [201, 409]


def test_who_sets_up_is_logged_in(stranger: Client) -> None:
    token = setup.issue(stranger.db, now_ms=wall_ms()) or ""
    before = stranger.must("GET", "/api/session", 200)
    assert before == {"user": None, "csrf": None, "needs_setup": True, "workspace": None}
    body = {"token": token, "email": " Ada@Example.com ", "password": PASSWORD, "name": "Ada"}
    session = stranger.must("POST", "/api/setup", 201, body)
    assert session["user"]["email"] == "ada@example.com"
    assert session["workspace"]["mode"] == "live"
    assert stranger.must("GET", "/api/session", 200) == session
    assert not session["needs_setup"]


def test_afterwards_the_door_is_shut(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    body = {"token": "any", "email": "eve@example.com", "password": PASSWORD}
    answer = stranger.post("/api/setup", body)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")


def test_a_wrong_link_is_a_403_and_guessing_is_slowed(stranger: Client) -> None:
    body = {"token": "wrong", "email": "eve@example.com", "password": PASSWORD}
    statuses = [stranger.post("/api/setup", body).status_code for _ in range(23)]
    assert statuses[0] == 403
    assert statuses[-1] == 429
