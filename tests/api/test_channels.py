"""The e-mail channel's settings through the API."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from backend.channels.settings import EmailSettings, decrypt, encrypt, load
from backend.db.tables import channel, workspace
from tests.support.app import Client
from tests.support.smtp import a_mail_server

PATH = "/api/channels/email"
GIVEN = {
    "mode": "smtp",
    "host": "smtp.example.org",
    "port": 587,
    "security": "starttls",
    "username": "shop",
    "password": "open sesame",
    "from_name": "The Shop",
    "from_email": "shop@example.com",
    "reply_to": "",
}


def stored(client: Client) -> EmailSettings:
    with client.db.read() as conn:
        return load(conn)


def password(client: Client) -> str:
    return decrypt(stored(client).secret, client.sojourn.parts.secrets.purpose_key)


def test_a_new_installation_can_mail_nobody(ada: Client) -> None:
    shown = ada.must("GET", PATH, 200)
    assert (shown["mode"], shown["host"], shown["has_password"]) == ("test", "", False)


def test_the_settings_come_back_without_the_password(ada: Client) -> None:
    saved = ada.must("PUT", PATH, 200, GIVEN)
    expected = {**{key: value for key, value in GIVEN.items() if key != "password"}, "has_password": True}
    assert saved == ada.must("GET", PATH, 200) == expected
    with ada.db.read() as conn:
        assert "open sesame" not in str(conn.execute(select(channel)).all())
    assert password(ada) == "open sesame"


def test_what_is_shown_may_be_sent_back_and_keeps_the_password(ada: Client) -> None:
    ada.must("PUT", PATH, 200, GIVEN)
    ada.must("PUT", PATH, 200, {**ada.must("GET", PATH, 200), "from_name": "Other"})
    assert (password(ada), stored(ada).from_name) == ("open sesame", "Other")


@pytest.mark.parametrize("change", [{"host": "evil.example.org"}, {"port": 2525}])
def test_another_server_never_gets_the_old_password(ada: Client, change: dict[str, Any]) -> None:
    ada.must("PUT", PATH, 200, GIVEN)
    assert ada.must("PUT", PATH, 200, {**GIVEN, "password": "", **change})["has_password"] is False
    assert password(ada) == ""


def test_a_password_serves_in_its_own_row_and_installation_alone(ada: Client) -> None:
    key = ada.sojourn.parts.secrets.purpose_key
    secret = encrypt("open sesame", key)
    assert decrypt(secret, key) == "open sesame"
    assert decrypt(secret, key, row="sms") == ""
    assert decrypt(secret, lambda name: b"x" * 32) == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "pigeon"}, "mode"),
        ({"host": ""}, "host"),
        ({"host": "a b"}, "host"),
        ({"host": "x\r\nQUIT"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70_000}, "port"),
        ({"security": "rot13"}, "security"),
        ({"from_email": ""}, "from_email"),
        ({"from_email": "nobody"}, "from_email"),
        ({"from_name": "a\r\nBcc: x@y.z"}, "from_name"),
        ({"reply_to": "x@y@z"}, "reply_to"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_work_name_their_field(ada: Client, change: dict[str, Any], field: str) -> None:
    assert ada.must("PUT", PATH, 422, {**GIVEN, **change})["errors"][0]["field"] == field


def test_a_stolen_key_cannot_redirect_the_mail(program: Client) -> None:
    program.must("PUT", PATH, 403, GIVEN)


def test_a_test_message_really_arrives(ada: Client) -> None:
    with a_mail_server() as server:
        given = {**GIVEN, "host": "127.0.0.1", "port": server.port, "security": "none", "username": ""}
        ada.must("PUT", PATH, 200, given)
        answer = ada.must("POST", f"{PATH}/test", 200, {"to": "ada@example.org"})
        ada.sojourn.parts.senders.close()
        assert answer == {"ok": True, "answer": "250 2.0.0 kept"}
        assert server.accepted[0].recipients == ["ada@example.org"]


def test_a_server_that_does_not_answer_says_so(ada: Client) -> None:
    with a_mail_server() as server:
        port = server.port
    ada.must("PUT", PATH, 200, {**GIVEN, "host": "127.0.0.1", "port": port, "security": "none"})
    answer = ada.must("POST", f"{PATH}/test", 200, {"to": "ada@example.org"})
    assert answer["ok"] is False
    assert str(port) in answer["answer"]


@pytest.mark.parametrize("mode", ["live", "sample"])
def test_in_the_test_inbox_nothing_leaves(ada: Client, mode: str) -> None:
    with ada.db.write() as conn:
        conn.execute(update(workspace).values(mode=mode, sample_at=0))
    if mode == "sample":
        ada.must("PUT", PATH, 200, GIVEN)
    answer = ada.must("POST", f"{PATH}/test", 200, {"to": "ada@example.org"})
    assert answer["ok"] is True
    assert "test inbox" in answer["answer"]
