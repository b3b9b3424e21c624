"""The way out: a page that changes nothing, and a button that does."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.channels.links import UNSUBSCRIBE, Place, token
from backend.db.tables import consent, contact, event
from backend.ingestion import contacts
from tests.support.app import NOW, Client


@pytest.fixture
def reader(stranger: Client) -> int:
    with stranger.db.write() as conn:
        return contacts.upsert(conn, {"user_id": "u1", "email": "u1@b.c"}, NOW)


def link(client: Client, contact_id: int, *, purpose: str = UNSUBSCRIBE) -> str:
    return "/t/u/" + token(client.sojourn.parts.secrets.purpose_key, purpose, Place(contact_id, 7))


def rows(client: Client, table: Any) -> list[Any]:
    with client.db.read() as conn:
        return list(conn.execute(select(table).order_by(table.c.id)))


def test_opening_the_link_changes_nothing(stranger: Client, reader: int) -> None:
    before = len(rows(stranger, event))
    for method in ("GET", "HEAD"):
        answer = stranger.send(method, link(stranger, reader))
        assert answer.status_code == 200
    assert b'<form method="post">' in stranger.get(link(stranger, reader)).data
    assert rows(stranger, contact)[0].unsubscribed is False
    assert (len(rows(stranger, event)), rows(stranger, consent)) == (before, [])


def test_the_button_unsubscribes_once_however_often_it_is_pressed(stranger: Client, reader: int) -> None:
    woken: list[int] = []
    stranger.sojourn.parts.wake = lambda: woken.append(1)
    for _ in range(3):
        answer = stranger.post(link(stranger, reader), data={})
        assert answer.status_code == 200
        assert b"You are unsubscribed" in answer.data
    assert rows(stranger, contact)[0].unsubscribed is True
    assert [(one.action, one.source, one.detail["message"]) for one in rows(stranger, consent)] == [
        ("withdraw", "page", 7)
    ]
    assert [one.properties for one in rows(stranger, event)][-1] == {"fields": ["unsubscribed"]}
    assert woken
    assert b"<form" not in stranger.get(link(stranger, reader)).data


def test_a_mail_program_may_do_it_without_the_page(stranger: Client, reader: int) -> None:
    one_click = {"List-Unsubscribe": "One-Click"}
    answer = stranger.post(link(stranger, reader), data=one_click, headers={"Origin": "https://mail.example"})
    assert answer.status_code == 200
    assert [one.source for one in rows(stranger, consent)] == ["one_click"]


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "x", lambda t: "/t/u/x", lambda t: "/t/u/9-9-é"])
def test_a_link_that_is_not_ours_does_nothing(stranger: Client, reader: int, change: Any) -> None:
    wrong = change(link(stranger, reader))
    assert stranger.get(wrong).status_code == 404
    assert stranger.post(wrong, data={}).status_code == 404
    assert rows(stranger, contact)[0].unsubscribed is False


def test_a_link_made_for_something_else_is_no_key_here(stranger: Client, reader: int) -> None:
    assert stranger.post(link(stranger, reader, purpose="click"), data={}).status_code == 404


def test_whoever_was_erased_is_told_the_same(stranger: Client, reader: int) -> None:
    with stranger.db.write() as conn:
        contacts.erase(conn, reader)
    assert b"You are unsubscribed" in stranger.post(link(stranger, reader), data={}).data
    assert rows(stranger, consent) == []


def test_the_page_runs_nothing_and_asks_nobody(stranger: Client, reader: int) -> None:
    answer = stranger.get(link(stranger, reader))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert b"<script" not in answer.data
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
