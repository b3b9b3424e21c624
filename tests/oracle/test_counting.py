from __future__ import annotations

from typing import Any

from tests.oracle.stories import ask, at, end, instant, journey, live, on, pause, send

ORDERED = {"allow": "always"}


def shop() -> dict[str, Any]:
    return journey(
        on("Order", "ask"),
        on("View", "ask", id="unused"),
        ask("ask", {"field": "n", "op": "is_set"}, yes="pause", no="hello"),
        pause("pause", 4, "done"),
        send("hello", "done"),
        end(),
        reentry=ORDERED,
        exit={"did": "Leave"},
    )


def test_every_node_and_every_edge_is_counted_zeros_included() -> None:
    people: list[dict[str, Any]] = [{"user_id": "ada", "n": 1}, {"user_id": "ben", "email": "ben@shop.example"}]
    events = at(1, "Order"), at(2, "Order", "ben"), at(3, "Leave"), at(4, "Order"), at(5, "Order", "ben")
    flow = live(shop(), *events, contacts=people, until=6).flow
    assert flow == {
        "nodes": {
            "start": {"entered": 4, "inside": 0, "left": 4},
            "unused": {"entered": 0, "inside": 0, "left": 0},
            "ask": {"entered": 4, "inside": 0, "left": 4},
            "pause": {"entered": 2, "inside": 1, "left": 1},
            "hello": {"entered": 2, "inside": 0, "left": 2},
            "done": {"entered": 2, "inside": 0, "left": 2},
        },
        "edges": {
            "start:next": 4,
            "unused:next": 0,
            "ask:yes": 2,
            "ask:else": 2,
            "pause:next": 0,
            "hello:next": 2,
        },
        "outcomes": {"entered": 4, "inside": 1, "completed": 2, "exited": 1, "failed": 0, "converted": 0},
    }


def test_steps_are_ordered_by_arrival_then_user_then_passage_then_path() -> None:
    document = journey(on("Order", "pause"), pause("pause", 1, "done"), end(), reentry=ORDERED)
    events = at(2, "Order", "b"), at(1, "Order", "b"), at(2, "Order", "a"), at(2, "Order", "B"), at(2, "Order", "b")
    steps = live(document, *events, contacts=[]).steps
    assert [(user_id, n, node) for user_id, n, node, _, at_ms in steps if at_ms == instant(2)] == [
        ("B", 1, "start"),
        ("B", 1, "pause"),
        ("a", 1, "start"),
        ("a", 1, "pause"),
        ("b", 1, "done"),
        ("b", 2, "start"),
        ("b", 2, "pause"),
        ("b", 3, "start"),
        ("b", 3, "pause"),
    ]


def test_the_way_out_is_empty_while_inside_and_at_an_end() -> None:
    document = journey(on("Order", "pause"), pause("pause", 1, "done"), end(), reentry=ORDERED)
    steps = live(document, at(1, "Order"), at(2, "Order"), until=2.5).steps
    assert {(n, node, port) for _, n, node, port, _ in steps} == {
        (1, "start", "next"),
        (1, "pause", "next"),
        (1, "done", ""),
        (2, "start", "next"),
        (2, "pause", ""),
    }
