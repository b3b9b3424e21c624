"""What stands in a letter, and in the links inside it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from backend.channels.channel import Rejected, Unreachable
from backend.channels.email.compose import Mail, compose
from backend.channels.email.mime import Letterhead, envelope, mailbox
from backend.channels.links import UNSUBSCRIBE, Place, message_id, read_token, token
from backend.core.message.template import Rendered
from tests.channels.outgoing import purpose_key

LINK = "https://app.example.org/t/u/1-2-abc"
SHOP = Letterhead("The Shop", "shop@example.com")


def write(mail: Mail, *, letterhead: Letterhead = SHOP, link: str | None = None) -> bytes:
    return envelope(
        mail, letterhead=letterhead, recipient="ada@example.org", message_id="<d.1.ab@example.com>", date_ms=0,
        unsubscribe_url=link,
    ).data  # fmt: skip


class TestTokens:
    def test_a_token_names_its_place_and_nothing_else(self) -> None:
        made = token(purpose_key, UNSUBSCRIBE, Place(2**62, 255))
        assert read_token(purpose_key, UNSUBSCRIBE, made) == Place(2**62, 255)
        assert read_token(purpose_key, "click", made) is None
        assert read_token(lambda name: b"other", UNSUBSCRIBE, made) is None

    @pytest.mark.parametrize("text", ["", "-", "--", "1-2-", "x-2-abc", "1-2-ü", "1-2", "1-2-3-4", "²-1-x", "1" * 40])
    def test_anything_else_is_no_token(self, text: str) -> None:
        assert read_token(purpose_key, UNSUBSCRIBE, text) is None

    def test_every_other_place_with_the_same_mac_is_refused(self) -> None:
        mac = token(purpose_key, UNSUBSCRIBE, Place(1, 2)).split("-", 2)[2]
        for named in ("1-3", "2-2", "01-2", "12-"):
            assert read_token(purpose_key, UNSUBSCRIBE, f"{named}-{mac}") is None

    def test_a_message_has_one_id_for_good(self) -> None:
        first, again = (message_id(purpose_key, 7, "example.com") for _ in range(2))
        assert first == again
        assert first.startswith("<d.7.")
        assert message_id(purpose_key, 8, "example.com")[5:] != first[5:]


class TestParts:
    def test_a_footer_stands_inside_the_html(self) -> None:
        rendered = Rendered("s", "<html><body><p>Hi</p></BODY></html>", "", "html")
        mail = compose(rendered, unsubscribe_url=LINK, postal_address="1 Main St\n<Town>")
        assert mail.html is not None
        assert mail.html.endswith("</div></BODY></html>")
        assert "1 Main St<br>&lt;Town&gt;" in mail.html
        assert mail.text.endswith(f"--\nUnsubscribe: {LINK}\n1 Main St\n<Town>\n")

    def test_transactional_mail_stays_as_written(self) -> None:
        mail = compose(Rendered("s", "Hi", "", "text"), unsubscribe_url=None, postal_address="1 Main St")
        assert (mail.text, mail.html) == ("Hi", None)

    def test_a_text_part_stands_first_and_html_second(self) -> None:
        parsed = message_from_bytes(write(Mail("s", "text", "<p>html</p>")), policy=default)
        assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]

    def test_only_marketing_says_how_to_leave(self) -> None:
        assert b"List-Unsubscribe" not in write(Mail("s", "t", None))
        data = write(Mail("s", "t", None), link=LINK)
        assert f"List-Unsubscribe: <{LINK}>\r\n".encode() in data
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data

    def test_long_links_are_not_broken(self) -> None:
        link = "https://" + "a" * 60 + ".example.org/t/u/" + "b" * 200
        parsed = message_from_bytes(write(Mail("s", "t", None), link=link), policy=default)
        assert parsed["List-Unsubscribe"] == f"<{link}>"

    @pytest.mark.parametrize("breaker", ["\r\nBcc: x@y.z", "\nBcc: x@y.z", "\rBcc: x@y.z", "\u2028Bcc: x@y.z", "\x00"])
    def test_no_header_can_be_smuggled_in(self, breaker: str) -> None:
        data = write(Mail(f"s{breaker}", "t", None), letterhead=Letterhead(f"n{breaker}", "shop@example.com"))
        parsed = message_from_bytes(data, policy=default)
        assert parsed["Bcc"] is None
        assert [name for name in parsed.keys() if name == "Subject"] == ["Subject"]  # noqa: SIM118

    def test_lines_are_short_and_plain(self) -> None:
        data = write(Mail("ä" * 300, "ä" * 5_000 + "\n" + "x" * 5_000, "<p>" + "ö" * 5_000 + "</p>"))
        assert max(len(line) for line in data.split(b"\r\n")) <= 998
        assert data.isascii()
        assert b"\n" not in data.replace(b"\r\n", b"")


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        ["", "a", "a@", "@b.c", "a@b@c", "a b@c.d", "a@b c", "a@b.c\r\nRCPT TO:<x@y.z>", "<a@b.c>", "a,b@c.d", "a@..",
         "a..b@c.d", ".a@b.c", "a@" + "x" * 70 + ".org", "x" * 260 + "@b.c", 'a"@b.c'],
    )  # fmt: skip
    def test_what_is_no_address_is_refused(self, address: str) -> None:
        with pytest.raises(Rejected):
            mailbox(address)

    @pytest.mark.parametrize(
        ("address", "wire"),
        [
            ("a+b@c.org", "a+b@c.org"),
            (" a@b.c ", "a@b.c"),
            ("a@bücher.de", "a@xn--bcher-kva.de"),
            ("zoë@b.c", "zoë@b.c"),
        ],
    )
    def test_what_is_one_is_ready_for_the_wire(self, address: str, wire: str) -> None:
        assert mailbox(address) == wire

    def test_a_sender_that_is_none_is_the_channels_fault(self) -> None:
        with pytest.raises(Unreachable):
            write(Mail("s", "t", None), letterhead=Letterhead("x", "nobody"))

    def test_a_node_that_names_no_sender_leaves_the_settings(self) -> None:
        assert SHOP.overruled_by("") == SHOP
        assert SHOP.overruled_by("Ada <ada@b.c>") == Letterhead("Ada", "ada@b.c")
        assert SHOP.overruled_by("ada@b.c") == Letterhead("The Shop", "ada@b.c")
