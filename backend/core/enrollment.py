"""The states of a passage and of a message, and the legal moves between them."""

from __future__ import annotations

from enum import IntEnum


class Passage(IntEnum):
    """State of an enrollment, stored as a small integer. Everything but INSIDE is final."""

    INSIDE = 0
    COMPLETED = 1
    EXITED = 2
    FAILED = 3


ENDED_REST = -1
"""The `rest` of a passage that is over."""

MESSAGE_MOVES: dict[str, tuple[str, ...]] = {
    "pending": ("sending", "skipped", "failed"),
    "sending": ("pending", "data", "sent", "failed", "skipped"),
    "data": ("sent", "pending", "failed", "unknown"),
    "unknown": ("sent", "pending", "failed", "delivered", "bounced"),
    "sent": ("delivered", "bounced", "complained"),
    "delivered": ("bounced", "complained"),
    "bounced": (),
    "complained": (),
    "failed": ("pending", "sent"),
    "skipped": (),
}
"""From -> to. `pending` after `failed` and `unknown` is a person's decision, never the machine's."""

SKIP_REASONS = ("no_address", "unsubscribed", "suppressed", "cap", "left")
