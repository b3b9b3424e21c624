"""Contacts through the API: found, stored, changed, erased and imported."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from backend.api import contacts as door
from backend.db.tables import consent, contact, event, message, task
from tests.support.app import Client, by_hand


def upload(client: Client, data: bytes, *, path: str = "import", **form: str) -> Any:
    fields = {"file": (io.BytesIO(data), "people.csv"), **form}
    return client.post(f"/api/contacts/{path}", data=fields, content_type="multipart/form-data")


def finished(client: Client, task_id: int) -> Any:
    """The task, once it is over: whoever imports holds the lock."""
    with door._importing:
        return client.must("GET", f"/api/tasks/{task_id}", 200)


def test_a_contact_is_stored_shown_and_met_again(ada: Client) -> None:
    given = {"user_id": "u1", "email": "Eve@b.c", "timezone": "Europe/Berlin", "tags": ["vip"], "fields": {"n": 1}}
    made = ada.must("POST", "/api/contacts", 201, given)
    assert made == {
        "id": made["id"],
        "user_id": "u1",
        "email": "Eve@b.c",
        "phone": None,
        "timezone": "Europe/Berlin",
        "tags": ["vip"],
        "consent": {"unsubscribed": False, "at": None, "source": None},
        "fields": {"n": 1},
        "created_at": made["created_at"],
        "now": [],
    }
    assert ada.must("POST", "/api/contacts", 200, {"email": "eve@B.C"})["id"] == made["id"]
    assert ada.must("GET", f"/api/contacts/{made['id']}", 200)["fields"] == {"n": 1}


def test_a_change_names_what_changes_and_wakes_the_clock(ada: Client) -> None:
    made = ada.must("POST", "/api/contacts", 201, {"user_id": "u1", "fields": {"a": 1, "b": 2}, "tags": ["x"]})
    woken: list[int] = []
    ada.sojourn.parts.wake = lambda: woken.append(1)
    path = f"/api/contacts/{made['id']}"
    change = {"fields": {"a": None, "c": [1]}, "tags": [], "consent": {"unsubscribed": True}}
    changed = ada.must("PATCH", path, 200, change)
    assert (changed["fields"], changed["tags"]) == ({"b": 2, "c": [1]}, [])
    assert changed["consent"]["unsubscribed"] is True
    assert changed["consent"]["source"] == "api"
    assert woken == [1]
    with ada.db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(consent)) == 1
        assert conn.scalars(select(event.c.properties).order_by(event.c.id.desc())).first() == {
            "fields": ["unsubscribed", "a", "c", "tags"]
        }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "email"),
        ({"email": "no address"}, "email"),
        ({"user_id": "x" * 300}, "user_id"),
        ({"user_id": "u", "timezone": "Mars/Base"}, "timezone"),
        ({"user_id": "u", "unsubscribed": "yes"}, "unsubscribed"),
        ({"user_id": "u", "colour": "red"}, "colour"),
        ({"user_id": "u", "fields": {"": 1}}, "fields"),
        ({"user_id": "u", "fields": {"big": "x" * 40_000}}, "fields.big"),
        ({"user_id": "u", "fields": [1]}, "fields"),
        ({"user_id": "u", "tags": [""]}, "tags.0"),
        ({"user_id": "u", "created_at": "yesterday"}, "created_at"),
    ],
)
def test_what_cannot_be_stored_names_its_field(ada: Client, given: dict[str, Any], field: str) -> None:
    answer = ada.must("POST", "/api/contacts", 422, given)
    assert answer["errors"][0]["field"].strip(".") == field


def test_an_address_of_several_people_and_a_taken_id_are_conflicts(ada: Client) -> None:
    for name in ("u1", "u2"):
        made = ada.must("POST", "/api/contacts", 201, {"user_id": name, "email": "we@b.c"})
    assert ada.must("POST", "/api/contacts", 409, {"email": "we@b.c"})["errors"][0]["field"] == "email"
    taken = ada.must("PATCH", f"/api/contacts/{made['id']}", 409, {"user_id": "u1"})
    assert taken["errors"][0]["field"] == "user_id"


def test_nobody_is_a_404(ada: Client) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", "")):
        ada.must(method, f"/api/contacts/4711{path}", 404, {} if method == "PATCH" else None)


def test_people_are_found_by_a_word_and_paged_from_the_newest(ada: Client) -> None:
    for n in range(5):
        ada.must("POST", "/api/contacts", 201, {"user_id": f"User_{n}", "email": f"p{n}@b.c", "phone": f"0{n}0"})
    first = ada.must("GET", "/api/contacts?limit=2", 200)
    second = ada.must("GET", f"/api/contacts?limit=2&after={first['next']}", 200)
    third = ada.must("GET", f"/api/contacts?limit=2&after={second['next']}", 200)
    pages = [[one["user_id"] for one in page["items"]] for page in (first, second, third)]
    assert pages == [["User_4", "User_3"], ["User_2", "User_1"], ["User_0"]]
    assert (first["total"], third["next"]) == (5, None)
    for word, found in (("P3@", ["User_3"]), ("user_1", ["User_1"]), ("020", ["User_2"]), ("%", []), ("r_", 5)):
        items = ada.must("GET", "/api/contacts", 200, query_string={"q": word})["items"]
        assert ([one["user_id"] for one in items] if isinstance(found, list) else len(items)) == found


def test_erasing_ends_passages_and_forgets_the_person(ada: Client) -> None:
    made = ada.must("POST", "/api/contacts", 201, {"user_id": "u1", "email": "u1@b.c"})
    with ada.db.write() as conn:
        conn.execute(
            insert(message).values(
                enrollment_id=1, node="m", visit=0, journey_id=1, version_id=1, contact_id=made["id"], channel="email",
                purpose="marketing", state="sent", at=0, position=0, address="u1@b.c", subject="s", body="b",
            )
        )  # fmt: skip
    ada.must("DELETE", f"/api/contacts/{made['id']}", 204)
    with ada.db.read() as conn:
        assert conn.execute(select(contact)).all() == []
        assert conn.execute(select(message.c.address, message.c.body)).all() == [(None, None)]


def test_the_timeline_tells_what_happened_newest_first(ada: Client) -> None:
    made = ada.must("POST", "/api/contacts", 201, {"user_id": "u1", "fields": {"n": 1}})
    path = f"/api/contacts/{made['id']}/timeline"
    ada.must("PATCH", f"/api/contacts/{made['id']}", 200, {"unsubscribed": True})
    shown = ada.must("GET", f"{path}?limit=1", 200)
    rest = ada.must("GET", f"{path}?after={shown['next']}", 200)
    assert len(shown["items"]) == 1
    assert "consent" in {item["kind"] for item in shown["items"] + rest["items"]}
    for wrong in ("x", "²-1", f"{10**30}-1", "1-2-3"):
        ada.must("GET", path, 422, query_string={"after": wrong})
    ada.must("GET", "/api/contacts/4711/timeline", 404)


def test_a_contact_tells_where_they_are_now(ada: Client) -> None:
    made = ada.must("POST", "/api/contacts", 201, {"user_id": "u1"})
    journey = ada.must("POST", "/api/journeys", 201, by_hand("Welcome"))
    ada.must("POST", f"/api/journeys/{journey['id']}/publish", 200)
    ada.must("POST", f"/api/journeys/{journey['id']}/enroll", 200, {"all": True})
    place = f"/api/contacts/{made['id']}"
    (now,) = ada.must("GET", place, 200)["now"]
    assert (now["journey"], now["node"], now["title"]) == ({"id": journey["id"], "name": "Welcome"}, "pause", "Wait")
    assert (now["passage"], now["due_at"] > now["since"]) == (1, True)
    assert ada.must("PATCH", place, 200, {"phone": "1"})["now"] == [now]
    ada.must("POST", f"/api/journeys/{journey['id']}/stop", 200)
    assert ada.must("GET", place, 200)["now"] == []


class TestImport:
    def test_a_file_is_previewed_imported_and_reported(self, ada: Client) -> None:
        told: list[str] = []
        ada.sojourn.parts.announce = lambda name, data: told.append(name)
        data = b"user_id;Mail;age\nu1;u1@b.c;36\nu2;oops;7\n"
        shown = upload(ada, data, path="import/preview").get_json()
        assert [(one["name"], one["guess"], one["type"]) for one in shown["columns"]] == [
            ("user_id", "user_id", "text"), ("Mail", "email", "text"), ("age", "age", "number"),
        ]  # fmt: skip
        started = upload(ada, data, mapping=json.dumps({"user_id": "user_id", "Mail": "email", "age": "years"}))
        assert started.status_code == 202
        done = finished(ada, started.get_json()["id"])
        assert (done["state"], done["done"], done["total"]) == ("done", 2, 2)
        assert (done["report"]["created"], done["report"]["rejected_total"]) == (1, 1)
        assert done["report"]["rejected"][0]["row"] == 3
        assert ada.must("GET", "/api/contacts", 200)["items"][0]["fields"] == {"years": 36}
        assert {"import", "task"} <= set(told)

    def test_a_dry_run_reports_and_stores_nothing(self, ada: Client) -> None:
        started = upload(ada, b"user_id,email\nu1,oops\nu2,\n", dry_run="true").get_json()
        done = finished(ada, started["id"])
        assert done["report"]["rejected_total"] == 1
        assert ada.must("GET", "/api/contacts", 200)["total"] == 0

    @pytest.mark.parametrize(
        ("data", "form", "field"),
        [
            (b"", {}, "file"),
            (b"\xff\xfeu\x00s", {}, "file"),
            (b"name\nx\n", {}, "file"),
            (b"id\nx\n", {"mapping": "{"}, "mapping"),
            (b"id\nx\n", {"mapping": "[]"}, "mapping"),
            (b"id\nx\n", {"mapping": '{"id": 5}'}, "mapping"),
            (b"id\nx\n", {"mapping": '{"nope": "email", "id": "user_id"}'}, "mapping.nope"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_refused_at_once(
        self, ada: Client, data: bytes, form: dict[str, str], field: str
    ) -> None:
        answer = upload(ada, data, **form)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        assert answer.get_json()["errors"][0]["field"] == field
        with ada.db.read() as conn:
            assert conn.execute(select(task)).all() == []

    def test_no_file_is_named_too(self, ada: Client) -> None:
        answer = ada.post("/api/contacts/import", data={}, content_type="multipart/form-data")
        assert answer.status_code == 422

    def test_two_at_once_are_one_too_many(self, ada: Client) -> None:
        with door._importing:
            assert upload(ada, b"user_id\nu1\n").status_code == 409
