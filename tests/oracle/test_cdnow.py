"""A record shop's real purchases: the one case whose numbers are known from outside.

Source: the CDNOW sample of Fader & Hardie (2001), as the sample workspace has it.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from tests.oracle.files import read_rows
from tests.oracle.interpreter import replay
from tests.oracle.moments import instant_of
from tests.oracle.stories import end, journey, on, send, wait_for

PURCHASES = Path(__file__).parents[2] / "backend" / "sample" / "cdnow_sample.csv"
DAYS_90 = {"amount": 90, "unit": "days"}


def midnight(day: str) -> int:
    instant = instant_of(day, UTC)
    assert instant is not None
    return instant


@pytest.mark.slow
def test_win_back_after_ninety_days_comes_out_as_the_record_shop_knows_it() -> None:
    rows = read_rows(PURCHASES)
    document = journey(
        on("Order Completed", "wait"),
        wait_for("wait", "Order Completed", timeout="hello", happened="done"),
        send("hello", "done"),
        end(),
        reentry={"allow": "after_exit"},
    )
    document["nodes"][1]["config"]["timeout"] = DAYS_90
    outcome = replay(
        document,
        [{"user_id": user_id, "email": f"{user_id}@shop.example"} for user_id in {row["customer_id"] for row in rows}],
        [
            {"user_id": row["customer_id"], "event": "Order Completed", "at_ms": midnight(row["date"])}
            for row in rows
        ],
        start_ms=midnight("1997-01-01"),
        until_ms=midnight("1998-07-01"),
    )  # fmt: skip
    assert outcome.flow["outcomes"]["entered"] == 6919
    assert len(outcome.messages) == 3145
    assert {message[6] for message in outcome.messages} == {"sent"}
    assert outcome.flow["edges"]["wait:happened"] == 3477
    assert outcome.flow["outcomes"]["inside"] == outcome.flow["nodes"]["wait"]["inside"] == 297
