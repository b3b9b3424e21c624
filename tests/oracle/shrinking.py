"""Make a failing case small: leave things out, one after the other, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.oracle.files import Case


def smaller(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The smallest case found that `fails` still holds of; it must hold of `case`."""
    for less in all_with_less(case):
        if fails(less):
            return smaller(less, fails)
    return case


def all_with_less(case: Case) -> Iterator[Case]:
    """Every case that lacks one thing: an event, a property, a contact, a cell, a setting, a node."""
    for events in each_without(case.events):
        yield replace(case, events=events)
    for contacts in each_without(case.contacts):
        yield replace(case, contacts=contacts)
    for settings in each_lacking(case.journey["settings"]):
        yield replace(case, journey=case.journey | {"settings": settings})
    for node in case.journey["nodes"]:
        yield from without_node(case, node["id"])
    if case.enroll:
        yield replace(case, enroll=None)
    if case.fields:
        yield replace(case, fields={})
    for i, event in enumerate(case.events):
        for properties in each_lacking(event.get("properties") or {}):
            changed = event | {"properties": properties or None}
            yield replace(case, events=[*case.events[:i], changed, *case.events[i + 1 :]])
    for i, row in enumerate(case.contacts):
        for cells in each_lacking(row):
            if "user_id" in cells:
                yield replace(case, contacts=[*case.contacts[:i], cells, *case.contacts[i + 1 :]])


def without_node(case: Case, gone: str) -> Iterator[Case]:
    """The journey with a node passed over by its first way out, an end by another end; nothing if it must stay."""
    nodes = [node for node in case.journey["nodes"] if node["id"] != gone]
    ways = [edge["to"] for edge in case.journey["edges"] if edge["from"] == gone]
    onward = next(iter(ways or [node["id"] for node in nodes if node["type"] == "exit"]), gone)
    edges = [
        edge | {"to": onward} if edge["to"] == gone else edge for edge in case.journey["edges"] if edge["from"] != gone
    ]
    journey = case.journey | {"nodes": nodes, "edges": edges}
    is_asked_for = f"'message': '{gone}'" in str(journey)
    if onward != gone and not is_asked_for and is_whole(journey):
        yield replace(case, journey=journey)


def is_whole(journey: dict[str, Any]) -> bool:
    """Every node is reached from a trigger and reaches an exit, and no way round takes no time."""
    nodes = {node["id"]: node for node in journey["nodes"]}
    ways: dict[str, set[str]] = {name: set() for name in nodes}
    for edge in journey["edges"]:
        ways[edge["from"]].add(edge["to"])
    triggers = {name for name, node in nodes.items() if node["type"].startswith("trigger.")}
    ends = {name for name, node in nodes.items() if node["type"] == "exit"}
    timeless = {name: to for name, to in ways.items() if not takes_time(nodes[name])}
    return (
        triggers | reached(triggers, ways) == set(nodes)
        and all(ends & reached({name}, ways) for name in nodes.keys() - ends)
        and not any(name in reached({name}, timeless) for name in nodes)
    )


def takes_time(node: dict[str, Any]) -> bool:
    return bool(node["type"].startswith("wait.") and node["config"].get("since") != "entry")


def reached(names: set[str], ways: dict[str, set[str]]) -> set[str]:
    """The nodes a step or more away from any of `names`."""
    found: set[str] = set()
    coming = list(names)
    while coming:
        new = ways.get(coming.pop(), set()) - found
        found |= new
        coming += new
    return found


def each_without(things: list[Any]) -> Iterator[list[Any]]:
    """Without the later half, the earlier half, and without each."""
    half = len(things) // 2
    if half > 1:
        yield things[:half]
        yield things[half:]
    yield from (things[:i] + things[i + 1 :] for i in range(len(things)))


def each_lacking(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return ({key: value for key, value in values.items() if key != gone} for gone in values)
