"""What the doors may reach: one value that boot fills and every blueprint reads with `parts()`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from backend.accounts.secrets import Secrets
from backend.db.connect import Database
from backend.settings import Settings


def wall_ms() -> int:
    """Now by the wall; sessions and keys live by it, whatever the workspace's clock says."""
    return time.time_ns() // 1_000_000


def _nothing(*_: Any) -> None:
    """The hook of an app without a clock or a canvas (commands, tests)."""


@dataclass
class Parts:
    """The joined parts, as the doors see them.

    now_ms:   the engine's now, by the workspace's clock (sample time while it plays the sample).
    wake:     the clock looks again at once; call it after a commit that stored events, enrolled somebody or left a
              message to send. Harmless when called for nothing.
    announce: (name, data) to the browsers, where name is one of the live contract's: message, task, import, journey,
              sample. A `journey` key in data picks the room; without it everybody hears. Call it after the commit.
    engine:   moves people; only for enrolling by hand, the clock does the rest.
    tell_moved: hand it what `engine` answered, so that the browsers see it.
    recheck:  look again who may listen; call it when a session ended before its time.
    seq_of:   the number of the last `flow` document announced for a journey.
    senders:  which channel sends just now (channels.senders).
    player:   plays the sample (see scheduling.player); None where nothing can play.
    health:   what the clock says of itself; empty when there is none.
    """

    settings: Settings
    db: Database
    secrets: Secrets
    now_ms: Callable[[], int] = wall_ms
    wake: Callable[[], None] = _nothing
    announce: Callable[[str, dict[str, Any]], None] = _nothing
    engine: Any = None
    tell_moved: Callable[[Any], None] = _nothing
    recheck: Callable[[], None] = _nothing
    seq_of: Callable[[int], int] = lambda journey_id: 0
    senders: Any = None
    player: Any = None
    health: Callable[[], dict[str, Any]] = dict


def parts() -> Parts:
    """The parts of the app that answers this request."""
    joined: Parts = current_app.extensions["sojourn"]
    return joined
