"""How often one browser may speak: a small burst, then a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable

BURST = 20
PER_SECOND = 5.0


class Allowance:
    """A bucket of tokens; each event takes one."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._tokens = float(BURST)
        self._at = monotonic()

    def take(self) -> bool:
        """Whether one more event is allowed now."""
        now = self._monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._at) * PER_SECOND)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
