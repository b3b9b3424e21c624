"""The contract of a channel: how a message leaves, and every way in which it may not.

A channel takes messages one by one (`deliver`), or says `is_inbox` and is never asked: what it stands for is our own
table. Each failure says how far it got, because that alone decides whether the message may be tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

ERROR_CHARS_MAX = 500


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message, ready to leave. data: its bytes as they go over the wire."""

    sender: str
    recipient: str
    data: bytes
    needs_utf8: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side took the message over; `text` is its answer."""

    text: str


class NotDelivered(Exception):
    """The message did not leave, or nobody knows; the text says why, in words for people."""


class Unreachable(NotDelivered):
    """The channel itself does not work just now (no connection, wrong password): it is nobody's message's fault."""


class Deferred(NotDelivered):
    """Not now: the same message may be taken later."""


class Rejected(NotDelivered):
    """Never. is_bad_address: there is no such mailbox, so nothing more should be sent there."""

    def __init__(self, text: str, *, is_bad_address: bool = False) -> None:
        super().__init__(text)
        self.is_bad_address = is_bad_address


class Withheld(NotDelivered):
    """`may_leave` said no at the last moment."""


class Doubtful(NotDelivered):
    """It was handed over and no answer came: it may have arrived or not."""


class Channel(Protocol):
    """A way out."""

    is_inbox: bool
    workers: int  # how many messages it takes at once

    def wait_ms(self, wall_ms: int) -> int:
        """How long it rests after a failure of its own; 0 when it may be used."""
        ...

    def rest(self, wall_ms: int) -> int:
        """It turned out to be unreachable: rest, longer each time. Milliseconds."""
        ...

    def deliver(self, envelope: Envelope, may_leave: Callable[[], bool]) -> Receipt:
        """Hand the message over. `may_leave` is asked once, when all that is left is the message itself.

        Raises: Unreachable, Deferred, Rejected, Withheld, Doubtful.
        """
        ...


def words(text: str | bytes) -> str:
    """An answer of a stranger's server as text that can be stored and shown: one line, printable, not too long."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return "".join(letter if letter.isprintable() else " " for letter in shown)[:ERROR_CHARS_MAX].strip()
