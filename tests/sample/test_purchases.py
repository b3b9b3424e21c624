"""The shop's purchases, as their source has them."""

from __future__ import annotations

from datetime import UTC, datetime

from backend.db.types import from_ms, to_ms
from backend.sample.purchases import FROM_MS, UNTIL_MS, between, played_by, purchases

DAY = 86_400_000


def test_there_are_6919_purchases_of_2357_customers() -> None:
    assert len(purchases()) == 6919
    assert len({purchase.user_id for purchase in purchases()}) == 2357


def test_they_come_in_the_order_they_happened_at_midnight() -> None:
    instants = [purchase.at_ms for purchase in purchases()]
    assert instants == sorted(instants)
    assert all(instant % DAY == 0 for instant in instants)
    assert (from_ms(instants[0]), from_ms(instants[-1])) == (
        datetime(1997, 1, 1, tzinfo=UTC),
        datetime(1998, 6, 30, tzinfo=UTC),
    )


def test_every_order_has_an_id_of_its_own() -> None:
    assert len({purchase.order_id for purchase in purchases()}) == 6919


def test_a_purchase_is_told_as_a_track_call() -> None:
    assert purchases()[0].as_track_call() == {
        "type": "track",
        "messageId": "cdnow-00001",
        "userId": "00004",
        "event": "Order Completed",
        "timestamp": "1997-01-01T00:00:00.000Z",
        "properties": {"order_id": "cdnow-00001", "quantity": 2, "amount": 29.33},
    }


def test_between_takes_both_ends() -> None:
    second = to_ms(datetime(1997, 1, 2, tzinfo=UTC))
    first_day = between(FROM_MS, FROM_MS)
    assert {purchase.at_ms for purchase in first_day} == {FROM_MS}
    assert {purchase.at_ms for purchase in between(FROM_MS, second)} == {FROM_MS, second}
    assert between(FROM_MS + 1, second - 1) == ()
    assert len(between(FROM_MS, UNTIL_MS)) == 6919


def test_what_was_played_by_an_instant_is_counted() -> None:
    assert played_by(FROM_MS - 1) == 0
    assert played_by(FROM_MS) == len(between(FROM_MS, FROM_MS))
    assert played_by(UNTIL_MS) == 6919
