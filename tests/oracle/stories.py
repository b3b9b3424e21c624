"""Small journeys and small histories, in a few words, for the referee's own tests.

Times are hours after MIDNIGHT, 1 January 2024 UTC; `ada` has an address unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oracle.interpreter import Outcome, replay

HOUR = 3_600_000
MIDNIGHT = 1_704_067_200_000
ADA = {"user_id": "ada", "email": "ada@shop.example"}
NodeAndEdges = tuple[dict[str, Any], dict[str, str]]


def hours(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "hours"}


def node(node_id: str, kind: str, config: Mapping[str, Any] | None = None, **ports: str) -> NodeAndEdges:
    return {"id": node_id, "type": kind, "config": dict(config or {})}, ports


def on(event: str, to: str, *, id: str = "start", where: Any = None) -> NodeAndEdges:
    return node(id, "trigger.event", {"event": event, "where": where}, next=to)


def by_hand(to: str, *, id: str = "start") -> NodeAndEdges:
    return node(id, "trigger.manual", next=to)


def pause(id: str, amount: int, to: str) -> NodeAndEdges:
    return node(id, "wait.for", {"duration": hours(amount)}, next=to)


def wait_for(id: str, event: str, *, happened: str, timeout: str = "", after: int = 0, **config: Any) -> NodeAndEdges:
    """A `wait.event`; without `after` it has no timeout."""
    ports = {"happened": happened} | ({"timeout": timeout} if timeout else {})
    return node(id, "wait.event", {"event": event, "timeout": hours(after) if after else None} | config, **ports)


def ask(id: str, when: Any, *, yes: str, no: str) -> NodeAndEdges:
    """A `branch.if` with one branch."""
    ports = {"yes": yes, "else": no}
    return node(id, "branch.if", {"branches": [{"port": "yes", "label": "Yes", "when": when}]}, **ports)


def send(id: str, to: str, **config: Any) -> NodeAndEdges:
    return node(id, "send.email", {"subject": "Hello", "body": "Hello"} | config, next=to)


def put(id: str, to: str, **fields: Any) -> NodeAndEdges:
    return node(id, "update.contact", {"set": fields}, next=to)


def end(id: str = "done") -> NodeAndEdges:
    return node(id, "exit")


def journey(*parts: NodeAndEdges, **settings: Any) -> dict[str, Any]:
    return {
        "format": "sojourn/journey@1",
        "name": "A story",
        "settings": settings,
        "nodes": [part for part, _ in parts],
        "edges": [{"from": part["id"], "port": port, "to": to} for part, ports in parts for port, to in ports.items()],
    }


def at(hour: float, event: str, user_id: str = "ada", **properties: Any) -> dict[str, Any]:
    return {"user_id": user_id, "event": event, "at_ms": instant(hour), "properties": properties or None}


def instant(hour: float) -> int:
    return MIDNIGHT + round(hour * HOUR)


def live(
    document: dict[str, Any],
    *events: dict[str, Any],
    contacts: list[dict[str, Any]] | None = None,
    start: float = 0,
    until: float = 48,
    enroll: list[str] | str | None = None,
) -> Outcome:
    contacts = [ADA] if contacts is None else contacts
    start_ms, until_ms = instant(start), instant(until)
    return replay(document, contacts, list(events), start_ms=start_ms, until_ms=until_ms, enroll=enroll)


def path(outcome: Outcome, enrollment: int = 1, user_id: str = "ada") -> str:
    """A passage as text: `start 1 next, pause 1` is at `pause` since 01:00."""
    steps = [step for step in outcome.steps if step[:2] == (user_id, enrollment)]
    return ", ".join(f"{node} {(at_ms - MIDNIGHT) / HOUR:g} {port}".strip() for _, _, node, port, at_ms in steps)


def mail(outcome: Outcome, user_id: str = "ada") -> list[str]:
    """Messages as text: `hello of 1 at 3: sent` or `hello of 1 at 3: skipped (left)`."""
    return [
        f"{node} of {enrollment} at {(at_ms - MIDNIGHT) / HOUR:g}: {state}" + (f" ({reason})" if reason else "")
        for owner, enrollment, node, at_ms, _, _, state, reason in outcome.messages
        if owner == user_id
    ]
