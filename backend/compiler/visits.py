"""What a leg says about nodes: the visits it ends, makes and begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.compiler.plan import CUT, Leg, Plan
from backend.core.enrollment import Passage


@dataclass(frozen=True)
class Visit:
    """One visit to a node on a leg. is_arrival: it began on this leg; port: how it was left, empty when it was not."""

    node: str
    port: str
    is_arrival: bool

    @property
    def is_edge(self) -> bool:
        """Whether the node was left along an edge; a rule pulls a passage out without one."""
        return bool(self.port) and not self.port.startswith("!")


def visits(plan: Plan, leg: Leg) -> Iterator[Visit]:
    """In the order of the way. The first is the stay that ends, except after an entry or a rest of zero length."""
    goes_on = leg.source is not None and plan.rests[leg.source].sort != CUT
    for position, (node, port) in enumerate(leg.steps):
        yield Visit(node, port, is_arrival=position > 0 or not goes_on)
    if leg.arrives is not None:
        yield Visit(leg.arrives, "", is_arrival=True)


def flow_counts(plan: Plan, legs: Mapping[int, int]) -> dict[str, Any]:
    """nodes, edges and outcomes of the flow document, from how many passages took each leg; zeros included.

    entered = left + inside at every node; entered = inside + completed + exited + failed for the journey.
    """
    nodes = {node: {"entered": 0, "inside": 0, "left": 0} for node in plan.nodes}
    edges = {f"{node}:{port}": 0 for node, port in plan.ports}
    ended = dict.fromkeys(Passage, 0)
    entered = 0
    for leg in plan.legs:
        n = legs.get(leg.id, 0)
        if not n:
            continue
        entered += n if leg.source is None else 0
        ended[Passage(leg.state)] += n
        for visit in visits(plan, leg):
            count = nodes[visit.node]
            count["entered"] += n if visit.is_arrival else 0
            is_over = bool(visit.port) or leg.state == Passage.COMPLETED
            count["left"] += n if is_over else 0
            if visit.is_edge:
                edges[f"{visit.node}:{visit.port}"] += n
    for count in nodes.values():
        count["inside"] = count["entered"] - count["left"]
    completed, exited, failed = ended[Passage.COMPLETED], ended[Passage.EXITED], ended[Passage.FAILED]
    outcomes = {
        "entered": entered,
        "inside": entered - completed - exited - failed,
        "completed": completed,
        "exited": exited,
        "failed": failed,
        "converted": 0,
    }
    return {"nodes": nodes, "edges": edges, "outcomes": outcomes}
