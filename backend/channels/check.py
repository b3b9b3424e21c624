"""Does the channel work? One plain message to whoever set it up, outside every journey."""

from __future__ import annotations

import os

from backend.channels.channel import NotDelivered
from backend.channels.email.compose import Mail
from backend.channels.email.mime import envelope
from backend.channels.senders import Senders

SUBJECT = "Sojourn can send"
TEXT = "This is a test. If you can read it, Sojourn reaches people by e-mail.\n"


def try_out(senders: Senders, to: str, *, now_ms: int) -> tuple[bool, str]:
    """(it went well, what the server said or why not). In the test inbox nothing leaves, and the answer says so."""
    channel, letterhead = senders.email()
    if channel.is_inbox:
        return True, "Messages stay in the test inbox; nothing leaves until a server is set up."
    try:
        letter = envelope(
            Mail(SUBJECT, TEXT, None),
            letterhead=letterhead,
            recipient=to,
            message_id=f"<t.{os.urandom(8).hex()}@{letterhead.domain}>",
            date_ms=now_ms,
        )
        return True, channel.deliver(letter, lambda: True).text
    except NotDelivered as trouble:
        return False, str(trouble)
