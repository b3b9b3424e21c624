"""The browser's part: one page for every address, files kept for good, and headers on every answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.boot import create_app
from backend.settings import Settings
from tests.support.app import Client


@pytest.fixture
def built(stranger: Client, tmp_path: Path) -> Client:
    """A browser in front of a built front end."""
    folder = tmp_path / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Sojourn</title>")
    (folder / "assets" / "index-a1b2c3.js").write_text("export {}")
    (folder / "logo.svg").write_text("<svg/>")
    stranger.sojourn.app.config["SOJOURN_BUILT"] = folder
    return stranger


@pytest.mark.parametrize("path", ["/", "/journeys", "/journeys/7/edit", "/setup?token=x", "/apiary", "/%E2%9C%93"])
def test_every_address_is_the_app(built: Client, path: str) -> None:
    answer = built.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert b"Sojourn" in answer.data
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/t/x/y", "/static/other.js", "/static/app/missing.js", "/static/app/../../app.py", "/v1"]
)
def test_below_a_door_nothing_is_a_page(built: Client, path: str) -> None:
    answer = built.get(path)
    assert answer.status_code in (404, 405)
    assert answer.mimetype == "application/problem+json"


def test_hashed_files_are_kept_for_good_and_others_asked_for_again(built: Client) -> None:
    assert "immutable" in built.get("/static/app/assets/index-a1b2c3.js").headers["Cache-Control"]
    assert built.get("/static/app/logo.svg").headers["Cache-Control"] == "no-cache"


def test_without_a_build_the_page_says_how_to_make_one(stranger: Client, tmp_path: Path) -> None:
    stranger.sojourn.app.config["SOJOURN_BUILT"] = tmp_path / "nothing here"
    answer = stranger.get("/journeys")
    assert answer.status_code == 503
    assert b"make setup" in answer.data


@pytest.mark.parametrize(
    "path", ["/", "/api/session", "/api/journeys", "/healthz", "/v1/track", "/nothing", "/static/app/logo.svg"]
)
def test_every_answer_has_the_security_headers(built: Client, path: str) -> None:
    headers = built.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_answers_of_the_api_are_never_kept(stranger: Client) -> None:
    for path in ("/api/session", "/api/journeys", "/api/openapi.json"):
        assert stranger.get(path).headers["Cache-Control"] == "no-store"


def test_behind_https_browsers_are_told_to_stay_there(sqlite_settings: Settings) -> None:
    from dataclasses import replace

    joined = create_app(replace(sqlite_settings, public_url="https://sojourn.example"), with_clock=False)
    assert "max-age" in Client(joined).get("/").headers["Strict-Transport-Security"]
    joined.close()


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_a_proxy_is_believed_when_it_is_named(sqlite_settings: Settings, hops: int, seen: str) -> None:
    from dataclasses import replace

    from flask import request

    joined = create_app(replace(sqlite_settings, proxy_hops=hops), with_clock=False)
    addresses: list[str | None] = []
    joined.app.before_request(lambda: addresses.append(request.remote_addr))
    Client(joined).get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"})
    assert addresses == [seen]
    joined.close()
