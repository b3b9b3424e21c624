"""Rows and counts of what was lived: steps, messages and the flow document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.passages import History, Journey, Passage

Step = tuple[str, int, str, str, int]
MessageRow = tuple[str, int, str, int, int | None, str, str, str]


@dataclass(frozen=True)
class Outcome:
    """What a replay must leave behind.

    steps:    (user_id, enrollment, node, port, at), ordered by at, user_id, enrollment, then path
    messages: (user_id, enrollment, node, at, sent_at or None, channel, state, reason), ordered by at, user_id,
              enrollment, then path
    flow:     {nodes: {id: {entered, inside, left}}, edges: {"from:port": n}, outcomes: {...}}, zeros included
    Instants are milliseconds UTC.
    """

    steps: list[Step]
    messages: list[MessageRow]
    flow: dict[str, Any]


def outcome_of(journey: Journey, lived: list[History]) -> Outcome:
    passages = [(history.contact.user_id, passage) for history in lived for passage in history.passages]
    return Outcome(
        steps=sorted(
            (
                (user_id, passage.number, visit.node, visit.port, visit.at)
                for user_id, passage in passages
                for visit in passage.visits
            ),
            key=lambda row: (row[4], row[0], row[1]),  # sorting is stable: what is equal stays in the order of the path
        ),
        messages=sorted(
            (
                (user_id, passage.number, m.node, m.at, m.sent_at, "email", m.state, m.reason)
                for user_id, passage in passages
                for m in passage.messages
            ),
            key=lambda row: (row[3], row[0], row[1]),
        ),
        flow=flow_of(journey, [passage for _, passage in passages]),
    )


def flow_of(journey: Journey, passages: list[Passage]) -> dict[str, Any]:
    entered, inside = dict.fromkeys(journey.nodes, 0), dict.fromkeys(journey.nodes, 0)
    edges = {f"{node}:{port}": 0 for node, port in journey.edges}
    for passage in passages:
        for visit in passage.visits:
            entered[visit.node] += 1
            if visit.port and not visit.port.startswith("!"):
                edges[f"{visit.node}:{visit.port}"] += 1
        if passage.is_inside:
            inside[passage.here.node] += 1
    nodes = {
        node: {"entered": entered[node], "inside": inside[node], "left": entered[node] - inside[node]}
        for node in journey.nodes
    }
    states = [passage.state for passage in passages]
    outcomes = {
        "entered": len(passages),
        "inside": states.count("inside"),
        "completed": states.count("completed"),
        "exited": states.count("exited"),
        "failed": 0,  # nothing here has a budget or a fault
        "converted": 0,
    }
    return {"nodes": nodes, "edges": edges, "outcomes": outcomes}
