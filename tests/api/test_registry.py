"""Kinds, fields, tags, events, tasks and the workspace: what there is to choose from."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from backend.db.tables import contact, contact_tag, event, event_rejected, field, task
from tests.support.app import NOW, Client


def a_contact(client: Client, user_id: str, **fields: Any) -> int:
    values = {"user_id": user_id, "email": f"{user_id}@example.com", "split": 1, "fields": fields}
    with client.db.write() as conn:
        made: int = conn.execute(insert(contact).values(values).returning(contact.c.id)).scalar_one()
    return made


def happens(client: Client, contact_id: int, name: str, at: int, **properties: Any) -> None:
    values = {"contact_id": contact_id, "name": name, "at": at, "engine_at": at, "properties": properties}
    with client.db.write() as conn:
        conn.execute(insert(event).values(values))


def test_every_kind_of_the_palette_says_what_it_is(ada: Client) -> None:
    kinds = {item["type"]: item for item in ada.must("GET", "/api/kinds", 200)["items"]}
    assert kinds["wait.event"]["ports"] == ["happened", "timeout"] or "happened" in kinds["wait.event"]["ports"]
    assert kinds["exit"]["ports"] == []
    assert kinds["wait.for"]["schema"]["required"] == ["duration"]
    assert kinds["wait.until"]["available"] is False
    assert all(item["title"] and item["help"] for item in kinds.values())


def test_the_format_has_a_json_schema_for_everybody(stranger: Client) -> None:
    answer = stranger.get("/api/journey.schema.json")
    assert answer.mimetype == "application/schema+json"
    assert answer.get_json()["type"] == "object"


def test_built_in_fields_come_first_and_new_ones_by_name(ada: Client) -> None:
    ada.must("POST", "/api/fields", 201, {"name": "plan", "type": "text", "label": "Plan"})
    ada.must("POST", "/api/fields", 201, {"name": "age", "type": "number"})
    items = ada.must("GET", "/api/fields", 200)["items"]
    assert [item["name"] for item in items[:2]] == ["user_id", "email"]
    assert items[-2:] == [
        {"name": "age", "type": "number", "label": "age", "built_in": False},
        {"name": "plan", "type": "text", "label": "Plan", "built_in": False},
    ]


@pytest.mark.parametrize("name", ["plan", "email"])
def test_a_field_is_named_once(ada: Client, name: str) -> None:
    ada.must("POST", "/api/fields", 201, {"name": "plan", "type": "text"})
    ada.must("POST", "/api/fields", 409, {"name": name, "type": "text"})


@pytest.mark.parametrize("body", [{"name": "", "type": "text"}, {"name": "a", "type": "x"}, {"type": "text"}])
def test_a_field_that_is_none_is_refused(ada: Client, body: dict[str, str]) -> None:
    ada.must("POST", "/api/fields", 422, body)


def test_a_field_suggests_the_values_it_has(ada: Client) -> None:
    ada.must("POST", "/api/fields", 201, {"name": "plan", "type": "text"})
    for place, plan in enumerate(["pro", "free", "pro", ["pro", "trial"], None, {"odd": 1}]):
        a_contact(ada, f"u{place}", plan=plan)
    items = ada.must("GET", "/api/fields/plan/values", 200)["items"]
    assert items[0] == {"value": "pro", "n": 3}
    assert {item["value"] for item in items} == {"pro", "free", "trial"}
    assert ada.must("GET", "/api/fields/plan/values?q=FR", 200)["items"] == [{"value": "free", "n": 1}]
    assert len(ada.must("GET", "/api/fields/email/values", 200)["items"]) == 6
    ada.must("GET", "/api/fields/split/values", 404)
    ada.must("GET", "/api/fields/nothing/values", 404)


def test_tags_are_counted(ada: Client) -> None:
    with ada.db.write() as conn:
        rows = [{"contact_id": 1, "tag": "vip"}, {"contact_id": 2, "tag": "vip"}, {"contact_id": 1, "tag": "old"}]
        conn.execute(insert(contact_tag), rows)
    assert ada.must("GET", "/api/tags", 200)["items"] == [{"tag": "old", "n": 1}, {"tag": "vip", "n": 2}]


def test_events_are_named_with_what_they_carry(ada: Client) -> None:
    ann = a_contact(ada, "ann")
    happens(ada, ann, "Order Completed", NOW, total=3)
    happens(ada, ann, "Order Completed", NOW + 5, total=4, coupon="X")
    happens(ada, ann, "$changed", NOW, fields=["plan"])
    assert ada.must("GET", "/api/events/names", 200)["items"] == [
        {"name": "Order Completed", "n": 2, "last_at": "2026-09-21T14:13:20.005Z", "properties": ["coupon", "total"]}
    ]


def test_the_log_is_newest_first_and_can_be_narrowed(ada: Client) -> None:
    ann, bob = a_contact(ada, "ann"), a_contact(ada, "bob")
    for at in range(5):
        happens(ada, ann, "Page Viewed", NOW + at)
    happens(ada, bob, "Signed Up", NOW, plan="pro")
    first = ada.must("GET", "/api/events?limit=4", 200)
    assert first["items"][0]["name"] == "Signed Up"
    assert first["items"][0]["contact"] == {"id": bob, "user_id": "bob", "email": "bob@example.com"}
    rest = ada.must("GET", f"/api/events?limit=4&after={first['next']}", 200)
    assert (len(rest["items"]), rest["next"]) == (2, None)
    assert len(ada.must("GET", f"/api/events?contact={ann}", 200)["items"]) == 5
    assert len(ada.must("GET", "/api/events?name=Signed Up", 200)["items"]) == 1


def test_an_event_of_somebody_deleted_is_still_there(ada: Client) -> None:
    happens(ada, 4711, "Signed Up", NOW)
    assert ada.must("GET", "/api/events", 200)["items"][0]["contact"] is None


def test_what_was_rejected_can_be_read(ada: Client) -> None:
    with ada.db.write() as conn:
        rows = {"field": "userId", "reason": "Missing.", "payload": "{}", "received_at": NOW}
        conn.execute(insert(event_rejected).values(rows))
    assert ada.must("GET", "/api/events/rejected", 200)["items"] == [
        {"at": "2026-09-21T14:13:20.000Z", "field": "userId", "reason": "Missing.", "payload": "{}"}
    ]


def test_a_task_says_how_far_it_is(ada: Client) -> None:
    values = {"kind": "import_contacts", "state": "running", "done": 5, "total": 9, "report": {"created": 5}}
    with ada.db.write() as conn:
        rows = insert(task).values(**values, created_at=NOW, updated_at=NOW).returning(task.c.id)
        made = conn.execute(rows).scalar_one()
    assert ada.must("GET", f"/api/tasks/{made}", 200) == {"id": made, **values}
    ada.must("GET", f"/api/tasks/{made + 1}", 404)


def test_the_workspace_changes_what_is_given(ada: Client) -> None:
    before = ada.must("GET", "/api/workspace", 200)
    after = ada.must("PATCH", "/api/workspace", 200, {"timezone": "Europe/Berlin"})
    assert after == {**before, "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    "body", [{"timezone": "Mars/Base"}, {"name": ""}, {"mode": "sample"}, {"sample_at": None}, {"name": "x" * 201}]
)
def test_the_workspace_refuses_what_it_cannot_be(ada: Client, body: dict[str, Any]) -> None:
    refused = ada.must("PATCH", "/api/workspace", 422, body)
    assert refused["errors"][0]["field"] == next(iter(body))


def test_there_is_no_sample_in_a_workspace_that_works_for_real(ada: Client) -> None:
    ada.must("GET", "/api/sample", 409)
    ada.must("POST", "/api/sample/play", 409, {})
    ada.must("POST", "/api/sample/start-for-real", 422, {"confirm": "yes"})


def test_a_field_brought_by_a_contact_has_its_name_for_a_label(ada: Client) -> None:
    with ada.db.write() as conn:
        conn.execute(insert(field).values(name="plan", type="text", label="", created_at=NOW))
    assert ada.must("GET", "/api/fields", 200)["items"][-1]["label"] == "plan"
