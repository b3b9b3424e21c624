"""A journey's switches, its versions and its numbers, over the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from backend.core.split import contact_split
from backend.db.tables import contact
from tests.support.app import NOW, Client, a_journey, by_hand


def made(client: Client, document: dict[str, Any] | None = None) -> str:
    return f"/api/journeys/{client.must('POST', '/api/journeys', 201, document or a_journey())['id']}"


def live(client: Client, document: dict[str, Any] | None = None) -> str:
    place = made(client, document)
    client.must("POST", f"{place}/publish", 200)
    return place


def people(client: Client, *names: str) -> list[int]:
    rows = [
        {
            "user_id": name,
            "email": f"{name}@example.com",
            "email_key": f"{name}@example.com",
            "split": contact_split(name),
            "fields": {},
            "created_at": NOW,
        }
        for name in names
    ]
    with client.db.write() as conn:
        return list(conn.execute(insert(contact).returning(contact.c.id), rows).scalars())


def test_publishing_freezes_the_draft(ada: Client) -> None:
    place = made(ada)
    published = ada.must("POST", f"{place}/publish", 200)
    assert published["version"] == 1
    journey = ada.must("GET", place, 200)
    assert (journey["status"], journey["has_changes"]) == ("live", False)
    assert journey["version"] == {"number": 1, "published_at": published["published_at"]}
    versions = ada.must("GET", f"{place}/versions", 200)["items"]
    assert versions == [{"number": 1, "published_at": published["published_at"], "published_by": "ada@example.com"}]
    assert ada.must("GET", f"{place}/versions/1", 200) == {"number": 1, "document": a_journey()}
    ada.must("GET", f"{place}/versions/2", 404)


def test_a_journey_with_errors_is_refused_with_all_of_them(ada: Client) -> None:
    broken = a_journey()
    broken["edges"] = []
    place = made(ada, broken)
    refused = ada.must("POST", f"{place}/publish", 422)
    assert {problem["node"] for problem in refused["problems"]} >= {"start", "hello"}
    checked = ada.must("POST", f"{place}/check", 200)["problems"]
    assert refused["problems"] == checked


@pytest.mark.parametrize("kind", ["wait.until", "no.such"])
def test_a_kind_that_cannot_be_used_is_named(ada: Client, kind: str) -> None:
    document = a_journey()
    document["nodes"][1] = {"id": "hello", "type": kind, "position": {"x": 0, "y": 0}, "config": {}}
    problems = ada.must("POST", f"{made(ada, document)}/check", 200)["problems"]
    expected = "not_available" if kind == "wait.until" else "unknown_kind"
    assert ("hello", expected) in {(problem["node"], problem["code"]) for problem in problems}


def test_the_flow_lists_every_node_and_edge_before_anybody_came(ada: Client) -> None:
    flow = ada.must("GET", f"{live(ada)}/flow", 200)
    assert flow["nodes"]["hello"] == {"entered": 0, "inside": 0, "left": 0}
    assert flow["edges"] == {"start:next": 0, "hello:next": 0}
    assert flow["outcomes"]["entered"] == 0
    assert flow["version"] == 1
    assert isinstance(flow["seq"], int)


def test_the_flow_of_a_draft_is_empty_and_of_a_version_that_is_not_there_a_404(ada: Client) -> None:
    place = made(ada)
    assert ada.must("GET", f"{place}/flow", 200)["nodes"] == {}
    ada.must("GET", f"{place}/flow?version=1", 404)


def test_people_are_enrolled_by_any_of_their_names(ada: Client) -> None:
    place = live(ada, by_hand())
    ids = people(ada, "ann", "bob", "cid", "dan")
    body = {"contacts": [ids[0], {"user_id": "bob"}, {"email": " CID@example.com "}, {"user_id": "nobody"}, ids[0]]}
    assert ada.must("POST", f"{place}/enroll", 200, body) == {"enrolled": 3, "refused": 2}
    assert ada.must("GET", f"{place}/flow", 200)["nodes"]["pause"]["inside"] == 3
    assert ada.must("POST", f"{place}/enroll", 200, {"all": True}) == {"enrolled": 1, "refused": 3}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all": False},
        {"contacts": []},
        {"contacts": [1], "all": True},
        {"contacts": ["ann"]},
        {"contacts": [True]},
        {"contacts": [{}]},
        {"contacts": [{"user_id": "a", "email": "b"}]},
        {"contacts": [2**63]},
    ],
)
def test_enrolling_nobody_in_particular_is_refused(ada: Client, body: dict[str, Any]) -> None:
    ada.must("POST", f"{live(ada, by_hand())}/enroll", 422, body)


@pytest.mark.parametrize("document", [a_journey(), by_hand()])
def test_only_a_live_journey_with_a_manual_trigger_lets_people_in(ada: Client, document: dict[str, Any]) -> None:
    place = made(ada, document) if document["name"] == "By hand" else live(ada, document)
    assert ada.post(f"{place}/enroll", {"all": True}).status_code == 409


def test_a_journey_is_paused_resumed_and_stopped(ada: Client) -> None:
    place = live(ada, by_hand())
    people(ada, "ann", "bob")
    ada.must("POST", f"{place}/enroll", 200, {"all": True})
    assert ada.must("POST", f"{place}/pause", 200) == {"status": "paused", "people": 2}
    ada.must("POST", f"{place}/pause", 409)
    assert ada.must("POST", f"{place}/resume", 200) == {"status": "live", "people": 2}
    ada.must("DELETE", place, 409)
    assert ada.must("POST", f"{place}/stop", 200) == {"status": "stopped", "people": 2}
    listed = ada.must("GET", "/api/journeys", 200)["items"][0]
    assert (listed["entered"], listed["inside"], listed["completed"]) == (2, 0, 0)
    ada.must("DELETE", place, 204)


def test_the_browsers_are_told_of_every_switch(ada: Client) -> None:
    told: list[tuple[str, Any]] = []
    ada.sojourn.parts.announce = lambda name, data: told.append((name, data["status"]))
    place = live(ada)
    for switch in ("pause", "resume", "stop"):
        ada.must("POST", f"{place}/{switch}", 200)
    statuses = ["draft", "live", "paused", "live", "stopped"]
    assert told == [("journey", status) for status in statuses]


def test_the_clock_is_woken_when_somebody_may_move(ada: Client) -> None:
    woken = []
    ada.sojourn.parts.wake = lambda: woken.append(True)
    live(ada)
    assert woken


def test_a_message_is_tried_out_as_a_contact_would_get_it(ada: Client) -> None:
    [ann] = people(ada, "ann")
    place = made(ada, a_journey(subject="Hi {{ contact.user_id | default('there') }}"))
    tried = ada.must("POST", f"{place}/nodes/hello/test", 200, {"to": "me@example.com", "contact": ann})
    assert (tried["state"], tried["subject"], tried["error"]) == ("sent", "Hi ann", None)
    assert tried["text"].startswith("Welcome!")
    nobody = ada.must("POST", f"{place}/nodes/hello/test", 200, {"to": "me@example.com"})
    assert nobody["subject"] == "Hi there"


@pytest.mark.parametrize(
    ("node", "body", "status"),
    [
        ("start", {"to": "me@example.com"}, 404),
        ("nowhere", {"to": "me@example.com"}, 404),
        ("hello", {"to": "me"}, 422),
        ("hello", {"to": "me@example.com", "contact": 999}, 404),
        ("hello", {}, 422),
    ],
)
def test_a_trial_that_cannot_be_says_why(ada: Client, node: str, body: dict[str, Any], status: int) -> None:
    answer = ada.post(f"{made(ada)}/nodes/{node}/test", body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_template_that_does_not_compile_names_its_part(ada: Client) -> None:
    place = made(ada, a_journey(subject="Hi {{ contact."))
    refused = ada.must("POST", f"{place}/nodes/hello/test", 422, {"to": "me@example.com"})
    assert refused["errors"][0]["field"] == "subject"


def test_people_at_a_node_are_listed_page_by_page(ada: Client) -> None:
    place = live(ada, by_hand())
    people(ada, "ann", "bob", "cid")
    ada.must("POST", f"{place}/enroll", 200, {"all": True})
    first = ada.must("GET", f"{place}/nodes/pause/contacts?limit=2", 200)
    rest = ada.must("GET", f"{place}/nodes/pause/contacts?limit=2&after={first['next']}", 200)
    names = [item["contact"]["user_id"] for item in first["items"] + rest["items"]]
    assert (sorted(names), rest["next"]) == (["ann", "bob", "cid"], None)
    assert {item["passage"] for item in first["items"]} == {1}
    assert all(item["due_at"] > item["since"] for item in first["items"])
    assert ada.must("GET", f"{place}/nodes/nowhere/contacts", 200)["items"] == []
    ada.must("GET", f"{place}/nodes/pause/contacts?after=x", 422)


def test_messages_are_counted_by_node_and_state(ada: Client) -> None:
    document = by_hand()
    document["nodes"][1] = {"id": "pause", "type": "send.email", "config": {"subject": "Hi", "body": "Hello"}}
    place = live(ada, document)
    assert ada.must("GET", f"{place}/deliveries", 200) == {"nodes": {}, "reasons": []}
    people(ada, "ann", "bob")
    ada.must("POST", f"{place}/enroll", 200, {"all": True})
    counts = ada.must("GET", f"{place}/deliveries", 200)["nodes"]["pause"]
    assert (counts["pending"], counts["sent"], counts["opened"]) == (2, 0, 0)
    assert ada.must("GET", "/api/journeys", 200)["items"][0]["messages"] == 2
