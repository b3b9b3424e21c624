"""Every route under /api is closed unless it is named as public; changes need the token and our own origin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from backend.accounts import sessions
from backend.api import guard
from backend.api.parts import wall_ms
from backend.boot import Sojourn
from backend.db.tables import session
from tests.support.app import Client, a_journey


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, path) of every route under /api, with a value in each place."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(\w+:)?\w+>", "1", rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, path


def test_each_route_asks_who_it_is(sojourn: Sojourn, stranger: Client) -> None:
    open_to_all = set()
    for method, path in routes(sojourn.app):
        answer = stranger.send(method, path)
        assert answer.mimetype in (
            "application/problem+json",
            "application/json",
            "application/schema+json",
            "text/html",
        )
        if answer.status_code != 401:
            open_to_all.add((method, path))
    public = set(guard.PUBLIC)
    assert open_to_all <= public, open_to_all - public
    assert len(list(routes(sojourn.app))) > 30


def test_each_public_route_exists(sojourn: Sojourn) -> None:
    assert set(guard.PUBLIC) <= set(routes(sojourn.app))


def test_each_change_at_a_browser_needs_the_token(sojourn: Sojourn, ada: Client) -> None:
    ada.headers.clear()
    for method, path in routes(sojourn.app):
        if method not in guard.SAFE and (method, path) not in guard.PUBLIC:
            answer = ada.send(method, path)
            assert answer.status_code == 403, f"{method} {path}"
            assert "X-CSRF-Token" in answer.get_json()["detail"]


def test_the_token_of_another_session_does_not_do(sojourn: Sojourn, ada: Client) -> None:
    ben = Client(sojourn).log_in("ben@example.com")
    answer = ada.post("/api/journeys", {}, headers={"X-CSRF-Token": ben.headers["X-CSRF-Token"]})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost"}, 201),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 201),
    ],
)
def test_a_change_comes_from_our_own_pages(ada: Client, headers: dict[str, str], status: int) -> None:
    assert ada.post("/api/journeys", {}, headers=headers).status_code == status


def test_logging_in_from_another_site_is_refused(stranger: Client) -> None:
    body = {"email": "ada@example.com", "password": "whatever it is"}
    answer = stranger.post("/api/session", body, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_program_needs_no_token(program: Client) -> None:
    program.must("POST", "/api/journeys", 201, a_journey())


def test_a_cookie_does_not_help_a_wrong_key(ada: Client) -> None:
    assert ada.get("/api/journeys", headers={"Authorization": "Bearer sj_api_wrong"}).status_code == 401


@pytest.mark.parametrize(
    "given", ["Bearer", "Basic c2pfYXBpOg==", "sj_api_x", "Bearer ", "bearer sj_write_x", "Bearer \xff"]
)
def test_what_is_no_key_is_refused(stranger: Client, given: str) -> None:
    answer = stranger.get("/api/journeys", headers={"Authorization": given})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_write_key_opens_nothing_here(sojourn: Sojourn) -> None:
    assert Client(sojourn).with_key("write").get("/api/journeys").status_code == 401


def test_a_revoked_key_is_refused_at_once(ada: Client, program: Client) -> None:
    made = ada.must("GET", "/api/keys", 200)["items"][0]
    ada.must("DELETE", f"/api/keys/{made['id']}", 204)
    assert program.get("/api/journeys").status_code == 401


@pytest.mark.parametrize("path", ["/api/users", "/api/keys"])
def test_a_key_cannot_let_others_in(program: Client, path: str) -> None:
    body = {"kind": "api"} if path == "/api/keys" else {"email": "b@example.com", "password": "long enough for us"}
    assert program.post(path, body).status_code == 403


@pytest.mark.parametrize("change", [{"expires_at": 1}, {"seen_at": wall_ms() - sessions.IDLE_MS - 1}])
def test_a_session_ends_by_itself(ada: Client, change: dict[str, int]) -> None:
    ada.must("GET", "/api/journeys", 200)
    with ada.db.write() as conn:
        conn.execute(update(session).values(change))
    assert ada.get("/api/journeys").status_code == 401


def test_being_seen_keeps_a_session(ada: Client) -> None:
    with ada.db.write() as conn:
        conn.execute(update(session).values(seen_at=wall_ms() - sessions.IDLE_MS + 60_000))
    ada.must("GET", "/api/journeys", 200)
    with ada.db.read() as conn:
        seen = conn.execute(session.select()).one().seen_at
    assert seen > wall_ms() - 10_000


def test_an_unknown_address_below_the_api_is_a_problem_document(ada: Client, stranger: Client) -> None:
    assert stranger.get("/api/nothing").status_code == 401
    answer = ada.get("/api/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_is_not_there_says_which_are(ada: Client) -> None:
    answer = ada.send("PATCH", "/api/journeys")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))
    assert answer.mimetype == "application/problem+json"
