"""The test inbox: messages stay in our own table, where the app shows them as the contact would see them."""

from __future__ import annotations

from collections.abc import Callable

from backend.channels.channel import Envelope, Receipt


class Inbox:
    """Takes everything, at once; nothing leaves the machine."""

    is_inbox = True
    workers = 1
    ANSWER = "kept in the test inbox"

    def wait_ms(self, wall_ms: int) -> int:
        return 0

    def rest(self, wall_ms: int) -> int:
        return 0

    def deliver(self, envelope: Envelope, may_leave: Callable[[], bool]) -> Receipt:
        return Receipt(self.ANSWER)
