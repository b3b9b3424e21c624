"""Say a journey in a line or two: `a_journey("Welcome").on("Signed Up").waits(days=2).sends("hello").build()`.

Each step follows all ways that are still open, so a line of calls is a line of steps. After a branch every port is
open: the next step joins them all, `at("plan", "pro")` goes on from one of them only. Whatever is open in the end is
led to one End called `done`, so that the document may be published; `build(is_open=True)` leaves it as it was drawn.

Ids are what you give, else the kind's short name with a number from the second one on (`wait`, `wait-2`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def a_journey(name: str = "A journey") -> JourneyBuilder:
    return JourneyBuilder(name)


def duration(**length: int) -> Json:
    """duration(days=2) -> {"amount": 2, "unit": "days"}."""
    [(unit, amount)] = length.items()
    return {"amount": amount, "unit": unit}


class JourneyBuilder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._settings: Json = {}
        self._nodes: list[Json] = []
        self._edges: list[Json] = []
        self._ports: dict[str, tuple[str, ...]] = {}
        self._open: list[tuple[str, str]] = []

    # Triggers stand beside each other: the next step follows them all.

    def on(self, event: str, *, where: Json | None = None, id: str | None = None) -> JourneyBuilder:
        return self._begin(id or self._free("start"), "trigger.event", {"event": event, "where": where})

    def by_hand(self, *, id: str | None = None) -> JourneyBuilder:
        return self._begin(id or self._free("by-hand"), "trigger.manual", {})

    # Steps.

    def waits(self, *, id: str | None = None, **length: int) -> JourneyBuilder:
        return self._add(id or self._free("wait"), "wait.for", {"duration": duration(**length)})

    def waits_for(
        self, event: str, *, where: Json | None = None, since: str | None = None, id: str | None = None, **timeout: int
    ) -> JourneyBuilder:
        """waits_for("Order Completed", days=90): ports `happened` and `timeout`; without a length only `happened`."""
        config: Json = {"event": event, "where": where, "timeout": duration(**timeout) if timeout else None}
        if since is not None:
            config["since"] = since
        ports = ("happened", "timeout") if timeout else ("happened",)
        return self._add(id or self._free("until"), "wait.event", config, ports)

    def branches(self, id: str | None = None, **conditions: Json) -> JourneyBuilder:
        """branches("plan", pro={"field": …}): a port for each condition, in their order, and `else`."""
        arms = [{"port": port, "label": port.title(), "when": when} for port, when in conditions.items()]
        return self._add(id or self._free("branch"), "branch.if", {"branches": arms}, (*conditions, "else"))

    def splits(self, id: str | None = None, **shares: float) -> JourneyBuilder:
        """splits("test", a=33.33, b=66.67)."""
        arms = [{"port": port, "label": port.title(), "share": share} for port, share in shares.items()]
        return self._add(id or self._free("split"), "branch.split", {"shares": arms}, tuple(shares))

    def sends(
        self,
        id: str | None = None,
        *,
        subject: str = "Hello",
        body: str = "Hello there. No more of this: {{ unsubscribe_url }}",
        **more: Any,
    ) -> JourneyBuilder:
        """more: `purpose`, `preheader`, and `sender` for the config's `from`."""
        if "sender" in more:
            more["from"] = more.pop("sender")
        return self._add(id or self._free("send"), "send.email", {"subject": subject, "body": body, **more})

    def updates(self, *, id: str | None = None, **values: Any) -> JourneyBuilder:
        return self._add(id or self._free("update"), "update.contact", {"set": values})

    def tags(self, *add: str, remove: Iterable[str] = (), id: str | None = None) -> JourneyBuilder:
        return self._add(id or self._free("tag"), "tag", {"add": list(add), "remove": list(remove)})

    def step(
        self, id: str, kind: str, config: Json | None = None, ports: tuple[str, ...] = ("next",)
    ) -> JourneyBuilder:
        """Any node at all, right or wrong."""
        return self._add(id, kind, {} if config is None else config, ports)

    def ends(self, id: str | None = None) -> JourneyBuilder:
        return self._add(id or self._free("end"), "exit", {}, ())

    # Ways.

    def at(self, node: str, port: str = "next") -> JourneyBuilder:
        """Go on from this port alone; other open ways wait for `build`."""
        self._open = [(node, port)]
        return self

    def goes_to(self, node: str) -> JourneyBuilder:
        """Lead what is open to a step that is there already, as a loop does."""
        self._lead(node)
        self._open = []
        return self

    def edge(self, source: str, port: str, target: str) -> JourneyBuilder:
        """Any line at all, right or wrong."""
        self._edges.append({"from": source, "port": port, "to": target})
        return self

    def with_settings(self, **settings: Any) -> JourneyBuilder:
        """with_settings(timezone="Europe/Berlin", reentry={"allow": "always"}, exit={"did": …})."""
        self._settings |= settings
        return self

    def build(self, *, is_open: bool = False) -> Json:
        """The document. is_open: leave ports without an edge as they are."""
        if not is_open:
            led = {(edge["from"], edge["port"]) for edge in self._edges}
            self._open = [
                (node, port) for node, ports in self._ports.items() for port in ports if (node, port) not in led
            ]
            if self._open:
                self._add("done", "exit", {}, ())
        return {
            "format": "sojourn/journey@1",
            "name": self._name,
            "settings": self._settings,
            "nodes": self._nodes,
            "edges": self._edges,
        }

    def _begin(self, id: str, kind: str, config: Json) -> JourneyBuilder:
        self._put(id, kind, config, ("next",))
        self._open.append((id, "next"))
        return self

    def _add(self, id: str, kind: str, config: Json, ports: tuple[str, ...] = ("next",)) -> JourneyBuilder:
        self._put(id, kind, config, ports)
        self._lead(id)
        self._open = [(id, port) for port in ports]
        return self

    def _put(self, id: str, kind: str, config: Json, ports: tuple[str, ...]) -> None:
        position = {"x": 0, "y": 140 * len(self._nodes)}
        self._nodes.append({"id": id, "type": kind, "position": position, "config": config})
        self._ports[id] = ports

    def _lead(self, target: str) -> None:
        self._edges += [{"from": node, "port": port, "to": target} for node, port in self._open]

    def _free(self, name: str) -> str:
        taken = {node["id"] for node in self._nodes}
        number = 2
        free = name
        while free in taken:
            free, number = f"{name}-{number}", number + 1
        return free
