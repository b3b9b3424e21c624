"""Find the cycles of a directed graph; written without recursion, because a journey may be 2,000 steps long."""

from __future__ import annotations

from collections.abc import Sequence


def cycles(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """One cycle for each knot of the graph (each strongly connected part), as the ids along it.

    A cycle begins with the node that comes first in `nodes`, and so do the cycles among themselves.
    """
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        if source in following and target in following:
            following[source].append(target)
    knots = [knot for knot in _knots(following) if len(knot) > 1 or next(iter(knot)) in following[next(iter(knot))]]
    place = {node: at for at, node in enumerate(nodes)}
    starts = [(min(knot, key=lambda node: place[node]), knot) for knot in knots]
    return [_around(start, knot, following) for start, knot in sorted(starts, key=lambda pair: place[pair[0]])]


def _knots(following: dict[str, list[str]]) -> list[set[str]]:
    """Strongly connected parts (Tarjan), with a stack of our own."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    knots: list[set[str]] = []
    for root in following:
        walk = [(root, 0)] if root not in number else []
        while walk:
            node, at = walk.pop()
            if at == 0:
                number[node] = low[node] = len(number)
                open_nodes.append(node)
                is_open.add(node)
            elif following[node][at - 1] in is_open:
                low[node] = min(low[node], low[following[node][at - 1]])
            while at < len(following[node]):
                target = following[node][at]
                at += 1
                if target not in number:
                    walk += [(node, at), (target, 0)]
                    break
                if target in is_open:
                    low[node] = min(low[node], number[target])
            else:
                if low[node] == number[node]:
                    knot = set()
                    while node not in knot:
                        knot.add(open_nodes.pop())
                    is_open -= knot
                    knots.append(knot)
    return knots


def _around(start: str, knot: set[str], following: dict[str, list[str]]) -> list[str]:
    """A shortest way from start back to itself inside its knot."""
    before: dict[str, str] = {}
    waiting = [start]
    for node in waiting:
        for target in following[node]:
            if target == start:
                way = [node]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if target in knot and target not in before:
                before[target] = node
                waiting.append(target)
    raise AssertionError("a knot leads back to each of its nodes")
