"""Messages through the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.outgoing import a_contact, a_journey, messages, one, senders, turn
from tests.support.app import Client

MJML = "<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>"


def test_the_test_inbox_shows_a_message_as_its_reader_sees_it(ada: Client) -> None:
    a_journey(ada.db, {"subject": "Hello", "body": MJML, "from": "Shop <shop@b.c>"})
    [sent] = messages(ada.db, [a_contact(ada.db, "eve")])
    turn(ada.db, senders(ada.db))
    [item] = ada.must("GET", "/api/messages", 200)["items"]
    assert (item["state"], item["subject"], item["journey"]["name"]) == ("sent", "Hello", "Journey 1")
    assert item["contact"]["email"] == "eve@example.org"
    full = ada.must("GET", f"/api/messages/{sent}", 200)
    assert full["body"] == MJML
    assert full["html"].lstrip().startswith("<!doctype html>")
    assert "/t/u/" in full["html"]
    assert "Unsubscribe" in full["text"]
    assert full["headers"]["From"] == "Shop <shop@b.c>"
    assert full["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert full["receipt"] == "kept in the test inbox"


def test_a_text_that_looks_like_html_stays_text(ada: Client) -> None:
    a_journey(ada.db, {"subject": "Hello", "body": "{{ contact.first_name }} wrote"})
    [sent] = messages(ada.db, [a_contact(ada.db, "eve", fields={"first_name": "<b>Eve</b>"})])
    turn(ada.db, senders(ada.db))
    full = ada.must("GET", f"/api/messages/{sent}", 200)
    assert full["html"] is None
    assert full["text"].startswith("<b>Eve</b> wrote")


def test_a_message_that_waits_has_no_words_yet(ada: Client) -> None:
    a_journey(ada.db)
    [waiting] = messages(ada.db, [a_contact(ada.db, "eve")])
    full = ada.must("GET", f"/api/messages/{waiting}", 200)
    assert (full["state"], full["html"], full["text"], full["headers"]) == ("pending", None, None, {})


def test_messages_are_found_by_journey_contact_and_state_newest_first(ada: Client) -> None:
    a_journey(ada.db)
    a_journey(ada.db, id=2)
    eve, fay = a_contact(ada.db, "eve"), a_contact(ada.db, "fay")
    first = messages(ada.db, [eve, fay, eve])
    [other] = messages(ada.db, [eve], journey_id=2, state="failed")

    def found(query: str) -> list[int]:
        return [item["id"] for item in ada.must("GET", f"/api/messages?{query}", 200)["items"]]

    assert found("") == [other, *reversed(first)]
    assert found("journey=2") == [other]
    assert found(f"contact={fay}") == [first[1]]
    assert found("state=failed") == [other]
    page = ada.must("GET", "/api/messages?limit=3", 200)
    assert found(f"limit=3&after={page['next']}") == [first[0]]


@pytest.mark.parametrize("query", ["state=lost", "journey=x", "after=x", "limit=0", "colour=red", f"journey={2**64}"])
def test_a_wrong_filter_names_itself(ada: Client, query: str) -> None:
    assert ada.must("GET", f"/api/messages?{query}", 422)["errors"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize(("decision", "state"), [("resend", "pending"), ("sent", "sent")])
def test_a_person_decides_on_a_doubtful_message(ada: Client, decision: str, state: str) -> None:
    told: list[Any] = []
    ada.sojourn.parts.announce = lambda name, data: told.append((name, data["ids"]))
    a_journey(ada.db)
    [doubtful] = messages(ada.db, [a_contact(ada.db, "eve")], state="unknown", send_at=None)
    path = f"/api/messages/{doubtful}/resolve"
    assert ada.must("POST", path, 200, {"as": decision})["state"] == state
    assert one(ada.db, doubtful).state == state
    assert told == [("message", [doubtful])]
    ada.must("POST", path, 409, {"as": decision})


def test_nothing_else_can_be_decided(ada: Client) -> None:
    a_journey(ada.db)
    [waiting] = messages(ada.db, [a_contact(ada.db, "eve")])
    ada.must("POST", f"/api/messages/{waiting}/resolve", 409, {"as": "sent"})
    ada.must("POST", f"/api/messages/{waiting}/resolve", 422, {"as": "lost"})
    ada.must("POST", "/api/messages/4711/resolve", 404, {"as": "sent"})
    ada.must("GET", "/api/messages/4711", 404)
