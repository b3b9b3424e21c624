"""A new password: only for who knows the present one, and it logs out everybody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.accounts import passwords, sessions, users
from backend.accounts.password_change import WrongPassword, change_password
from backend.boot import Sojourn
from backend.db.connect import Database
from backend.db.tables import session, user
from tests.support.app import PASSWORD, Client, a_user, password_hash

NEW = "a staple of batteries"
PATH = "/api/session/password"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The real hash takes a tenth of a second; only the tests marked slow wait for it."""
    first = password_hash()

    def verify(given: str, stored: str | None) -> bool:
        return stored is not None and stored == (first if given == PASSWORD else f"hash of {given}")

    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(passwords, "hash_password", lambda given: f"hash of {given}")
        monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)
        monkeypatch.setattr(passwords, "verify", verify)


def hash_of(db: Database, email: str) -> str:
    with db.read() as conn:
        found: str = conn.execute(select(user.c.password_hash).where(user.c.email == email)).scalar_one()
    return found


def test_the_new_password_opens_and_the_old_one_does_not(ada: Client, stranger: Client) -> None:
    ada.must("POST", PATH, 204, {"current": PASSWORD, "new": NEW})
    stranger.must("POST", "/api/session", 401, {"email": "ada@example.com", "password": PASSWORD})
    stranger.must("POST", "/api/session", 200, {"email": "ada@example.com", "password": NEW})


def test_all_other_sessions_of_hers_end_and_nobody_elses(sojourn: Sojourn, ada: Client) -> None:
    elsewhere, ben = Client(sojourn).log_in("ada@example.com"), Client(sojourn).log_in("ben@example.com")
    ada.must("POST", PATH, 204, {"current": PASSWORD, "new": NEW})
    assert elsewhere.get("/api/journeys").status_code == 401
    ben.must("GET", "/api/journeys", 200)
    ada.must("GET", "/api/journeys", 200)
    ada.must("POST", "/api/journeys", 201, {})  # her CSRF token is still good


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"current": "not it, sorry", "new": NEW}, "current"),
        ({"current": "", "new": NEW}, "current"),
        ({"new": NEW}, "current"),
        ({"current": PASSWORD}, "new"),
        ({"current": PASSWORD, "new": "short"}, "new"),
        ({"current": PASSWORD, "new": "password123"}, "new"),
        ({"current": PASSWORD, "new": "ada@example.com"}, "new"),
        ({"current": PASSWORD, "new": NEW, "email": "eve@example.com"}, "email"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(
    sojourn: Sojourn, ada: Client, given: dict[str, str], field: str
) -> None:
    elsewhere = Client(sojourn).log_in("ada@example.com")
    before = hash_of(ada.db, "ada@example.com")
    refused = ada.must("POST", PATH, 422, given)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert hash_of(ada.db, "ada@example.com") == before
    elsewhere.must("GET", "/api/journeys", 200)


def test_guessing_the_present_one_is_slowed_down_like_logging_in(ada: Client) -> None:
    wrong = {"current": "not it, sorry", "new": NEW}
    answers = [ada.post(PATH, wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert ada.post(PATH, {"current": PASSWORD, "new": NEW}).status_code == 429


def test_a_weak_new_password_is_no_guess_at_the_present_one(ada: Client) -> None:
    for _ in range(10):
        ada.must("POST", PATH, 422, {"current": PASSWORD, "new": "short"})
    ada.must("POST", PATH, 204, {"current": PASSWORD, "new": NEW})


def test_a_program_has_no_password(program: Client, stranger: Client) -> None:
    program.must("POST", PATH, 403, {"current": PASSWORD, "new": NEW})
    stranger.must("POST", PATH, 401, {"current": PASSWORD, "new": NEW})


def test_of_two_changes_at_once_one_is_too_late(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    a_user(db, "ada@example.com")
    with db.read() as conn:
        ada = users.everyone(conn)[0]
    real = passwords.hash_password

    def meanwhile(given: str) -> str:
        monkeypatch.setattr(passwords, "hash_password", real)
        change_password(db, ada, PASSWORD, "the other browser's", keep="other")
        return real(given)

    monkeypatch.setattr(passwords, "hash_password", meanwhile)
    with pytest.raises(WrongPassword):
        change_password(db, ada, PASSWORD, NEW, keep="mine")
    assert passwords.verify("the other browser's", hash_of(db, "ada@example.com"))


def test_sessions_are_ended_on_both_databases(db: Database) -> None:
    a_user(db, "ada@example.com")
    with db.write() as conn:
        [ada] = users.everyone(conn)
        cookies = [sessions.open_session(conn, ada.id, now_ms=1)[0] for _ in range(3)]
    change_password(db, ada, PASSWORD, NEW, keep=cookies[1])
    with db.read() as conn:
        assert len(conn.execute(select(session)).all()) == 1
        assert sessions.find(conn, cookies[1], now_ms=2) is not None


def test_a_login_that_renews_the_hash_does_not_bring_the_old_password_back(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_user(db, "ada@example.com")
    with db.read() as conn:
        [ada] = users.everyone(conn)

    def outdated(stored: str) -> bool:
        change_password(db, ada, PASSWORD, NEW, keep="mine")
        return True

    monkeypatch.setattr(passwords, "is_outdated", outdated)
    assert users.check_password(db, "ada@example.com", PASSWORD) is not None
    assert passwords.verify(NEW, hash_of(db, "ada@example.com"))


@pytest.mark.slow
def test_it_works_with_real_hashes(ada: Client, stranger: Client) -> None:
    ada.must("POST", PATH, 422, {"current": NEW, "new": NEW})
    ada.must("POST", PATH, 204, {"current": PASSWORD, "new": NEW})
    assert hash_of(ada.db, "ada@example.com").startswith("$argon2id$")
    stranger.must("POST", "/api/session", 200, {"email": "ada@example.com", "password": NEW})
