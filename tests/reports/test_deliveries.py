"""What became of a journey's messages, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from backend.db import tables as t
from backend.reports.deliveries import delivery_counts
from tests.support.builder import a_journey
from tests.support.town import Town

TWO_MAILS = a_journey("Two mails").on("Signed Up").sends("hello").waits(days=1).sends("bye").build()


def counts(town: Town, journey: int) -> dict[str, Any]:
    with town.db.read() as conn:
        return delivery_counts(conn, journey)


def becomes(town: Town, messages: list[int], **values: Any) -> None:
    with town.db.write() as conn:
        conn.execute(update(t.message).where(t.message.c.id.in_(messages)).values(**values))


@pytest.fixture
def journey(town: Town) -> int:
    """Eight people; one message for each of them is ready at the first node."""
    journey = town.publish(TWO_MAILS)
    town.happen("Signed Up", town.people(8))
    town.tick()
    return journey


@pytest.fixture
def hellos(town: Town, journey: int) -> list[int]:
    with town.db.read() as conn:
        return list(conn.execute(select(t.message.c.id).order_by(t.message.c.id)).scalars())


def test_without_messages_there_is_nothing_to_tell(town: Town) -> None:
    assert counts(town, town.publish(TWO_MAILS)) == {"nodes": {}, "reasons": []}


def test_each_send_node_has_its_own_counts(town: Town, journey: int, hellos: list[int]) -> None:
    becomes(town, hellos, state="sent")
    town.pass_time(days=1)
    assert counts(town, journey)["nodes"] == {
        "hello": {"sent": 8, "opened": 0, "clicked": 0},
        "bye": {"pending": 8, "opened": 0, "clicked": 0},
    }


def test_opened_and_clicked_are_counted_over_all_states(town: Town, journey: int, hellos: list[int]) -> None:
    becomes(town, hellos[:5], state="sent", sent_at=town.now)
    becomes(town, hellos[5:7], state="delivered", sent_at=town.now)
    becomes(town, hellos[3:7], opened_at=town.now)
    becomes(town, hellos[6:7], clicked_at=town.now)
    assert counts(town, journey)["nodes"]["hello"] == {
        "sent": 5, "delivered": 2, "pending": 1, "opened": 4, "clicked": 1,
    }  # fmt: skip


def test_reasons_are_told_the_most_frequent_first(town: Town, journey: int, hellos: list[int]) -> None:
    becomes(town, hellos[:3], state="skipped", reason="unsubscribed")
    becomes(town, hellos[3:4], state="skipped", reason="no_address")
    becomes(town, hellos[4:6], state="failed", error="550 No such mailbox")
    becomes(town, hellos[6:7], state="unknown", error=None)
    assert counts(town, journey)["reasons"] == [
        {"node": "hello", "state": "skipped", "reason": "unsubscribed", "n": 3},
        {"node": "hello", "state": "failed", "reason": "550 No such mailbox", "n": 2},
        {"node": "hello", "state": "skipped", "reason": "no_address", "n": 1},
        {"node": "hello", "state": "unknown", "reason": None, "n": 1},
    ]


def test_a_message_put_off_needs_no_reason_yet(town: Town, journey: int, hellos: list[int]) -> None:
    becomes(town, hellos, error="451 Try again later")
    assert counts(town, journey)["reasons"] == []


def test_messages_of_older_versions_count_too_and_other_journeys_do_not(town: Town, journey: int) -> None:
    other = town.publish(a_journey("Other").on("Looked").sends("hello").build())
    town.publish(a_journey("Two mails").on("Signed Up").sends("hello").build(), journey)
    people = town.people(2)
    town.happen("Signed Up", people)
    town.happen("Looked", people[:1])
    town.tick()
    assert counts(town, journey)["nodes"]["hello"]["pending"] == 10
    assert counts(town, other)["nodes"]["hello"]["pending"] == 1
