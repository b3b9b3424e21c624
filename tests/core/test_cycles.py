"""Cycles of a graph, one for each knot."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.journey.cycles import cycles


def test_one_cycle_for_each_knot_in_the_order_of_the_nodes() -> None:
    edges = [("c", "d"), ("d", "c"), ("b", "a"), ("a", "b"), ("b", "c"), ("e", "e"), ("d", "e")]
    assert cycles("abcde", edges) == [["a", "b"], ["c", "d"], ["e"]]


def test_the_shortest_way_around_is_named() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("b", "a")]
    assert cycles("abcd", edges) == [["a", "b"]]


def test_a_way_through_thousands_of_steps_needs_no_stack() -> None:
    nodes = [str(at) for at in range(5_000)]
    line = list(pairwise(nodes))
    assert cycles(nodes, line) == []
    [round_trip] = cycles(nodes, [*line, (nodes[-1], nodes[0])])
    assert round_trip == nodes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14))
def test_a_cycle_is_found_where_there_is_one_and_it_is_one(edges: list[tuple[str, str]]) -> None:
    found = cycles("abcdef", edges)
    for cycle in found:
        assert all(pair in edges for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    assert bool(found) is any(node in reached_from(node, edges) for node in "abcdef")


def reached_from(start: str, edges: list[tuple[str, str]]) -> set[str]:
    reached: set[str] = set()
    for _ in "abcdef":
        reached |= {target for source, target in edges if source == start or source in reached}
    return reached
