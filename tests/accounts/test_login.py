"""Logging in: fresh sessions, equal answers for strangers, growing delays."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backend.accounts import attempts, passwords, sessions, users
from backend.api.parts import wall_ms
from backend.boot import Sojourn
from backend.db.connect import Database
from backend.db.tables import login_attempt, session
from tests.support.app import NOW, PASSWORD, Client, a_user

ADA = {"email": "ada@example.com", "password": PASSWORD}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The real hash takes a tenth of a second; only the tests marked slow wait for it."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(passwords, "verify", lambda given, stored: stored is not None and given == PASSWORD)
        monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)


def test_the_right_password_opens_a_session(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    answer = stranger.post("/api/session", {**ADA, "email": " ADA@example.com"})
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert stranger.must("GET", "/api/session", 200)["user"]["email"] == "ada@example.com"


def test_the_cookie_is_secure_behind_https(sojourn: Sojourn, stranger: Client) -> None:
    from dataclasses import replace

    sojourn.parts.settings = replace(sojourn.parts.settings, public_url="https://sojourn.example")
    a_user(stranger.db, "ada@example.com")
    assert "Secure" in stranger.post("/api/session", ADA).headers["Set-Cookie"]


def test_the_session_itself_is_not_to_be_found_in_the_database(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    stranger.post("/api/session", ADA)
    cookie = stranger.http.get_cookie(sessions.COOKIE)
    assert cookie is not None
    with stranger.db.read() as conn:
        assert cookie.value not in str(conn.execute(select(session)).all())


def test_logging_in_again_ends_the_session_before(ada: Client) -> None:
    before = ada.http.get_cookie(sessions.COOKIE)
    ada.must("POST", "/api/session", 200, ADA)
    after = ada.http.get_cookie(sessions.COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with ada.db.read() as conn:
        assert sessions.find(conn, before.value, now_ms=wall_ms()) is None


def test_a_cookie_somebody_planted_is_not_taken_over(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    stranger.http.set_cookie(sessions.COOKIE, "planted")
    stranger.must("POST", "/api/session", 200, ADA)
    cookie = stranger.http.get_cookie(sessions.COOKIE)
    assert cookie is not None
    assert cookie.value != "planted"


def test_logging_out_ends_the_session_on_the_server(ada: Client) -> None:
    kept = ada.http.get_cookie(sessions.COOKIE)
    assert kept is not None
    ada.must("DELETE", "/api/session", 204)
    assert ada.http.get_cookie(sessions.COOKIE) is None
    with ada.db.read() as conn:
        assert sessions.find(conn, kept.value, now_ms=wall_ms()) is None


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    known = stranger.post("/api/session", {**ADA, "password": "not it, sorry"})
    unknown = stranger.post("/api/session", {"email": "eve@example.com", "password": "not it, sorry"})
    assert known.status_code == unknown.status_code == 401
    assert known.data == unknown.data


@pytest.mark.slow
def test_an_unknown_address_costs_a_hash_too(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    real = passwords._HASHER.verify

    def verify(stored: str, given: str) -> bool:
        looked_at.append(given)
        return bool(real(stored, given))

    monkeypatch.setattr(type(passwords._HASHER), "verify", staticmethod(verify))
    assert users.check_password(db, "nobody@example.com", PASSWORD) is None
    assert looked_at == [PASSWORD]


@pytest.mark.slow
def test_a_hash_is_argon2id_with_19_mib(db: Database) -> None:
    stored = passwords.hash_password(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(PASSWORD, stored)
    assert not passwords.verify(PASSWORD + "!", stored)
    assert not passwords.verify(PASSWORD, "no hash at all")


@pytest.mark.parametrize(
    ("password", "is_weak"),
    [
        ("short", True),
        ("password1", True),
        ("PASSWORD123", True),
        ("aaaaaaaaaaaa", True),
        ("ada@example.com", True),
        ("x" * 257, True),
        ("abababcdcd", False),
        ("correct horse battery", False),
        ("ß" * 3 + "äöüλ" * 16, False),
    ],
)
def test_weak_passwords_are_refused(password: str, is_weak: bool) -> None:
    if not is_weak:
        passwords.refuse_weak(password, "ada@example.com")
        return
    with pytest.raises(passwords.WeakPassword):
        passwords.refuse_weak(password, "ada@example.com")


def test_failures_make_the_next_one_wait_longer(db: Database) -> None:
    limited = attempts.limits("ada@example.com", "192.0.2.1")
    now, waits = NOW, []
    for _ in range(12):
        while True:
            try:
                attempts.begin(db, limited, now_ms=now)
            except attempts.TooMany as error:
                waits.append(error.wait_ms)
                now += error.wait_ms
            else:
                break
    assert waits == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]


def test_an_address_that_tries_many_accounts_waits(db: Database) -> None:
    for n in range(20):
        attempts.begin(db, attempts.limits(f"user{n}@example.com", "192.0.2.1"), now_ms=NOW)
    with pytest.raises(attempts.TooMany):
        attempts.begin(db, attempts.limits("user20@example.com", "192.0.2.1"), now_ms=NOW)
    attempts.begin(db, attempts.limits("user0@example.com", "192.0.2.2"), now_ms=NOW)


def test_success_gives_the_account_a_fresh_start(db: Database) -> None:
    limited = attempts.limits("ada@example.com", "192.0.2.1")
    for _ in range(20):
        attempts.begin(db, limited, now_ms=NOW)
        attempts.succeed(db, limited)
    with db.read() as conn:
        assert conn.execute(select(func.sum(login_attempt.c.failures))).scalar_one() == 0


def test_after_an_hour_of_quiet_nothing_is_remembered(db: Database) -> None:
    limited = attempts.limits("ada@example.com", "192.0.2.1")
    for _ in range(5):
        attempts.begin(db, limited, now_ms=NOW)
    attempts.begin(db, limited, now_ms=NOW + attempts.FORGET_MS)
    with db.read() as conn:
        assert conn.execute(select(func.max(login_attempt.c.failures))).scalar_one() == 1


def test_too_many_is_a_429_that_says_when(stranger: Client) -> None:
    a_user(stranger.db, "ada@example.com")
    answers = [stranger.post("/api/session", {**ADA, "password": "not it, sorry"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert stranger.post("/api/session", ADA).status_code == 429


def test_the_table_of_attempts_names_nobody(stranger: Client) -> None:
    stranger.post("/api/session", ADA)
    with stranger.db.read() as conn:
        assert "ada" not in str(conn.execute(select(login_attempt)).all())
