"""A server that says strange things at each step, and what becomes of the message."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend.channels.channel import (
    Deferred,
    Doubtful,
    Envelope,
    NotDelivered,
    Receipt,
    Rejected,
    Unreachable,
    Withheld,
)
from backend.channels.email.smtp import Server, Smtp, own_name

LETTER = Envelope("shop@example.com", "ada@example.org", b"Subject: x\r\n\r\n.dot\r\nlast\r\n")
CLOSE = "close"
GOOD = {
    "banner": "220 hi", "EHLO": "250 mail.test", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
    ".": "250 kept", "RSET": "250 ok", "QUIT": "221 bye",
}  # fmt: skip


@contextmanager
def a_script(heard: list[str], **answers: str) -> Iterator[int]:
    """A server that answers each command by its word; `dot` is the answer to the message."""
    says = {**GOOD, **{{"dot": "."}.get(word, word): answer for word, answer in answers.items()}}

    def talk(client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            if says["banner"] == CLOSE:
                return
            client.sendall(says["banner"].encode() + b"\r\n")
            is_message = False
            for line in lines:
                text = line.decode().rstrip("\r\n")
                heard.append(text)
                word = text if is_message else text.split(" ")[0].upper()
                if is_message and word != ".":
                    continue
                answer = says.get(word, "500 what?")
                is_message = word == "DATA" and answer.startswith("354")
                if answer == CLOSE:
                    return
                if answer:
                    client.sendall(answer.encode() + b"\r\n")

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            talk(client)

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def deliver(port: int, *, may_leave: bool = True) -> Receipt:
    channel = Smtp(Server("127.0.0.1", port, "none"), final_seconds=0.1, connect_seconds=0.5)
    try:
        return channel.deliver(LETTER, lambda: may_leave)
    finally:
        channel.close()


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    heard: list[str] = []
    with a_script(heard) as port:
        assert deliver(port) == Receipt("250 kept")
    assert heard[heard.index("DATA") + 1 :] == ["Subject: x", "", "..dot", "last", ".", "quit"]


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("banner", "554 not you", Unreachable),
        ("banner", "421 busy", Unreachable),
        ("banner", CLOSE, Unreachable),
        ("banner", "hello there", Unreachable),
        ("EHLO", CLOSE, Unreachable),
        ("MAIL", CLOSE, Unreachable),
        ("MAIL", "451 later", Deferred),
        ("MAIL", "550 not from you", Unreachable),
        ("MAIL", "552 too large", Rejected),
        ("RCPT", CLOSE, Unreachable),
        ("RCPT", "450 greylisted", Deferred),
        ("RCPT", "550 5.1.1 nobody", Rejected),
        ("RCPT", "nonsense", Deferred),
        ("DATA", CLOSE, Deferred),
        ("DATA", "451 later", Deferred),
        ("DATA", "554 never", Rejected),
        ("dot", "452 full", Deferred),
        ("dot", "554 spam", Rejected),
        ("dot", CLOSE, Doubtful),
        ("dot", "", Doubtful),
        ("dot", "what was that?", Doubtful),
        ("dot", "250-one\r\nrubbish", Doubtful),
    ],
)
def test_each_step_says_how_far_it_got(step: str, answer: str, outcome: type[NotDelivered]) -> None:
    with a_script([], **{step: answer}) as port, pytest.raises(outcome) as caught:
        deliver(port)
    assert type(caught.value) is outcome
    assert str(caught.value)


def test_whatever_the_server_answers_can_be_stored_and_shown() -> None:
    with a_script([], dot="554 \x00\x1b[31m" + "x" * 900) as port, pytest.raises(Rejected) as caught:
        deliver(port)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 510


def test_a_message_withheld_at_the_last_moment_is_not_begun() -> None:
    heard: list[str] = []
    with a_script(heard) as port, pytest.raises(Withheld):
        deliver(port, may_leave=False)
    assert "DATA" not in heard
    assert "rset" in [word.lower() for word in heard]


def test_a_connection_broken_by_our_own_failure_is_not_used_again() -> None:
    heard: list[str] = []

    def fail() -> bool:
        raise RuntimeError("the database is gone")

    with a_script(heard) as port:
        channel = Smtp(Server("127.0.0.1", port, "none"))
        with pytest.raises(RuntimeError):
            channel.deliver(LETTER, fail)
        assert channel.deliver(LETTER, lambda: True) == Receipt("250 kept")
        channel.close()
    assert [line[:4].upper() for line in heard].count("EHLO") == 2


def test_a_host_that_cannot_be_found_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"nowhere\.invalid"):
        Smtp(Server("nowhere.invalid", 25, "none")).deliver(LETTER, lambda: True)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://app.example.org/x", "app.example.org"),
        ("http://127.0.0.1:8080", "[127.0.0.1]"),
        ("http://[::1]:8080", "[IPv6:::1]"),
        ("", "localhost"),
    ],
)
def test_we_introduce_ourselves_by_our_public_name(url: str, name: str) -> None:
    assert own_name(url) == name


def test_a_password_is_never_printed() -> None:
    assert "sesame" not in repr(Server("h", 1, password="sesame"))
