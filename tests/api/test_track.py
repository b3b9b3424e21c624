"""The Segment door: what any SDK may send, and what anybody else may try."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from werkzeug.serving import make_server

from backend.boot import Sojourn
from backend.db.connect import Database
from backend.db.tables import api_key, contact, event, event_rejected, workspace
from tests.support.app import NOW

KEY = "sj_write_test"
GOOD = {"userId": "ada", "event": "Signed Up", "properties": {"plan": "pro"}}


@pytest.fixture
def app(sojourn: Sojourn) -> Flask:
    a_write_key(sojourn.parts.db)
    return sojourn.app


@pytest.fixture
def db(sojourn: Sojourn) -> Database:
    return sojourn.parts.db


def a_write_key(db: Database, key: str = KEY, **values: Any) -> None:
    row = {"kind": "write", "hint": "…", "key_hash": hashlib.sha256(key.encode()).hexdigest(), "created_at": NOW}
    with db.write() as conn:
        conn.execute(insert(api_key).values(**{**row, **values}))


def post(app: Flask, path: str, body: Any, *, key: str | None = KEY, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    auth = (key, "") if key is not None else None
    return app.test_client().post(f"/v1/{path}", data=data, auth=auth, headers=headers)


def stored(db: Database, table: Any = event) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(select(table)))


@pytest.mark.parametrize("path", ["track", "t"])
def test_a_call_is_stored_and_the_clock_is_woken(app: Flask, db: Database, path: str) -> None:
    woken: list[int] = []
    app.extensions["sojourn"].wake = lambda: woken.append(1)
    answer = post(app, path, GOOD)
    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert [one.name for one in stored(db)] == ["Signed Up"]
    assert woken == [1]


def test_the_path_says_what_a_call_is(app: Flask, db: Database) -> None:
    post(app, "identify", {"type": "track", "userId": "ada", "traits": {"plan": "pro"}, "event": "X"})
    assert stored(db, contact)[0].fields == {"plan": "pro"}


def test_a_batch_stores_the_good_and_lists_the_rest(app: Flask, db: Database) -> None:
    answer = post(
        app, "batch", {"batch": [{"type": "track", **GOOD}, {"type": "track", "event": "X", "messageId": "m"}]}
    )
    assert answer.status_code == 200
    assert answer.json == {
        "success": True,
        "rejected": [{"index": 1, "messageId": "m", "field": "userId", "reason": "Give userId or anonymousId."}],
    }
    assert (len(stored(db)), len(stored(db, event_rejected))) == (1, 1)


def test_a_call_without_any_id_is_refused_by_name(app: Flask) -> None:
    answer = post(app, "track", {"event": "X"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["errors"][0]["field"] == "userId"


class TestKeys:
    @pytest.mark.parametrize("key", [None, "", "sj_write_other", "sj_api_test"])
    def test_without_a_write_key_nothing_gets_in(self, app: Flask, db: Database, key: str | None) -> None:
        answer = post(app, "track", GOOD, key=key)
        assert (answer.status_code, stored(db)) == (401, [])
        assert "Basic" in answer.headers["WWW-Authenticate"]

    def test_a_revoked_key_and_an_api_key_do_not_open(self, app: Flask, db: Database) -> None:
        a_write_key(db, "sj_write_gone", revoked_at=NOW)
        a_write_key(db, "sj_write_api", kind="api")
        assert post(app, "track", GOOD, key="sj_write_gone").status_code == 401
        assert post(app, "track", GOOD, key="sj_write_api").status_code == 401

    @pytest.mark.parametrize("header", ["Basic", "Basic ***", "Basic /w==", "Digest x"])
    def test_a_broken_header_is_no_key(self, app: Flask, header: str) -> None:
        assert post(app, "track", GOOD, key=None, Authorization=header).status_code == 401

    def test_a_browser_may_carry_the_key_in_the_body(self, app: Flask, db: Database) -> None:
        answer = post(app, "t", {**GOOD, "writeKey": KEY}, key=None, **{"Content-Type": "text/plain"})
        assert (answer.status_code, len(stored(db))) == (200, 1)

    def test_strangers_learn_nothing_of_broken_bodies(self, app: Flask, db: Database) -> None:
        assert post(app, "track", b"{", key=None).status_code == 401
        assert stored(db, event_rejected) == []

    def test_the_key_shows_when_it_was_used(self, app: Flask, db: Database) -> None:
        post(app, "track", GOOD)
        assert stored(db, api_key)[0].last_used_at is not None


class TestBodies:
    @pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
    def test_a_compressed_body_is_read(self, app: Flask, db: Database, pack: Any) -> None:
        encoding = {"Content-Encoding": "gzip"}
        assert post(app, "track", pack(json.dumps(GOOD).encode()), **encoding).status_code == 200
        assert len(stored(db)) == 1

    @pytest.mark.parametrize(
        ("body", "encoding", "status"),
        [
            (b"{", "", 400),
            (b"[]", "", 400),
            (b"", "", 400),
            (b'{"userId": NaN}', "", 400),
            (b'{"userId": 1e999}', "", 400),
            (b'{"userId": ' + b"9" * 5000 + b"}", "", 400),
            (b"[" * 100_000, "", 400),
            (json.dumps(GOOD).encode("utf-16"), "", 400),
            ('{"userId": "é"}'.encode("cp1252"), "", 400),
            (b"not gzip", "gzip", 400),
            (gzip.compress(b"{}" * 400, mtime=0)[:-9], "gzip", 400),
            (gzip.compress(b" " * 60_000_000, mtime=0), "gzip", 413),
            (b"{}", "br", 400),
            (b'{"batch": 5}', "", 400),
        ],
    )
    def test_a_body_that_is_none_is_a_problem_with_words(
        self, app: Flask, body: bytes, encoding: str, status: int
    ) -> None:
        answer = post(app, "batch", body, **{"Content-Encoding": encoding})
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.json["detail"]

    def test_a_megabyte_in_one_property_is_refused_by_name_and_remembered(self, app: Flask, db: Database) -> None:
        answer = post(app, "track", {**GOOD, "properties": {"note": "x" * 1_000_000}})
        assert answer.status_code == 413
        assert answer.json["errors"][0]["field"] == "properties.note"
        assert stored(db, event_rejected)[0].field == "properties.note"

    def test_a_call_that_is_too_large_leaves_the_others_of_its_batch_alone(self, app: Flask, db: Database) -> None:
        huge = {"type": "track", **GOOD, "properties": {"note": "x" * 1_000_000}}
        answer = post(app, "batch", {"batch": [{"type": "track", **GOOD}, huge]})
        assert answer.status_code == 200
        assert [(one["index"], one["field"]) for one in answer.json["rejected"]] == [(1, "properties.note")]
        assert len(stored(db)) == 1

    def test_many_small_calls_may_not_exceed_the_batch_either(self, app: Flask) -> None:
        body = {"batch": [{"type": "track", **GOOD}] * 8_000}
        assert post(app, "batch", body).status_code == 413

    def test_beyond_four_megabytes_nobody_reads_on(self, app: Flask) -> None:
        assert post(app, "track", b"{" + b" " * 5_000_000).status_code == 413


class TestBrowsers:
    def test_any_page_may_ask_and_send(self, app: Flask) -> None:
        asked = app.test_client().options("/v1/t", headers={"Origin": "https://shop.example"})
        assert asked.status_code == 200
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
        for answer in (asked, post(app, "track", GOOD), post(app, "track", GOOD, key="wrong")):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer.headers


def test_on_sample_time_events_keep_their_own_time(app: Flask, db: Database) -> None:
    with db.write() as conn:
        conn.execute(update(workspace).values(mode="sample", sample_at=NOW))
    post(app, "track", {**GOOD, "timestamp": "1997-01-01T00:00:00Z"})
    assert stored(db)[0].engine_at == 852_076_800_000


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("is_gzip", [False, True])
def test_the_real_segment_client_works_unchanged(address: str, db: Database, is_gzip: bool) -> None:
    from segment.analytics.client import Client

    errors: list[Any] = []
    client = Client(KEY, host=address, gzip=is_gzip, upload_interval=0.01, on_error=lambda *error: errors.append(error))
    client.track(anonymous_id="a1", event="Page Seen", properties={"at": datetime(2026, 1, 1, tzinfo=UTC)})
    client.identify("ada", {"email": "ada@example.org", "plan": "pro"}, anonymous_id="a1")
    client.track("ada", "Order Completed", {"total": 12.5})
    client.page("ada", "Docs", "Home", {"url": "/"})
    client.screen("ada", name="Start")
    client.group("ada", "g1", {"name": "Initech"})
    client.alias("a2", "ada")
    client.shutdown()
    assert errors == []
    [person] = stored(db, contact)
    assert (person.user_id, person.email, person.fields) == ("ada", "ada@example.org", {"plan": "pro"})
    assert [one.name for one in stored(db)] == [
        "Page Seen", "$changed", "Order Completed", "Page Viewed", "Screen Viewed", "$group",
    ]  # fmt: skip
    assert {one.contact_id for one in stored(db)} == {person.id}
