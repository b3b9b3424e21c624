"""Find the nodes where so many paths of one stretch meet that the legs would multiply."""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter

from backend.core.journey.graph import Graph
from backend.core.journey.ops import (
    Choose,
    HoldFor,
    HoldForEvent,
    Op,
    Send,
    Split,
    StartByHand,
    StartOnEvent,
    Tag,
    Update,
)

PATHS_MAX = 8
"""A merge passed by more paths than this becomes a rest of zero length, and counts as one path from there."""

_TAKES_NO_TIME = (Choose, Split, Send, Update, Tag)
_STARTS_A_STRETCH = (StartOnEvent, StartByHand, HoldFor, HoldForEvent)


def crowded_merges(graph: Graph, ops: dict[str, Op]) -> frozenset[str]:
    """Nodes that take no time, have several edges in, and more than PATHS_MAX paths through them.

    A cycle always holds a rest, so the nodes that take no time form a DAG and can be counted in order.
    """
    into: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        into[edge.target].append(edge.source)
    order = TopologicalSorter(
        {
            node: [source for source in into[node] if isinstance(ops[source], _TAKES_NO_TIME)]
            for node, op in ops.items()
            if isinstance(op, _TAKES_NO_TIME)
        }
    )
    paths: dict[str, int] = {}
    crowded: set[str] = set()
    for node in order.static_order():
        count = sum(1 if isinstance(ops[source], _STARTS_A_STRETCH) else paths[source] for source in into[node])
        if count > PATHS_MAX and len(into[node]) > 1:
            crowded.add(node)
            count = 1
        paths[node] = count
    return frozenset(crowded)
