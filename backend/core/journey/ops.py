"""The ops: the few instructions every node kind lowers itself to.

Kinds are many and open, ops are few and closed: a kind's module turns its config into one of these, the compiler
joins them into rests and legs, the engine knows nothing else. Match them exhaustively (`case _: assert_never(op)`).
Ports are those of the node; `next` where the op has one way out. Durations are whole milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.core.segment.rule import Rule


@dataclass(frozen=True)
class StartOnEvent:
    """A trigger: an event of that name (and `where`) starts a passage."""

    event: str
    where: Rule | None


@dataclass(frozen=True)
class StartByHand:
    """A trigger that only `enroll` fires."""


@dataclass(frozen=True)
class HoldFor:
    """Rest for a fixed time, then leave by `next`."""

    duration_ms: int


@dataclass(frozen=True)
class HoldForEvent:
    """Rest until the event (`happened`) or the time is up (`timeout`; no such port when timeout_ms is None)."""

    event: str
    where: Rule | None
    timeout_ms: int | None
    since: str  # "wait" | "entry"


@dataclass(frozen=True)
class Choose:
    """Leave by the port of the first rule that holds, else by `else`."""

    arms: tuple[tuple[str, Rule], ...]  # (port, rule)


@dataclass(frozen=True)
class Split:
    """Leave by a port drawn by share; shares are hundredths of a percent and sum to 10,000."""

    arms: tuple[tuple[str, int], ...]  # (port, share)


@dataclass(frozen=True)
class Send:
    """Make one message on the channel, then go on by `next`. `content` is the node's own config, rendered at claim."""

    channel: str  # "email"
    purpose: str  # "marketing" | "transactional"
    content: dict[str, Any]


@dataclass(frozen=True)
class Update:
    """Set fields of the contact (built-in or custom; None removes), then go on by `next`."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Tag:
    """Add, then remove tags, then go on by `next`."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True)
class End:
    """The passage is completed here."""


Op = StartOnEvent | StartByHand | HoldFor | HoldForEvent | Choose | Split | Send | Update | Tag | End
