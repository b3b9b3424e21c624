"""Messages leave: into the test inbox, and to a real SMTP server on its good and bad days."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from backend.channels import pump as pump_module
from backend.channels.links import UNSUBSCRIBE, Place, read_token
from backend.channels.pump import INBOX_BATCH, Pumped
from backend.channels.senders import Senders
from backend.db.connect import Database
from backend.db.tables import contact, enrollment, suppression, version, workspace
from tests.channels.outgoing import (
    BASE,
    a_contact,
    a_journey,
    an_event,
    messages,
    one,
    purpose_key,
    senders,
    set_contact,
    states,
    turn,
    use_server,
)
from tests.ingestion.conftest import NOW
from tests.support.smtp import DROP, MailServer, a_certificate, a_mail_server

MINUTE = 60_000


@pytest.fixture
def server() -> Iterator[MailServer]:
    with a_mail_server() as running:
        yield running


@pytest.fixture
def channels(sqlite_db: Database, server: MailServer) -> Iterator[Senders]:
    use_server(sqlite_db, server.port)
    made = senders(sqlite_db)
    yield made
    made.close()


def test_without_a_server_everything_goes_to_the_test_inbox(db: Database) -> None:
    a_journey(db)
    [hello] = messages(db, [a_contact(db, "ada")])
    pumped = turn(db, senders(db), now=NOW + 5)
    row = one(db, hello)
    assert (pumped.claimed, pumped.sent, pumped.message_ids) == (1, 1, {1: [hello]})
    assert (row.state, row.sent_at, row.send_at, row.lease_until) == ("sent", NOW + 5, None, None)
    assert (row.address, row.subject, row.body) == ("ada@example.org", "Hi Ada", "Hello, Ada!")


def test_nothing_due_is_nothing_done(db: Database) -> None:
    assert turn(db, senders(db)) == Pumped()


def test_the_inbox_costs_the_same_for_one_and_many(db: Database, statements: list[str]) -> None:
    a_journey(db)
    channels = senders(db)

    def cost(size: int, visit: int) -> int:
        messages(db, [a_contact(db, f"ada{visit}")] * size)
        statements.clear()
        assert turn(db, channels).sent == size
        return len(statements)

    cost(1, 0)
    assert cost(1, 1) == cost(200, 2)


def test_templates_see_the_contact_the_event_and_the_way_out(db: Database) -> None:
    body = (
        "{{ contact.email }} {{ contact.plan }} {{ event.total }} {{ workspace.postal_address }} {{ unsubscribe_url }}"
    )
    a_journey(db, {"subject": "{{ contact.created_at }}", "body": body})
    who = a_contact(db, "ada", fields={"plan": "pro"})
    [hello] = messages(db, [who])
    passage, started_by = one(db, hello).enrollment_id, an_event(db, who, {"total": 12.0})
    with db.write() as conn:
        conn.execute(
            insert(enrollment).values(
                id=passage, journey_id=1, version_id=1, contact_id=who, no=1, state=0, rest=0,
                rest_at=0, moves=1, start_seq=0, entered_at=0, event_id=started_by,
            )
        )  # fmt: skip
    turn(db, senders(db))
    row = one(db, hello)
    *words, link = row.body.split(" ")
    assert words == ["ada@example.org", "pro", "12", "1", "Main", "St"]
    assert row.subject == "2026-09-21T14:13:20.000Z"
    assert read_token(purpose_key, UNSUBSCRIBE, link.removeprefix(f"{BASE}/t/u/")) == Place(who, hello)


def test_a_template_that_fails_fails_its_message_alone(db: Database) -> None:
    a_journey(db, {"subject": "x", "body": "{{ 1 / contact.n }}"})
    bad, good = messages(db, [a_contact(db, "ada", fields={"n": 0}), a_contact(db, "ben", fields={"n": 1})])
    pumped = turn(db, senders(db))
    assert (pumped.failed, pumped.sent) == (1, 1)
    assert (one(db, bad).state, one(db, good).state) == ("failed", "sent")
    assert "zero" in one(db, bad).error


def test_a_template_that_does_not_compile_fails_with_its_place(db: Database) -> None:
    a_journey(db, {"subject": "x", "body": "a\n{{ oops"})
    [bad] = messages(db, [a_contact(db, "ada")])
    turn(db, senders(db))
    assert "body, line 2" in one(db, bad).error


def test_a_version_is_compiled_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.channels import rendering

    compiled: list[Any] = []
    real = rendering.compile_message
    monkeypatch.setattr(rendering, "compile_message", lambda content: compiled.append(content) or real(content))
    a_journey(db)
    channels = senders(db)
    for visit in range(3):
        messages(db, [a_contact(db, f"ada{visit}"), a_contact(db, f"ben{visit}")], visit=visit)
        turn(db, channels)
    assert len(compiled) == 1


def test_a_version_id_used_anew_is_another_version(db: Database) -> None:
    a_journey(db)
    channels = senders(db)
    messages(db, [a_contact(db, "ada")])
    turn(db, channels)
    with db.write() as conn:
        document = '{"nodes": [{"id": "hello", "config": {"subject": "New", "body": "New"}}]}'
        conn.execute(update(version).values(document=document, published_at=NOW + 1))
    [later] = messages(db, [a_contact(db, "ben")], visit=1)
    turn(db, channels)
    assert one(db, later).subject == "New"


def test_a_message_without_its_version_fails_and_holds_up_nobody(db: Database) -> None:
    a_journey(db)
    lost, good = messages(db, [a_contact(db, "ada"), a_contact(db, "ben")])
    with db.write() as conn:
        from backend.db.tables import message

        conn.execute(update(message).where(message.c.id == lost).values(version_id=99))
    pumped = turn(db, senders(db))
    assert (pumped.failed, pumped.sent) == (1, 1)
    assert (one(db, lost).state, one(db, good).state) == ("failed", "sent")


def test_a_batch_has_an_end_and_the_next_turn_goes_on(sqlite_db: Database) -> None:
    db = sqlite_db
    a_journey(db)
    messages(db, [a_contact(db, "ada")] * (INBOX_BATCH + 1))
    channels = senders(db)
    assert [turn(db, channels).sent for _ in range(3)] == [INBOX_BATCH, 1, 0]


def test_a_contact_erased_while_rendering_is_not_written_back(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = sqlite_db
    a_journey(db)
    [hello] = messages(db, [a_contact(db, "ada")])
    real = pump_module.tell

    def tell(*args: Any, **options: Any) -> Any:
        with db.write() as conn:
            conn.execute(delete(contact))
        return real(*args, **options)

    monkeypatch.setattr(pump_module, "tell", tell)
    assert turn(db, senders(db)).skipped == 1
    assert (one(db, hello).reason, one(db, hello).address, one(db, hello).body) == ("left", None, None)


class TestServer:
    def test_a_message_arrives_with_everything_it_needs(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        content = {"subject": "Grüße, {{ contact.first_name }}", "body": "<mjml><mj-body><mj-section><mj-column>"
                   "<mj-text>Hällo {{ contact.first_name }}</mj-text></mj-column></mj-section></mj-body></mjml>",
                   "preheader": "Look & see"}  # fmt: skip
        a_journey(sqlite_db, content)
        [hello] = messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        pumped = turn(sqlite_db, channels, wall=NOW + 7)
        [letter] = server.accepted
        mail = letter.message
        row = one(sqlite_db, hello)
        assert pumped.sent == 1
        assert (row.state, row.sent_at, row.receipt) == ("sent", NOW + 7, "250 2.0.0 kept")
        assert (letter.sender, letter.recipients) == ("shop@example.com", ["ada@example.org"])
        assert (mail["From"], mail["To"], mail["Subject"]) == (
            "The Shop <shop@example.com>", "ada@example.org", "Grüße, Ada",
        )  # fmt: skip
        assert letter.message_id.startswith(f"<d.{hello}.")
        assert letter.message_id.endswith("@example.com>")
        link = mail["List-Unsubscribe"].strip("<>")
        assert read_token(purpose_key, UNSUBSCRIBE, link.rpartition("/")[2]) is not None
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        text, html = (part.get_content() for part in mail.iter_parts())
        for part in (text, html):
            assert "Hällo Ada" in part
            assert link in part
            assert "1 Main St" in part
        assert "Look &amp; see" in html
        assert all(byte < 128 for byte in letter.data)

    def test_transactional_mail_has_no_way_out(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")], purpose="transactional")
        turn(sqlite_db, channels)
        mail = server.accepted[0].message
        assert mail["List-Unsubscribe"] is None
        assert mail.get_content().strip() == "Hello, Ada!"

    def test_a_link_of_ones_own_needs_no_footer(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db, {"subject": "x", "body": "Leave: {{ unsubscribe_url }}"})
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        turn(sqlite_db, channels)
        assert "1 Main St" not in server.accepted[0].message.get_content()

    def test_a_node_may_write_in_another_name(self, sqlite_db: Database, server: MailServer, channels: Senders) -> None:
        a_journey(sqlite_db, {"subject": "x\r\nBcc: all@b.c", "body": "y", "from": "Ada <ada@shop.example>"})
        messages(sqlite_db, [a_contact(sqlite_db, "ben")])
        turn(sqlite_db, channels)
        [letter] = server.accepted
        assert (letter.sender, letter.message["From"]) == ("ada@shop.example", "Ada <ada@shop.example>")
        assert letter.message["Bcc"] is None
        assert letter.message_id.endswith("@shop.example>")

    def test_a_connection_serves_many_messages_and_many_turns(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        for visit in range(2):
            messages(sqlite_db, [a_contact(sqlite_db, f"c{visit}{n}") for n in range(20)], visit=visit)
            assert turn(sqlite_db, channels).sent == 20
        assert len({letter.message_id for letter in server.accepted}) == 40
        assert server.connections <= 2

    def test_a_connection_the_server_closed_is_opened_again(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        ada, ben = a_contact(sqlite_db, "ada"), a_contact(sqlite_db, "ben")
        messages(sqlite_db, [ada])
        turn(sqlite_db, channels)
        server.mail["shop@example.com"] = DROP
        server.hear = lambda line: None
        messages(sqlite_db, [ben], visit=1)

        class Once(dict[str, str]):
            def get(self, key: str, default: Any = None) -> Any:
                return self.pop(key, default)

        server.mail = Once({"shop@example.com": DROP})
        assert turn(sqlite_db, channels).sent == 1
        assert len(server.accepted) == 2

    @pytest.mark.parametrize(
        ("answer", "state", "is_suppressed"),
        [
            ("550 5.1.1 no such user", "failed", True),
            ("550 5.1.10 no such domain", "failed", True),
            ("550 5.7.1 blocked by policy", "failed", False),
            ("553 5.1.8 bad sender", "failed", False),
            ("550 go away", "failed", False),
            ("450 4.2.1 come back later", "pending", False),
            ("452 too many", "pending", False),
            ("421 closing", "pending", False),
        ],
    )
    def test_one_recipients_refusal_is_their_own(
        self, sqlite_db: Database, server: MailServer, channels: Senders, answer: str, state: str, is_suppressed: bool
    ) -> None:
        a_journey(sqlite_db)
        people = [a_contact(sqlite_db, f"c{n}") for n in range(5)]
        ids = messages(sqlite_db, people)
        server.rcpt["c2@example.org"] = answer
        pumped = turn(sqlite_db, channels)
        row = one(sqlite_db, ids[2])
        assert (row.state, row.error) == (state, answer)
        assert row.send_at == (NOW + 5 * MINUTE if state == "pending" else None)
        assert pumped.sent == 4
        assert sorted(letter.recipients[0] for letter in server.accepted) == [
            "c0@example.org", "c1@example.org", "c3@example.org", "c4@example.org",
        ]  # fmt: skip
        with sqlite_db.read() as conn:
            suppressed = list(conn.execute(select(suppression.c.address_key)).scalars())
        assert suppressed == (["c2@example.org"] if is_suppressed else [])

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            ("452 4.3.1 no space", "pending"),
            ("554 5.7.1 looks like spam", "failed"),
            ("552 too large", "failed"),
            (DROP, "unknown"),
        ],
    )
    def test_the_answer_to_the_message_itself_decides(
        self, sqlite_db: Database, server: MailServer, channels: Senders, answer: str, state: str
    ) -> None:
        a_journey(sqlite_db)
        [hello] = messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        server.on_data = lambda letter: answer
        turn(sqlite_db, channels)
        row = one(sqlite_db, hello)
        assert row.state == state
        assert row.error
        server.on_data = None
        before = len(server.accepted)
        turn(sqlite_db, channels, now=NOW + 5 * MINUTE)
        assert len(server.accepted) - before == (1 if state == "pending" else 0)

    def test_what_was_tried_before_keeps_its_words(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        who = a_contact(sqlite_db, "ada")
        [hello] = messages(sqlite_db, [who])
        server.on_data = lambda letter: "451 later"
        turn(sqlite_db, channels)
        first = one(sqlite_db, hello).body
        server.on_data = None
        set_contact(sqlite_db, who, fields={"first_name": "Augusta"})
        turn(sqlite_db, channels, now=NOW + 5 * MINUTE)
        assert server.accepted[0].message.get_content().startswith(first)

    def test_an_opt_out_while_the_message_waits_at_the_server_holds(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        who = a_contact(sqlite_db, "ada")
        [hello] = messages(sqlite_db, [who])
        server.hear = lambda line: set_contact(sqlite_db, who, unsubscribed=True)
        assert turn(sqlite_db, channels).skipped == 1
        assert (one(sqlite_db, hello).reason, server.accepted) == ("unsubscribed", [])

    def test_an_address_that_is_none_fails_by_itself(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        addresses = ["no address", "a@b@c", "a@b.c\r\nRCPT TO:<x@y.z>", "ä" * 300 + "@b.c", "a..b@", "good@b.c"]
        ids = messages(sqlite_db, [a_contact(sqlite_db, f"c{n}", email=text) for n, text in enumerate(addresses)])
        turn(sqlite_db, channels)
        assert [one(sqlite_db, which).state for which in ids] == ["failed"] * 5 + ["sent"]
        assert [letter.recipients for letter in server.accepted] == [["good@b.c"]]

    def test_addresses_in_other_scripts_arrive_where_the_server_can(
        self, sqlite_db: Database, server: MailServer, channels: Senders
    ) -> None:
        a_journey(sqlite_db)
        people = [
            a_contact(sqlite_db, "a", email="zoë@example.org"),
            a_contact(sqlite_db, "b", email="b@bücher.example"),
        ]
        messages(sqlite_db, people)
        turn(sqlite_db, channels)
        assert sorted(letter.recipients[0] for letter in server.accepted) == [
            "b@xn--bcher-kva.example", "zoë@example.org",
        ]  # fmt: skip


def test_a_server_without_smtputf8_gets_what_it_can_take(sqlite_db: Database) -> None:
    a_journey(sqlite_db)
    people = [a_contact(sqlite_db, "a", email="zoë@example.org"), a_contact(sqlite_db, "b")]
    messages(sqlite_db, people)
    with a_mail_server(enable_SMTPUTF8=False) as server:
        use_server(sqlite_db, server.port)
        channels = senders(sqlite_db)
        turn(sqlite_db, channels)
        channels.close()
    assert states(sqlite_db) == ["failed", "sent"]


class TestDeadServer:
    def test_nothing_is_lost_and_nothing_spins(self, sqlite_db: Database) -> None:
        db = sqlite_db
        a_journey(db)
        ids = messages(db, [a_contact(db, f"c{n}") for n in range(3)])
        with a_mail_server() as server:
            port = server.port
        use_server(db, port)
        channels = senders(db)
        pumped = turn(db, channels)
        assert (pumped.claimed, pumped.deferred, pumped.sent) == (3, 3, 0)
        assert {one(db, which).state for which in ids} == {"pending"}
        assert f"127.0.0.1:{port}" in one(db, ids[0]).error
        assert one(db, ids[0]).tries == 0
        assert turn(db, channels, now=NOW + 14_000, wall=NOW + 14_000).claimed == 0
        assert turn(db, channels, now=NOW + 15_000, wall=NOW + 15_000).claimed == 3
        assert turn(db, channels, now=NOW + 44_000, wall=NOW + 44_000).claimed == 0
        with a_mail_server(port=port) as again:
            assert turn(db, channels, now=NOW + 45_000, wall=NOW + 45_000).sent == 3
            assert len(again.accepted) == 3
            channels.close()

    @pytest.mark.parametrize("answer", ["550 5.7.1 you may not send here", "530 log in first", "421 too busy"])
    def test_a_server_that_does_not_take_us_is_not_the_contacts_fault(
        self, sqlite_db: Database, server: MailServer, channels: Senders, answer: str
    ) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, f"c{n}") for n in range(3)])
        server.mail["shop@example.com"] = answer
        assert turn(sqlite_db, channels).deferred == 3
        assert states(sqlite_db) == ["pending"] * 3
        assert answer in one(sqlite_db, 1).error

    def test_without_a_sender_nothing_is_lost(self, sqlite_db: Database, server: MailServer) -> None:
        use_server(sqlite_db, server.port, from_email="")
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        turn(sqlite_db, senders(sqlite_db))
        assert (states(sqlite_db), "no address to send from" in one(sqlite_db, 1).error) == (["pending"], True)


class TestSecurity:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> tuple[Path, Path]:
        return a_certificate(tmp_path)

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_tls_and_login(self, sqlite_db: Database, certificate: tuple[Path, Path], security: str) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        trusted = ssl.create_default_context(cafile=str(certificate[0]))
        passwords = {"shop": "open sesame"}
        with a_mail_server(certificate=certificate, is_tls=security == "tls", passwords=passwords) as server:
            use_server(sqlite_db, server.port, security=security, username="shop", password="open sesame")
            channels = senders(sqlite_db, context=trusted)
            assert turn(sqlite_db, channels).sent == 1
            assert server.logins == ["shop"]
            channels.close()

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_certificate_nobody_vouches_for_is_refused(
        self, sqlite_db: Database, certificate: tuple[Path, Path], security: str
    ) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        with a_mail_server(certificate=certificate, is_tls=security == "tls") as server:
            use_server(sqlite_db, server.port, security=security)
            turn(sqlite_db, senders(sqlite_db))
        assert states(sqlite_db) == ["pending"]
        assert "secure connection" in one(sqlite_db, 1).error

    def test_a_server_without_starttls_gets_no_plain_text(self, sqlite_db: Database, server: MailServer) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        use_server(sqlite_db, server.port, security="starttls", username="shop", password="secret")
        turn(sqlite_db, senders(sqlite_db))
        assert (server.accepted, states(sqlite_db)) == ([], ["pending"])
        assert "STARTTLS" in one(sqlite_db, 1).error

    def test_a_wrong_password_says_so_and_is_not_shown(self, sqlite_db: Database) -> None:
        a_journey(sqlite_db)
        messages(sqlite_db, [a_contact(sqlite_db, "ada")])
        with a_mail_server(passwords={"shop": "right"}) as server:
            use_server(sqlite_db, server.port, username="shop", password="wrong-password")
            turn(sqlite_db, senders(sqlite_db))
        error = one(sqlite_db, 1).error
        assert "535" in error
        assert "wrong-password" not in error


def test_on_sample_time_nothing_leaves_whatever_is_set_up(sqlite_db: Database, server: MailServer) -> None:
    db = sqlite_db
    use_server(db, server.port)
    with db.write() as conn:
        conn.execute(update(workspace).values(mode="sample"))
    a_journey(db)
    [hello] = messages(db, [a_contact(db, "ada")], at=1000, send_at=1000)
    assert turn(db, senders(db), now=2000, wall=NOW).sent == 1
    assert (one(db, hello).sent_at, server.connections) == (2000, 0)


@pytest.mark.slow
def test_the_inbox_takes_thousands_a_second(sqlite_db: Database) -> None:
    db = sqlite_db
    a_journey(db)
    messages(db, [a_contact(db, f"c{n}") for n in range(50)] * 60)
    channels = senders(db)
    started = time.process_time()
    while turn(db, channels).claimed:
        pass
    assert 3_000 / (time.process_time() - started) > 1_000
    assert set(states(db)) == {"sent"}
