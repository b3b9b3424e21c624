"""What becomes known of an address: one that does not exist is written to no more."""

from __future__ import annotations

import re

from sqlalchemy import Connection, insert, select

from backend.db.tables import contact, message, suppression

# RFC 3463: x.1.y is about addresses; 7 and 8 are about the sender's own, which is not the contact's fault.
_BAD_ADDRESS = re.compile(r"\b5\.1\.(?!7\b|8\b)[0-9]{1,3}\b")


def is_bad_address(answer: str) -> bool:
    """The server's answer says that there is no such mailbox."""
    return _BAD_ADDRESS.search(answer) is not None


def suppress(conn: Connection, message_id: int, now_ms: int, *, reason: str = "bounced") -> None:
    """Write no more to the address of this message's contact."""
    key = conn.execute(
        select(contact.c.email_key)
        .join(message, message.c.contact_id == contact.c.id)
        .where(message.c.id == message_id, contact.c.email_key.is_not(None))
    ).scalar()
    known = select(suppression.c.address_key).where(suppression.c.address_key == key)
    if key is not None and conn.execute(known).first() is None:
        conn.execute(insert(suppression).values(address_key=key, reason=reason, created_at=now_ms))
