"""Drafts over the API: made, read, saved under a revision, refused, deleted."""

from __future__ import annotations

import json

import pytest

from tests.support.app import Client, a_journey


def test_an_empty_body_begins_an_empty_journey(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    assert made["status"] == "draft"
    assert made["draft"]["nodes"] == []
    assert made["version"] is None
    assert made["has_changes"] is True


def test_a_name_is_enough_to_begin(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {"name": "Win back"})
    assert (made["name"], made["draft"]["name"]) == ("Win back", "Win back")


def test_a_journey_is_given_out_as_it_was_brought_in(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, a_journey())
    assert ada.must("GET", f"/api/journeys/{made['id']}", 200)["draft"] == a_journey()


def test_the_export_of_an_import_has_the_same_bytes(ada: Client) -> None:
    first = ada.must("POST", "/api/journeys", 201, a_journey())
    text = ada.get(f"/api/journeys/{first['id']}/export").data
    again = ada.must("POST", "/api/journeys", 201, json.loads(text))
    answer = ada.get(f"/api/journeys/{again['id']}/export")
    assert answer.data == text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="welcome.json"'


def test_saving_needs_the_revision_it_started_from(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    answer = ada.put(f"/api/journeys/{made['id']}/draft", a_journey())
    assert answer.status_code == 428


def test_a_saved_draft_has_the_next_revision(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    path = f"/api/journeys/{made['id']}/draft"
    answer = ada.put(path, a_journey("Renamed"), headers={"If-Match": '"1"'})
    assert answer.get_json()["revision"] == 2
    assert answer.headers["ETag"] == '"2"'
    read = ada.get(f"/api/journeys/{made['id']}")
    assert read.headers["ETag"] == '"2"'
    assert read.get_json()["name"] == "Renamed"


def test_saving_what_is_stored_keeps_the_revision(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, a_journey())
    path = f"/api/journeys/{made['id']}/draft"
    assert ada.put(path, a_journey(), headers={"If-Match": '"1"'}).get_json()["revision"] == 1


def test_who_saves_second_is_given_the_first_draft(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    path = f"/api/journeys/{made['id']}/draft"
    ada.put(path, a_journey("Mine"), headers={"If-Match": '"1"'})
    answer = ada.put(path, a_journey("Theirs"), headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["current"] == {"revision": 2, "draft": a_journey("Mine")}


@pytest.mark.parametrize("given", ["*", "abc", "-1", '"99999999999999999999"'])
def test_a_revision_that_is_none_is_refused(ada: Client, given: str) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    answer = ada.put(f"/api/journeys/{made['id']}/draft", a_journey(), headers={"If-Match": given})
    assert answer.status_code == 400


def test_a_misshapen_draft_names_the_field(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    broken = a_journey()
    broken["nodes"][1]["position"] = {"x": "left", "y": 0}
    answer = ada.put(f"/api/journeys/{made['id']}/draft", broken, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == ["nodes.hello.position.x"]


def test_an_unknown_key_is_named(ada: Client) -> None:
    answer = ada.post("/api/journeys", {**a_journey(), "colour": "blue"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "colour"


def test_an_unfinished_draft_may_be_saved(ada: Client) -> None:
    unfinished = a_journey()
    unfinished["nodes"][0]["config"] = {}
    unfinished["edges"] = []
    made = ada.must("POST", "/api/journeys", 201, unfinished)
    problems = ada.must("POST", f"/api/journeys/{made['id']}/check", 200)["problems"]
    assert {"start", "hello"} <= {problem["node"] for problem in problems}
    assert all(set(problem) == {"severity", "code", "node", "field", "message", "fix"} for problem in problems)


def test_the_list_has_the_last_edited_first_page_by_page(ada: Client) -> None:
    ids = [ada.must("POST", "/api/journeys", 201, {"name": f"No {n}"})["id"] for n in range(5)]
    seen, after = [], None
    while True:
        query = f"?limit=2{f'&after={after}' if after else ''}"
        page = ada.must("GET", f"/api/journeys{query}", 200)
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(ids)
    assert len(seen) == len(set(seen))


def test_the_list_is_narrowed_by_status_and_words(ada: Client) -> None:
    ada.must("POST", "/api/journeys", 201, {"name": "Win back 100%"})
    ada.must("POST", "/api/journeys", 201, {"name": "Welcome"})
    names = [item["name"] for item in ada.must("GET", "/api/journeys?q=BACK 100%25", 200)["items"]]
    assert names == ["Win back 100%"]
    assert ada.must("GET", "/api/journeys?status=live", 200)["items"] == []


def test_the_list_shows_the_drawing_in_miniature(ada: Client) -> None:
    ada.must("POST", "/api/journeys", 201, a_journey())
    thumbnail = ada.must("GET", "/api/journeys", 200)["items"][0]["thumbnail"]
    assert [node["family"] for node in thumbnail["nodes"]] == ["trigger", "send", "end"]
    assert thumbnail["edges"] == [[0, 1], [1, 2]]


@pytest.mark.parametrize("after", ["x", "%00", "WzFd", "bm9wZQ"])
def test_a_broken_cursor_is_a_422(ada: Client, after: str) -> None:
    assert ada.get(f"/api/journeys?after={after}").status_code == 422


def test_a_duplicate_is_a_draft_of_its_own(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, a_journey("x" * 200))
    copy = ada.must("POST", f"/api/journeys/{made['id']}/duplicate", 201)
    assert copy["id"] != made["id"]
    assert copy["name"].endswith(" (copy)")
    assert copy["draft"]["nodes"] == a_journey()["nodes"]


def test_a_draft_can_be_deleted(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, {})
    ada.must("DELETE", f"/api/journeys/{made['id']}", 204)
    ada.must("GET", f"/api/journeys/{made['id']}", 404)


@pytest.mark.parametrize("path", ["", "/draft", "/check", "/publish", "/flow", "/versions", "/export", "/pause"])
def test_no_journey_is_a_404(ada: Client, path: str) -> None:
    method = {"": "GET", "/flow": "GET", "/versions": "GET", "/export": "GET", "/draft": "PUT"}.get(path, "POST")
    body = {"json": a_journey(), "headers": {"If-Match": '"1"'}} if path == "/draft" else {}
    answer = ada.send(method, f"/api/journeys/12345{path}", **body)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
