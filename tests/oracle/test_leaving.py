from __future__ import annotations

from typing import Any

from tests.oracle.stories import ADA, ask, at, end, hours, journey, live, mail, on, path, pause, put, send, wait_for

ALWAYS = {"allow": "always"}
PRO = {"field": "plan", "op": "is", "value": "pro"}


def resting(rule: Any, **settings: Any) -> dict[str, Any]:
    return journey(on("Order", "pause"), pause("pause", 4, "done"), end(), exit=rule, **settings)


def test_the_exit_rule_is_read_at_each_event() -> None:
    outcome = live(resting({"did": "View"}), at(1, "Order"), at(2, "View"))
    assert path(outcome) == "start 1 next, pause 1 !exit"
    assert outcome.flow["outcomes"]["exited"] == 1


def test_a_rule_that_holds_on_entering_lets_in_and_out_at_the_trigger() -> None:
    outcome = live(resting(PRO), at(1, "Order"), contacts=[{**ADA, "plan": "pro"}])
    assert path(outcome) == "start 1 !exit"
    assert outcome.flow["edges"] == {"start:next": 0, "pause:next": 0}
    assert outcome.flow["outcomes"]["entered"] == outcome.flow["outcomes"]["exited"] == 1
    assert outcome.flow["nodes"]["start"] == {"entered": 1, "inside": 0, "left": 1}


def test_did_in_the_exit_rule_counts_only_what_came_after_the_start() -> None:
    document = resting({"did": "Order"}, reentry=ALWAYS)
    assert path(live(document, at(0, "Order"), at(1, "Order"), start=1)) == "start 1 next, pause 1 next, done 5"
    twice = live(document, at(1, "Order"), at(1, "Order"))
    assert path(twice, 1) == "start 1 next, pause 1 !exit"
    assert path(twice, 2) == "start 1 next, pause 1 next, done 5"


def test_did_not_in_the_exit_rule_holds_on_entering() -> None:
    assert path(live(resting({"did_not": "View"}), at(0, "View"), at(1, "Order"))) == "start 1 !exit"


def test_did_within_in_the_exit_rule_counts_both_bounds() -> None:
    rule = {"did": "View", "at_least": 2, "within": hours(2)}
    apart = live(resting(rule), at(1, "Order"), at(2, "View"), at(4, "View"))
    assert path(apart) == "start 1 next, pause 1 next, done 5"
    assert path(live(resting(rule), at(1, "Order"), at(2, "View"), at(3.9, "View"))) == "start 1 next, pause 1 !exit"


def test_did_in_a_branch_counts_all_history() -> None:
    document = journey(on("Order", "ask"), ask("ask", {"did": "View"}, yes="done", no="other"), end(), end("other"))
    assert path(live(document, at(0, "View"), at(1, "Order"), start=1)) == "start 1 next, ask 1 yes, done 1"


def test_the_trigger_event_is_part_of_what_a_branch_counts() -> None:
    document = journey(on("Order", "ask"), ask("ask", {"did": "Order"}, yes="done", no="other"), end(), end("other"))
    assert path(live(document, at(1, "Order"))) == "start 1 next, ask 1 yes, done 1"


def test_a_condition_at_an_event_does_not_see_a_later_event_of_the_instant() -> None:
    document = journey(on("Order", "ask"), ask("ask", {"did": "View"}, yes="done", no="other"), end(), end("other"))
    assert path(live(document, at(1, "Order"), at(1, "View"))).endswith("other 1")
    assert path(live(document, at(1, "View"), at(1, "Order"))).endswith("done 1")


def test_a_condition_of_what_is_due_sees_the_events_of_the_instant() -> None:
    document = journey(
        on("Order", "pause"),
        pause("pause", 2, "ask"),
        ask("ask", {"did": "View"}, yes="done", no="other"),
        end(),
        end("other"),
    )
    assert path(live(document, at(1, "Order"), at(3, "View"))).endswith("ask 3 yes, done 3")


def test_the_exit_rule_comes_before_the_wait() -> None:
    document = journey(on("Order", "wait"), wait_for("wait", "View", happened="done"), end(), exit={"did": "View"})
    assert path(live(document, at(1, "Order"), at(2, "View"))) == "start 1 next, wait 1 !exit"


def test_the_passage_that_left_lets_the_same_event_start_the_next() -> None:
    document = resting({"did": "Order"}, reentry={"allow": "after_exit"})
    outcome = live(document, at(1, "Order"), at(2, "Order"))
    assert path(outcome, 1) == "start 1 next, pause 1 !exit"
    assert path(outcome, 2) == "start 2 next, pause 2 next, done 6"


def test_time_passing_alone_does_not_fire_the_rule_but_an_event_then_does() -> None:
    rule = {"field": "seen_on", "op": "in_last", "value": hours(2)}
    seen = [{**ADA, "seen_on": "2024-01-01T02:00:00Z"}]
    assert path(live(resting(rule), at(1, "Order"), contacts=seen)) == "start 1 next, pause 1 next, done 5"
    outcome = live(resting(rule), at(1, "Order"), at(3, "Anything"), contacts=seen)
    assert path(outcome) == "start 1 next, pause 1 !exit"


def test_the_rule_is_read_before_each_leg() -> None:
    rule = {"field": "seen_on", "op": "in_last", "value": hours(2)}
    outcome = live(resting(rule), at(1, "Order"), contacts=[{**ADA, "seen_on": "2024-01-01T04:00:00Z"}])
    assert path(outcome) == "start 1 next, pause 1 !exit"


def test_an_identify_is_looked_at_by_those_at_rest() -> None:
    assert path(live(resting(PRO), at(1, "Order"), at(2, "$identify", plan="pro"))) == "start 1 next, pause 1 !exit"


def test_an_equal_write_is_no_change() -> None:
    rule = {"field": "seen_on", "op": "in_last", "value": hours(2)}
    contact = {**ADA, "seen_on": "2024-01-01T02:00:00Z", "n": 1}
    equal = at(3, "$identify", n=1.0, email="ada@shop.example", nothing=None)
    assert path(live(resting(rule), at(1, "Order"), equal, contacts=[contact])).endswith("done 5")
    other = at(3, "$identify", n=2)
    assert path(live(resting(rule), at(1, "Order"), other, contacts=[contact])).endswith("!exit")


def test_an_identify_starts_nobody_and_is_no_event() -> None:
    document = journey(on("$identify", "done"), end())
    assert live(document, at(1, "$identify", plan="pro")).steps == []


def test_an_identify_before_the_start_sets_the_fields() -> None:
    outcome = live(resting(PRO), at(0, "$identify", plan="pro"), at(2, "Order"), start=1)
    assert path(outcome) == "start 2 !exit"


def test_an_identify_can_take_a_field_away() -> None:
    events = at(0, "$identify", plan=None), at(1, "Order")
    assert path(live(resting(PRO), *events, contacts=[{**ADA, "plan": "pro"}])).endswith("done 5")


def test_nobody_can_change_who_they_are() -> None:
    outcome = live(
        resting({"field": "user_id", "op": "is_not", "value": "ada"}), at(1, "Order"), at(2, "$identify", user_id="x")
    )
    assert path(outcome).endswith("done 5")


def changing() -> dict[str, Any]:
    """One's passage turns the contact pro as it comes to rest; the rule is for those who are pro."""
    return journey(
        on("Order", "mark"),
        put("mark", "pause", plan="pro"),
        pause("pause", 4, "done"),
        end(),
        exit=PRO,
        reentry=ALWAYS,
    )


def test_a_change_on_the_way_is_looked_at_where_the_passage_comes_to_rest() -> None:
    assert path(live(changing(), at(1, "Order"))) == "start 1 next, mark 1 next, pause 1 !exit"


def test_a_change_on_the_way_is_looked_at_by_the_other_passages() -> None:
    document = journey(
        on("Order", "wait"),
        on("View", "mark", id="other"),
        wait_for("wait", "Never", happened="done"),
        put("mark", "done", plan="pro"),
        end(),
        exit=PRO,
        reentry=ALWAYS,
    )
    outcome = live(document, at(1, "Order"), at(2, "View"))
    assert path(outcome, 1) == "start 1 next, wait 1 !exit"
    assert path(outcome, 2) == "other 2 next, mark 2 next, done 2"


def test_a_change_by_what_is_due_pulls_the_next_passage_out_before_it_is_due() -> None:
    document = journey(
        on("Order", "pause"),
        on("View", "rest", id="other"),
        pause("pause", 4, "mark"),
        put("mark", "done", plan="pro"),
        pause("rest", 3, "done"),
        end(),
        exit=PRO,
        reentry=ALWAYS,
    )
    outcome = live(document, at(1, "Order"), at(2, "View"))
    assert path(outcome, 1) == "start 1 next, pause 1 next, mark 5 next, done 5"
    assert path(outcome, 2) == "other 2 next, rest 2 !exit"


def test_the_end_is_no_rest_to_be_pulled_out_of() -> None:
    document = journey(on("Order", "mark"), put("mark", "done", plan="pro"), end(), exit=PRO)
    outcome = live(document, at(1, "Order"))
    assert path(outcome) == "start 1 next, mark 1 next, done 1"
    assert outcome.flow["outcomes"]["completed"] == 1


def test_leaving_by_the_rule_skips_the_messages_not_yet_claimed() -> None:
    document = journey(
        on("Order", "hello"),
        send("hello", "mark"),
        put("mark", "pause", plan="pro"),
        pause("pause", 4, "done"),
        end(),
        exit=PRO,
    )
    assert mail(live(document, at(1, "Order"))) == ["hello of 1 at 1: skipped (left)"]


def test_leaving_by_the_rule_leaves_sent_messages_alone() -> None:
    document = journey(
        on("Order", "hello"), send("hello", "pause"), pause("pause", 4, "done"), end(), exit={"did": "View"}
    )
    assert mail(live(document, at(1, "Order"), at(2, "View"))) == ["hello of 1 at 1: sent"]


def test_an_event_at_the_same_instant_still_stops_the_message() -> None:
    document = journey(
        on("Order", "hello"), send("hello", "pause"), pause("pause", 4, "done"), end(), exit={"did": "View"}
    )
    assert mail(live(document, at(1, "Order"), at(1, "View"))) == ["hello of 1 at 1: skipped (left)"]


def test_completing_normally_cancels_nothing() -> None:
    document = journey(on("Order", "hello"), send("hello", "done"), end(), exit={"did": "View"})
    assert mail(live(document, at(1, "Order"), at(1, "View"))) == ["hello of 1 at 1: sent"]


def test_the_rule_is_read_on_the_way_out_of_a_wait_that_had_already_happened() -> None:
    document = journey(
        on("Order", "first"),
        wait_for("first", "View", happened="mark"),
        put("mark", "second", plan="pro"),
        wait_for("second", "View", happened="done", since="entry"),
        end(),
        exit=PRO,
    )
    outcome = live(document, at(1, "Order"), at(2, "View"))
    assert path(outcome) == "start 1 next, first 1 happened, mark 2 next, second 2 !exit"
