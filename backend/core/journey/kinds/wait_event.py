"""Rests until something happens, or until time is up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from marshmallow import Schema

from backend.core.duration import duration_ms
from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Config, Kind, Placed, rule_or_none
from backend.core.journey.ops import HoldForEvent
from backend.core.journey.shape import Choice, Condition, Duration, NotBuilt, Shape, Text


class _Config(Shape):
    event = Text(required=True, missing="No event is named yet.", fix="Say which event to wait for.")
    where = Condition(allow_none=True)
    timeout = Duration(allow_none=True)
    since = Choice("wait", "entry", allow_none=True)
    late = NotBuilt("A rule for late messages")


class WaitEvent(Kind):
    name = "wait.event"
    family = "wait"
    title = "Wait until something happens"
    help = "Holds each person until an event about them arrives, or until the time is up."
    schema: ClassVar[Schema] = _Config()

    def ports(self, config: Config) -> tuple[str, ...]:
        return ("happened",) if config.get("timeout") is None else ("happened", "timeout")

    def takes_time(self, config: Config, port: str) -> bool:
        """With `since: entry` a passage that comes by again finds the old event and is through at once."""
        return port == "timeout" or config.get("since") != "entry"

    def conditions(self, config: Config) -> Iterator[Placed]:
        if config.get("where") is not None:
            yield Placed("where", config["where"], "event")

    def lower(self, node: Node, graph: Graph) -> HoldForEvent:
        timeout = node.config.get("timeout")
        return HoldForEvent(
            event=node.config["event"],
            where=rule_or_none(node.config.get("where"), graph, "event"),
            timeout_ms=None if timeout is None else duration_ms(timeout),
            since=node.config.get("since") or "wait",
        )


KIND = WaitEvent()
