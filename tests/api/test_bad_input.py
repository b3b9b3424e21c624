"""Whatever is sent, the answer is a problem document that names the place, and never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.api.guard import BODY_BYTES
from backend.boot import Sojourn
from tests.support.app import Client, a_journey, by_hand

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"null", 422),
        (b"\xff\xfe", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": 1e999}', 400),
        (b'{"name": "\\u0000"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"name": 99999999999999999999}', 422),
        (b"9" * 5000, 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 150 + b"1" + b"}" * 150, 422),
    ],
)
def test_a_body_that_cannot_be_used_says_why(ada: Client, raw: bytes, status: int) -> None:
    answer = ada.post("/api/journeys", data=raw, headers=JSON)
    assert answer.status_code == status, answer.data
    assert answer.mimetype == "application/problem+json"
    assert len(answer.get_json()["detail"]) > 10


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_only_json_is_taken(ada: Client, kind: str) -> None:
    answer = ada.post("/api/journeys", data=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415


def test_a_large_body_is_refused(ada: Client) -> None:
    answer = ada.post("/api/journeys", data=b'{"name": "' + b"x" * BODY_BYTES + b'"}', headers=JSON)
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/api/contacts?q=%00", "/api/journeys?q=a%00b", "/api/journeys?%00=1", "/api/fields/%00/values", "/api/%00"],
)
def test_a_nul_in_the_address_is_refused(ada: Client, path: str) -> None:
    answer = ada.get(path)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "NUL" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "path", ["/api/journeys/99999999999999999999999", "/api/journeys/-1", "/api/keys/1e5", "/api/tasks/９"]
)
def test_an_id_no_database_can_hold_is_a_404(ada: Client, path: str) -> None:
    assert ada.get(path).status_code in (404, 405)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "limit=1e3", "status=odd", "limit=99999999999999999999", "stauts=live"]
)
def test_a_query_that_is_wrong_names_the_parameter(ada: Client, query: str) -> None:
    answer = ada.get(f"/api/journeys?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == query.split("=")[0]


def test_what_we_did_not_foresee_tells_nothing_of_the_inside(
    sojourn: Sojourn, ada: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("backend.api.journeys.outcomes", fail)
    answer = ada.get("/api/journeys")
    assert answer.status_code == 500
    assert "42" not in answer.get_data(as_text=True)
    assert "the secret is 42" in caplog.text


# --- any JSON at all --------------------------------------------------------------------------------------------------

texts = st.text(max_size=12) | st.sampled_from(["start", "next", "trigger.event", "sojourn/journey@1", "\x00", "pro"])
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A good journey with some of its values exchanged for others."""
    document = draw(st.sampled_from([a_journey(), by_hand()]))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = document
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.booleans()):
                place = place[key]
                continue
            place[key] = draw(values)
            break
    return document


ROUTES = [
    ("POST", "/api/journeys"),
    ("PUT", "/api/journeys/{id}/draft"),
    ("POST", "/api/journeys/{id}/enroll"),
    ("POST", "/api/journeys/{id}/check"),
    ("POST", "/api/journeys/{id}/publish"),
    ("POST", "/api/fields"),
    ("POST", "/api/keys"),
    ("POST", "/api/session"),
    ("POST", "/api/setup"),
    ("PATCH", "/api/workspace"),
    ("POST", "/api/sample/play"),
]


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(route=st.sampled_from(ROUTES), body=values | spoiled())
def test_no_body_makes_the_server_fail(ada: Client, route: tuple[str, str], body: Any) -> None:
    made = ada.must("POST", "/api/journeys", 201, a_journey())
    method, path = route
    answer = ada.send(method, path.format(id=made["id"]), json=body, headers={"If-Match": '"1"'})
    assert answer.status_code < 500, (answer.status_code, answer.data)
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(document=spoiled())
def test_whatever_may_be_saved_can_be_read_checked_listed_and_exported(ada: Client, document: Any) -> None:
    made = ada.post("/api/journeys", document)
    assert made.status_code in (201, 422), made.data
    if made.status_code == 201:
        place = f"/api/journeys/{made.get_json()['id']}"
        text = ada.get(f"{place}/export").data
        again = ada.post("/api/journeys", data=text, headers=JSON)
        assert again.status_code == 201
        assert ada.get(f"/api/journeys/{again.get_json()['id']}/export").data == text
        for method, path in (("GET", place), ("GET", "/api/journeys"), ("POST", f"{place}/check")):
            ada.must(method, path, 200)
        assert ada.post(f"{place}/publish").status_code in (200, 422)
