"""The bytes of an e-mail, and nothing in a header that somebody else could have broken a line in.

RFC 8058: marketing mail says how to leave it, to programs (one POST) as well as to people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from backend.channels.channel import Envelope, Rejected, Unreachable
from backend.channels.email.compose import Mail
from backend.db.types import from_ms

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\()\[\]\x00-\x1f]+@[^@\s<>,;:\"\\()\[\]\x00-\x1f]+\Z")
ADDRESS_CHARS_MAX = 254


@dataclass(frozen=True)
class Letterhead:
    """Who writes: from the channel's settings, or from the node."""

    from_name: str
    from_email: str
    reply_to: str = ""

    @property
    def domain(self) -> str:
        return ascii_domain(self.from_email.rpartition("@")[2]) or "localhost"

    def overruled_by(self, sender: str | None) -> Letterhead:
        """The same with another `Name <address>` in front, where a node names one."""
        name, address = parseaddr(one_line(sender or ""))
        if not _ADDRESS.match(address):
            return self
        return Letterhead(name or self.from_name, address, self.reply_to)


def envelope(
    mail: Mail,
    *,
    letterhead: Letterhead,
    recipient: str,
    message_id: str,
    date_ms: int,
    unsubscribe_url: str | None = None,
) -> Envelope:
    """The message, ready to leave. Raises Rejected for an address that is none, Unreachable when ours is none."""
    to = mailbox(recipient)
    try:
        sender, reply_to = mailbox(letterhead.from_email), letterhead.reply_to and mailbox(letterhead.reply_to)
    except Rejected:
        raise Unreachable("The settings for e-mail name no address to send from.") from None
    needs_utf8 = not (to.isascii() and sender.isascii())
    made = EmailMessage(policy=SMTP.clone(utf8=needs_utf8, cte_type="7bit"))
    made["From"] = _named(sender, one_line(letterhead.from_name))
    made["To"] = _named(to)
    if reply_to:
        made["Reply-To"] = _named(reply_to)
    made["Subject"] = one_line(mail.subject)
    made["Date"] = format_datetime(from_ms(date_ms))
    made["Message-ID"] = message_id
    if unsubscribe_url is not None:
        made["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(_storable(mail.text))
    if mail.html is not None:
        made.add_alternative(_storable(mail.html), subtype="html")
        made.set_boundary("=_" + re.sub(r"[^A-Za-z0-9.]", "", message_id)[:60])
    return Envelope(sender, to, made.as_bytes(), needs_utf8)


def _named(address: str, name: str = "") -> Address:
    """Not by addr_spec: the standard library's parser takes no letters beyond ASCII."""
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def mailbox(address: str) -> str:
    """The address as it goes over the wire, its domain in ASCII. Raises Rejected for one that is none."""
    plain = address.strip()
    local, _, domain = plain.rpartition("@")
    encoded = ascii_domain(domain)
    is_plain = _ADDRESS.match(plain) is not None and len(plain) <= ADDRESS_CHARS_MAX
    if not is_plain or encoded is None or local.startswith(".") or local.endswith(".") or ".." in plain:
        raise Rejected("This is not an e-mail address.")
    return f"{local}@{encoded}"


def ascii_domain(domain: str) -> str | None:
    """The domain as name servers know it, or None."""
    try:
        return domain.encode("idna").decode() or None
    except UnicodeError:
        return None


def one_line(text: str) -> str:
    """Text that stays inside its header."""
    return _BREAKS.sub(" ", text).strip()


def _storable(text: str) -> str:
    """Without what no charset can carry."""
    return text.encode("utf-8", "replace").decode()
