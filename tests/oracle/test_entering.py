from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.stories import (
    ADA,
    at,
    by_hand,
    end,
    hours,
    journey,
    live,
    node,
    on,
    path,
    pause,
    send,
    wait_for,
)


def two_hours(**settings: Any) -> dict[str, Any]:
    return journey(on("Order", "pause"), pause("pause", 2, "done"), end(), **settings)


def test_an_event_starts_a_passage_at_its_own_time() -> None:
    assert path(live(two_hours(), at(1.5, "Order"))) == "start 1.5 next, pause 1.5 next, done 3.5"


def test_another_event_or_another_case_starts_nobody() -> None:
    assert live(two_hours(), at(1, "View"), at(2, "order")).steps == []


def test_where_reads_the_properties_of_the_trigger() -> None:
    big = {"field": "amount", "op": "gt", "value": 10}
    outcome = live(journey(on("Order", "done", where=big), end()), at(1, "Order", amount=10), at(2, "Order", amount=11))
    assert path(outcome) == "start 2 next, done 2"


def test_the_first_matching_trigger_in_node_order_takes_the_event() -> None:
    big = {"field": "amount", "op": "gt", "value": 10}
    document = journey(
        on("Order", "done", id="a", where=big), on("Order", "done", id="b"), on("Order", "done", id="c"), end()
    )
    assert path(live(document, at(1, "Order", amount=5))) == "b 1 next, done 1"
    assert path(live(document, at(1, "Order", amount=50))) == "a 1 next, done 1"


def test_one_event_starts_one_passage_even_when_always_allowed() -> None:
    document = journey(on("Order", "done", id="a"), on("Order", "done", id="b"), end(), reentry={"allow": "always"})
    assert live(document, at(1, "Order")).flow["outcomes"]["entered"] == 1


def test_never_is_what_holds_unless_set_and_allows_one_passage_ever() -> None:
    for settings in ({}, {"reentry": {"allow": "never"}}, {"reentry": None}):
        assert live(two_hours(**settings), at(1, "Order"), at(9, "Order")).flow["outcomes"]["entered"] == 1


def test_after_exit_refuses_while_inside_and_drops_what_it_refused() -> None:
    outcome = live(two_hours(reentry={"allow": "after_exit"}), at(1, "Order"), at(2, "Order"), at(9, "Order"))
    assert path(outcome, 2) == "start 9 next, pause 9 next, done 11"
    assert outcome.flow["outcomes"]["entered"] == 2


def test_after_exit_still_refuses_an_event_at_the_instant_the_wait_is_due() -> None:
    outcome = live(two_hours(reentry={"allow": "after_exit"}), at(1, "Order"), at(3, "Order"))
    assert outcome.flow["outcomes"]["entered"] == 1


def test_an_event_that_ends_a_wait_can_start_the_next_passage() -> None:
    document = journey(
        on("Order", "wait"), wait_for("wait", "Order", happened="done"), end(), reentry={"allow": "after_exit"}
    )
    outcome = live(document, at(1, "Order"), at(4, "Order"))
    assert path(outcome, 1) == "start 1 next, wait 1 happened, done 4"
    assert path(outcome, 2) == "start 4 next, wait 4"


def test_always_lets_passages_overlap_and_one_event_moves_each() -> None:
    document = journey(
        on("Order", "wait"), wait_for("wait", "View", happened="done"), end(), reentry={"allow": "always"}
    )
    outcome = live(document, at(1, "Order"), at(2, "Order"), at(3, "View"))
    assert path(outcome, 1) == "start 1 next, wait 1 happened, done 3"
    assert path(outcome, 2) == "start 2 next, wait 2 happened, done 3"


def test_not_before_counts_from_the_previous_entry_and_admits_on_the_dot() -> None:
    document = journey(on("Order", "done"), end(), reentry={"allow": "after_exit", "not_before": hours(5)})
    outcome = live(document, at(1, "Order"), at(5.9, "Order"), at(6, "Order"), at(10, "Order"))
    assert path(outcome, 2) == "start 6 next, done 6"
    assert outcome.flow["outcomes"]["entered"] == 2


def test_not_before_holds_with_always_too() -> None:
    outcome = live(
        two_hours(reentry={"allow": "always", "not_before": hours(1)}), at(1, "Order"), at(1.5, "Order"), at(2, "Order")
    )
    assert [path(outcome, n)[:9] for n in (1, 2)] == ["start 1 n", "start 2 n"]
    assert outcome.flow["outcomes"]["entered"] == 2


def test_a_second_trigger_shares_the_journeys_reentry() -> None:
    document = journey(on("Order", "done", id="a"), on("View", "done", id="b"), end())
    assert live(document, at(1, "Order"), at(2, "View")).flow["outcomes"]["entered"] == 1


def test_events_before_the_start_start_nobody_and_those_at_the_start_do() -> None:
    assert live(two_hours(), at(1, "Order"), start=2).steps == []
    assert path(live(two_hours(), at(2, "Order"), start=2)) == "start 2 next, pause 2 next, done 4"


def test_events_at_the_end_count_and_those_after_it_do_not() -> None:
    assert path(live(two_hours(), at(8, "Order"), until=8)) == "start 8 next, pause 8"
    assert live(two_hours(), at(8.1, "Order"), until=8).steps == []


def test_an_unknown_person_is_a_contact_without_anything_else() -> None:
    document = journey(on("Order", "hello"), send("hello", "done"), end())
    outcome = live(document, at(1, "Order", "zoe"), contacts=[])
    assert path(outcome, user_id="zoe") == "start 1 next, hello 1 next, done 1"
    assert outcome.messages[0][6:] == ("skipped", "no_address")


def test_the_manual_trigger_enrolls_nobody_by_itself() -> None:
    assert live(journey(by_hand("done"), end())).steps == []


def test_the_manual_trigger_takes_at_the_start_whom_it_is_given() -> None:
    ben = {"user_id": "ben"}
    document = journey(by_hand("done"), end())
    everyone = live(document, contacts=[ADA, ben], start=3, enroll="all")
    assert path(everyone) == path(everyone, user_id="ben") == "start 3 next, done 3"
    assert {step[0] for step in live(document, contacts=[ADA, ben], enroll=["ben", "ben", "nobody"]).steps} == {"ben"}


def test_all_takes_those_who_were_seen_before_the_start_but_not_those_who_come_later() -> None:
    events = at(1, "View", "zoe"), at(3, "View", "yan")
    outcome = live(journey(by_hand("done"), end()), *events, contacts=[], start=3, enroll="all")
    assert {step[0] for step in outcome.steps} == {"zoe"}


def test_enrolling_comes_before_the_events_of_the_start() -> None:
    document = journey(by_hand("wait"), wait_for("wait", "View", happened="done"), end())
    assert path(live(document, at(3, "View"), start=3, enroll="all")) == "start 3 next, wait 3 happened, done 3"


def test_an_enrollment_uses_up_the_only_passage_never_allows() -> None:
    document = journey(by_hand("done", id="hand"), on("Order", "done"), end())
    assert live(document, at(5, "Order"), enroll="all").flow["outcomes"]["entered"] == 1


@pytest.mark.parametrize("settings", [{"goal": {"name": "Sale"}}, {"sending": {"cap": {}}}, {"holdout": {"share": 5}}])
def test_a_setting_not_yet_learned_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=next(iter(settings))):
        live(two_hours(**settings))
    assert live(two_hours(**dict.fromkeys(settings))).steps == []


def test_a_kind_not_yet_learned_is_refused() -> None:
    with pytest.raises(NotImplementedError, match=r"wait\.until"):
        live(journey(on("Order", "until"), node("until", "wait.until", next="done"), end()))
