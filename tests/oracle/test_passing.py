"""Nodes that take no time: branches, splits, updates, tags and messages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.oracle.stories import (
    ADA,
    ask,
    at,
    end,
    instant,
    journey,
    live,
    mail,
    node,
    on,
    path,
    pause,
    put,
    send,
    wait_for,
)
from tests.oracle.walking import split_slot

BEN = {"user_id": "ben"}


def two_ends(*parts: Any, **settings: Any) -> dict[str, Any]:
    return journey(*parts, end("yes"), end("no"), **settings)


def test_the_first_branch_that_holds_is_taken() -> None:
    branches = [
        {"port": "a", "label": "", "when": {"field": "n", "op": "gt", "value": 5}},
        {"port": "b", "label": "", "when": {"field": "n", "op": "gt", "value": 1}},
    ]
    document = journey(
        on("Order", "ask"), node("ask", "branch.if", {"branches": branches}, a="x", b="y", **{"else": "z"}),
        end("x"), end("y"), end("z"),
    )  # fmt: skip
    for n, port, last in ((9, "a", "x"), (3, "b", "y"), (0, "else", "z")):
        outcome = live(document, at(1, "Order"), contacts=[{**ADA, "n": n}])
        assert path(outcome) == f"start 1 next, ask 1 {port}, {last} 1"


def test_an_update_is_read_by_the_branch_after_it() -> None:
    document = two_ends(
        on("Order", "ask"),
        ask("ask", {"field": "n", "op": "is_set"}, yes="yes", no="mark"),
        put("mark", "again", n=1),
        ask("again", {"field": "n", "op": "is", "value": 1}, yes="yes", no="no"),
    )
    assert path(live(document, at(1, "Order"))) == "start 1 next, ask 1 else, mark 1 next, again 1 yes, yes 1"


def test_an_update_lasts_for_later_passages() -> None:
    document = two_ends(
        on("Order", "ask"),
        ask("ask", {"field": "n", "op": "is", "value": 1}, yes="yes", no="mark"),
        put("mark", "no", n=1),
        reentry={"allow": "always"},
    )
    assert path(live(document, at(1, "Order"), at(2, "Order")), 2) == "start 2 next, ask 2 yes, yes 2"


def test_tags_are_added_and_taken_away() -> None:
    document = two_ends(
        on("Order", "tag"),
        node("tag", "tag", {"add": ["vip", "old"], "remove": []}, next="untag"),
        node("untag", "tag", {"remove": ["old"]}, next="ask"),
        ask("ask", {"all": [{"has_tag": "vip"}, {"not": {"has_tag": "old"}}]}, yes="yes", no="no"),
    )
    assert path(live(document, at(1, "Order"))).endswith("ask 1 yes, yes 1")


def test_a_tag_is_a_change_the_exit_rule_looks_at() -> None:
    document = journey(
        on("Order", "tag"),
        node("tag", "tag", {"add": ["vip"]}, next="pause"),
        pause("pause", 4, "done"),
        end(),
        exit={"has_tag": "vip"},
    )
    assert path(live(document, at(1, "Order"))) == "start 1 next, tag 1 next, pause 1 !exit"


def test_the_split_is_the_pages_formula() -> None:
    # b = crc32("ada") mod p = 225,478,505 and A = crc32("split") mod (p - 2) + 2 = 838,179,350, p = 2,147,483,647.
    # n = 1: 225,486,424 · A mod p = 2,067,145,993; times 10,000 div p: 9,625
    # n = 3: 225,502,262 · A mod p = 1,407,785,539; times 10,000 div p: 6,555
    assert split_slot("ada", "split", 1) == 9625
    assert split_slot("ada", "split", 3) == 6555


def split(*shares: float) -> dict[str, Any]:
    ports = [f"p{i}" for i in range(len(shares))]
    config = {
        "shares": [{"port": port, "label": "", "share": share} for port, share in zip(ports, shares, strict=True)]
    }
    return journey(
        on("Order", "split"),
        node("split", "branch.split", config, **{port: port for port in ports}),
        *(end(port) for port in ports),
        reentry={"allow": "always"},
    )


def test_the_split_takes_the_first_port_whose_cumulative_share_exceeds_the_slot() -> None:
    slot = split_slot("ada", "split", 1) / 100
    assert path(live(split(slot, 100 - slot), at(1, "Order"))).endswith("split 1 p1, p1 1")
    above = round(slot + 0.01, 2)
    assert path(live(split(above, 100 - above), at(1, "Order"))).endswith("split 1 p0, p0 1")


def test_another_passage_draws_again_and_the_shares_come_out() -> None:
    outcome = live(split(33.33, 66.67), *(at(n / 100, "Order") for n in range(1000)))
    first = outcome.flow["edges"]["split:p0"]
    assert 290 <= first <= 380


def test_people_are_split_by_their_shares() -> None:
    people = [{"user_id": f"u{n}"} for n in range(2000)]
    outcome = live(split(25, 25, 50), *(at(1, "Order", person["user_id"]) for person in people), contacts=people)
    counts = Counter(outcome.flow["edges"])
    assert 420 <= counts["split:p0"] <= 580
    assert 900 <= counts["split:p2"] <= 1100


def letter(*more: Any, **config: Any) -> dict[str, Any]:
    return journey(on("Order", "hello"), send("hello", "done", **config), end(), *more, reentry={"allow": "always"})


def test_a_send_makes_one_message_a_visit_and_goes_on_at_once() -> None:
    outcome = live(letter(), at(1, "Order"), at(2, "Order"))
    assert path(outcome, 2) == "start 2 next, hello 2 next, done 2"
    assert mail(outcome) == ["hello of 1 at 1: sent", "hello of 2 at 2: sent"]
    assert [row[3:5] for row in outcome.messages] == [(instant(1), instant(1)), (instant(2), instant(2))]


def test_without_an_address_the_message_is_skipped() -> None:
    for contact in (BEN, {**BEN, "email": ""}, {**BEN, "email": None}):
        outcome = live(letter(), at(1, "Order", "ben"), contacts=[contact])
        assert mail(outcome, "ben") == ["hello of 1 at 1: skipped (no_address)"]
        assert outcome.messages[0][4] is None


def test_the_unsubscribed_get_what_is_transactional_only() -> None:
    contact = {**ADA, "unsubscribed": True}
    assert mail(live(letter(), at(1, "Order"), contacts=[contact])) == ["hello of 1 at 1: skipped (unsubscribed)"]
    needed = letter(purpose="transactional")
    assert mail(live(needed, at(1, "Order"), contacts=[contact])) == ["hello of 1 at 1: sent"]
    assert mail(live(needed, at(1, "Order", "ben"), contacts=[BEN]), "ben") == ["hello of 1 at 1: skipped (no_address)"]


def test_a_missing_address_is_said_before_a_missing_consent() -> None:
    outcome = live(letter(), at(1, "Order", "ben"), contacts=[{**BEN, "unsubscribed": True}])
    assert mail(outcome, "ben") == ["hello of 1 at 1: skipped (no_address)"]


def test_consent_is_read_when_the_message_is_claimed() -> None:
    outcome = live(letter(), at(1, "Order"), at(1, "$identify", unsubscribed=True))
    assert mail(outcome) == ["hello of 1 at 1: skipped (unsubscribed)"]
    outcome = live(letter(), at(1, "Order"), at(1.1, "$identify", unsubscribed=True))
    assert mail(outcome) == ["hello of 1 at 1: sent"]


def test_the_address_is_read_when_the_message_is_claimed() -> None:
    events = at(1, "Order", "ben"), at(1, "$identify", "ben", email="ben@shop.example")
    assert mail(live(letter(), *events, contacts=[BEN]), "ben") == ["hello of 1 at 1: sent"]


def after_hello(state: str) -> dict[str, Any]:
    return two_ends(
        on("Order", "hello"),
        send("hello", "pause"),
        pause("pause", 3, "ask"),
        ask("ask", {"message": "hello", "was": state}, yes="yes", no="no"),
        reentry={"allow": "always"},
    )


def test_sent_holds_for_a_sent_message_and_not_for_a_skipped_one() -> None:
    assert path(live(after_hello("sent"), at(1, "Order"))).endswith("ask 4 yes, yes 4")
    assert path(live(after_hello("sent"), at(1, "Order", "ben"), contacts=[BEN]), user_id="ben").endswith("no 4")


def test_messages_go_after_everything_of_the_instant() -> None:
    document = two_ends(
        on("Order", "hello"),
        send("hello", "ask"),
        ask("ask", {"message": "hello", "was": "sent"}, yes="yes", no="no"),
    )
    assert path(live(document, at(1, "Order"))).endswith("ask 1 else, no 1")


def test_nothing_is_delivered_or_bounced_in_a_replay() -> None:
    for state in ("delivered", "bounced"):
        outcome = live(after_hello(state), at(1, "Order"), at(2, "Email Clicked", node="hello"))
        assert path(outcome).endswith("ask 4 else, no 4")


def test_an_opening_marks_the_message_and_a_click_implies_it() -> None:
    opened = at(2, "Email Opened", node="hello")
    clicked = at(2, "Email Clicked", node="hello")
    assert path(live(after_hello("opened"), at(1, "Order"))).endswith("no 4")
    assert path(live(after_hello("opened"), at(1, "Order"), opened)).endswith("yes 4")
    assert path(live(after_hello("clicked"), at(1, "Order"), opened)).endswith("no 4")
    assert path(live(after_hello("opened"), at(1, "Order"), clicked)).endswith("yes 4")


def test_an_opening_of_another_node_or_of_none_marks_nothing() -> None:
    for properties in ({"node": "other"}, {}, {"node": None}):
        opened = at(2, "Email Opened", **properties)
        assert path(live(after_hello("opened"), at(1, "Order"), opened)).endswith("no 4")


def test_an_opening_marks_the_latest_sent_message_of_the_node() -> None:
    outcome = live(after_hello("opened"), at(1, "Order"), at(2, "Order"), at(3, "Email Opened", node="hello"))
    assert path(outcome, 1).endswith("no 4")
    assert path(outcome, 2).endswith("yes 5")


def test_an_opening_at_the_instant_of_the_sending_comes_too_early() -> None:
    outcome = live(after_hello("opened"), at(1, "Order"), at(1, "Email Opened", node="hello"))
    assert path(outcome).endswith("no 4")


def test_an_opening_is_an_event_like_any_other() -> None:
    document = journey(
        on("Order", "hello"),
        send("hello", "wait"),
        wait_for("wait", "Email Opened", happened="done"),
        end(),
    )
    outcome = live(document, at(1, "Order"), at(2, "Email Opened", node="hello"))
    assert path(outcome).endswith("wait 1 happened, done 2")


def test_the_exit_rule_sees_the_opening_at_its_event() -> None:
    document = journey(
        on("Order", "hello"),
        send("hello", "pause"),
        pause("pause", 4, "done"),
        end(),
        exit={"message": "hello", "was": "opened"},
    )
    outcome = live(document, at(1, "Order"), at(2, "Email Opened", node="hello"))
    assert path(outcome).endswith("pause 1 !exit")
