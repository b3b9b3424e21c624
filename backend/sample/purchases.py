"""The shop's purchases, in the order they happened. Source: README.md beside this file."""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from backend.db.types import iso, to_ms

EVENT = "Order Completed"
FROM_MS = to_ms(datetime(1997, 1, 1, tzinfo=UTC))
UNTIL_MS = to_ms(datetime(1998, 7, 1, tzinfo=UTC))  # the day after the last purchase


@dataclass(frozen=True)
class Purchase:
    """One order; `at_ms` is midnight UTC of its day, `amount` is in US dollars."""

    order_id: str
    user_id: str
    at_ms: int
    quantity: int
    amount: float

    def as_track_call(self) -> dict[str, Any]:
        """The Segment `track` call that tells of it; sending it twice stores it once."""
        return {
            "type": "track",
            "messageId": self.order_id,
            "userId": self.user_id,
            "event": EVENT,
            "timestamp": iso(self.at_ms),
            "properties": {"order_id": self.order_id, "quantity": self.quantity, "amount": self.amount},
        }


@cache
def purchases() -> tuple[Purchase, ...]:
    """All of them, by day, then as the file has them."""
    text = files("backend.sample").joinpath("cdnow_sample.csv").read_text(encoding="utf-8")
    return tuple(
        Purchase(
            order_id=f"cdnow-{number:05d}",
            user_id=row["customer_id"],
            at_ms=to_ms(datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)),
            quantity=int(row["quantity"]),
            amount=float(row["amount"]),
        )
        for number, row in enumerate(csv.DictReader(text.splitlines()), start=1)
    )


@cache
def _instants() -> tuple[int, ...]:
    return tuple(purchase.at_ms for purchase in purchases())


def between(first_ms: int, last_ms: int) -> tuple[Purchase, ...]:
    """The purchases at first_ms <= t <= last_ms, both ends included."""
    return purchases()[bisect_left(_instants(), first_ms) : bisect_right(_instants(), last_ms)]


def played_by(now_ms: int) -> int:
    """How many purchases had happened by then."""
    return bisect_right(_instants(), now_ms)
