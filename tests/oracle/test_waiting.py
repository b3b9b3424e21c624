from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.stories import at, by_hand, end, journey, live, on, path, pause, wait_for


def awaiting(after: int = 0, **config: Any) -> dict[str, Any]:
    late = {"timeout": "late"} if after else {}
    return journey(
        on("Order", "wait"),
        wait_for("wait", "View", happened="done", after=after, **late, **config),
        end(),
        end("late"),
    )


@pytest.mark.parametrize(
    ("amount", "unit", "arrival"),
    [(36, "seconds", "0.01"), (90, "minutes", "1.5"), (3, "hours", "3"), (1, "days", "24"), (1, "weeks", "168")],
)
def test_units_are_fixed_lengths(amount: int, unit: str, arrival: str) -> None:
    document = journey(on("Order", "pause"), pause("pause", 1, "done"), end())
    document["nodes"][1]["config"]["duration"] = {"amount": amount, "unit": unit}
    assert path(live(document, at(0, "Order"), until=200)).endswith(f"done {arrival}")


def test_a_wait_is_due_its_length_after_the_arrival() -> None:
    document = journey(on("Order", "first"), pause("first", 2, "second"), pause("second", 3, "done"), end())
    assert path(live(document, at(1.5, "Order"))) == "start 1.5 next, first 1.5 next, second 3.5 next, done 6.5"


def test_what_is_due_at_the_end_is_done_and_what_is_due_later_is_not() -> None:
    document = journey(on("Order", "pause"), pause("pause", 2, "done"), end())
    assert path(live(document, at(1, "Order"), until=3)) == "start 1 next, pause 1 next, done 3"
    assert path(live(document, at(1, "Order"), until=2.9)) == "start 1 next, pause 1"


def test_the_awaited_event_ends_the_wait_at_its_own_time() -> None:
    assert path(live(awaiting(after=5), at(1, "Order"), at(3, "View"))) == "start 1 next, wait 1 happened, done 3"


def test_without_the_event_the_wait_times_out() -> None:
    assert path(live(awaiting(after=5), at(1, "Order"))) == "start 1 next, wait 1 timeout, late 6"


def test_an_event_at_the_due_time_counts_as_having_happened() -> None:
    assert path(live(awaiting(after=5), at(1, "Order"), at(6, "View"))) == "start 1 next, wait 1 happened, done 6"


def test_a_wait_without_timeout_waits_for_ever() -> None:
    assert path(live(awaiting(), at(1, "Order"), until=2000)) == "start 1 next, wait 1"


def test_where_reads_the_events_properties() -> None:
    document = awaiting(where={"field": "page", "op": "is", "value": "pricing"})
    outcome = live(document, at(1, "Order"), at(2, "View", page="home"), at(3, "View", page="pricing"))
    assert path(outcome) == "start 1 next, wait 1 happened, done 3"


def test_the_event_that_started_the_passage_does_not_end_its_wait() -> None:
    document = journey(on("Order", "wait"), wait_for("wait", "Order", happened="done"), end())
    assert path(live(document, at(1, "Order"))) == "start 1 next, wait 1"
    assert path(live(document, at(1, "Order"), at(1, "Order"))) == "start 1 next, wait 1 happened, done 1"


def test_one_event_ends_one_wait_of_a_passage_and_a_later_one_of_the_same_instant_the_next() -> None:
    document = journey(
        on("Order", "first"),
        wait_for("first", "View", happened="second"),
        wait_for("second", "View", happened="done"),
        end(),
    )
    assert path(live(document, at(1, "Order"), at(2, "View"))) == "start 1 next, first 1 happened, second 2"
    twice = live(document, at(1, "Order"), at(2, "View"), at(2, "View"))
    assert path(twice) == "start 1 next, first 1 happened, second 2 happened, done 2"


def test_an_event_of_the_instant_a_wait_begins_by_coming_due_is_over() -> None:
    document = journey(
        on("Order", "pause"), pause("pause", 2, "wait"), wait_for("wait", "View", happened="done"), end()
    )
    assert path(live(document, at(1, "Order"), at(3, "View"))) == "start 1 next, pause 1 next, wait 3"


def since_entry(**config: Any) -> dict[str, Any]:
    return journey(
        on("Order", "pause"),
        pause("pause", 2, "wait"),
        wait_for("wait", "View", happened="done", since="entry", **config),
        end(),
    )


def test_since_entry_leaves_at_once_for_what_happened_before_the_arrival() -> None:
    outcome = live(since_entry(), at(1, "Order"), at(2, "View"))
    assert path(outcome) == "start 1 next, pause 1 next, wait 3 happened, done 3"


def test_since_entry_does_not_count_what_came_before_the_passage() -> None:
    outcome = live(since_entry(), at(0.5, "View"), at(1, "View"), at(1, "Order"), at(4, "View"))
    assert path(outcome) == "start 1 next, pause 1 next, wait 3 happened, done 4"


def test_since_entry_counts_a_later_event_of_the_instant_of_entry() -> None:
    outcome = live(since_entry(), at(1, "Order"), at(1, "View"))
    assert path(outcome) == "start 1 next, pause 1 next, wait 3 happened, done 3"


def test_since_entry_reads_where() -> None:
    document = since_entry(where={"field": "page", "op": "is", "value": "pricing"})
    assert path(live(document, at(1, "Order"), at(2, "View"))) == "start 1 next, pause 1 next, wait 3"


def test_since_entry_does_not_count_the_event_that_started_the_passage() -> None:
    document = journey(on("Order", "wait"), wait_for("wait", "Order", happened="done", since="entry"), end())
    assert path(live(document, at(1, "Order"))) == "start 1 next, wait 1"


def test_since_entry_counts_the_event_that_brought_the_passage_to_the_wait() -> None:
    document = journey(
        on("Order", "first"),
        wait_for("first", "View", happened="second"),
        wait_for("second", "View", happened="third", since="entry"),
        wait_for("third", "View", happened="done"),
        end(),
    )
    outcome = live(document, at(1, "Order"), at(2, "View"))
    assert path(outcome) == "start 1 next, first 1 happened, second 2 happened, third 2"


def test_since_entry_of_an_enrollment_counts_from_the_enrolling_on() -> None:
    document = journey(by_hand("pause"), *zip_nodes(since_entry()))
    assert path(live(document, at(1, "View"), start=2, enroll="all")) == "start 2 next, pause 2 next, wait 4"
    outcome = live(document, at(2, "View"), start=2, enroll="all")
    assert path(outcome) == "start 2 next, pause 2 next, wait 4 happened, done 4"


def zip_nodes(document: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """The nodes of a journey but its trigger, to build another one of."""
    return [
        (node, {edge["port"]: edge["to"] for edge in document["edges"] if edge["from"] == node["id"]})
        for node in document["nodes"][1:]
    ]


def test_an_instants_events_come_in_file_order() -> None:
    document = awaiting(after=5)
    assert path(live(document, at(1, "View"), at(1, "Order"))) == "start 1 next, wait 1 timeout, late 6"
    assert path(live(document, at(1, "Order"), at(1, "View"))) == "start 1 next, wait 1 happened, done 1"


def test_events_are_taken_by_time_and_not_as_the_file_has_them() -> None:
    assert path(live(awaiting(after=5), at(3, "View"), at(1, "Order"))) == "start 1 next, wait 1 happened, done 3"


def test_a_loop_with_a_wait_goes_round() -> None:
    document = journey(on("Order", "pause"), pause("pause", 2, "pause"), end())
    assert path(live(document, at(1, "Order"), until=6)) == "start 1 next, pause 1 next, pause 3 next, pause 5"
