"""Random journeys: valid ones, with merges, loops through waits, and branches that read what was just written."""

from __future__ import annotations

from typing import Any

from tests.support.choosing import Choose, few, often, rarely, several
from tests.support.random_rules import (
    DURATIONS,
    TAGS,
    WRITES,
    Theme,
    a_contact_rule,
    a_turning_rule,
    an_event_name,
    an_event_rule,
)

KINDS = [
    *("wait.for", "wait.event", "send.email", "branch.if", "update.contact"),
    *("wait.for", "wait.event", "send.email", "tag", "branch.split"),
]
SHARES: list[list[float]] = [[50, 50], [33.33, 66.67], [10, 20, 70], [0.01, 99.99]]

Config = dict[str, Any]
Targets = dict[str, dict[str, str]]


def a_journey(choose: Choose, theme: Theme) -> dict[str, Any]:
    """A valid document: every port has its edge, every node is reached and reaches an exit, every cycle takes time."""
    first = several(choose, lambda: choose(["wait.event", "wait.for"]), [0, 1])
    if theme.subject == "messages":
        first = ["send.email", *first]
    kinds = [*first, *several(choose, lambda: choose([*KINDS, *theme.kinds * 2]), [1, 2, 3, 4, 5, 6, 7, 8])]
    middle = [f"n{i}" for i in range(1, len(kinds) + 1)]
    ends = choose([["end"], ["end", "other_end"]])
    sends = [name for name, kind in zip(middle, kinds, strict=True) if kind == "send.email"]
    nodes = some_triggers(choose, theme)
    targets: Targets = {node["id"]: {"next": choose([*middle[:1] * 4, *middle[:3], ends[0]])} for node in nodes}
    for index, (name, kind) in enumerate(zip(middle, kinds, strict=True)):
        node = {"id": name, "type": kind, "config": a_config(choose, kind, theme, sends)}
        targets[name] = some_targets(choose, node, [*middle[index + 1 :], *ends], back=middle[: index + 1])
        nodes.append(node)
    nodes += [{"id": name, "type": "exit", "config": {}} for name in ends]
    let_everyone_out(targets, ends)
    return reachable(nodes, targets, settings=some_settings(choose, theme, sends))


def some_targets(choose: Choose, node: dict[str, Any], onward: list[str], back: list[str]) -> dict[str, str]:
    """Mostly the next node; only a wait that takes time may lead back."""
    takes_time = node["type"] in ("wait.for", "wait.event") and node["config"].get("since") != "entry"
    return {
        port: choose(back) if takes_time and rarely(choose) else choose([*onward[:1] * 4, *onward])
        for port in ports(node["type"], node["config"])
    }


def let_everyone_out(targets: Targets, ends: list[str]) -> None:
    """Turn a way back into a way out, node by node, until an exit can be reached from everywhere."""
    while stuck := [name for name in targets if not set(ends) & reached_from([name], targets)]:
        targets[stuck[-1]][next(iter(targets[stuck[-1]]))] = ends[0]


def reached_from(names: list[str], targets: Targets) -> set[str]:
    reached, coming = set(names), list(names)
    while coming:
        for target in targets.get(coming.pop(), {}).values():
            if target not in reached:
                reached.add(target)
                coming.append(target)
    return reached


def reachable(nodes: list[dict[str, Any]], targets: Targets, *, settings: Config) -> dict[str, Any]:
    """The document of those nodes that a trigger leads to."""
    reached = reached_from([node["id"] for node in nodes if node["type"].startswith("trigger.")], targets)
    kept = [node for node in nodes if node["id"] in reached]
    sends = {node["id"] for node in kept if node["type"] == "send.email"}
    whole: dict[str, Any] = without_lost_messages({"settings": settings, "nodes": kept}, sends)
    return {
        "format": "sojourn/journey@1",
        "name": "Random",
        "settings": whole["settings"],
        "nodes": [node | {"position": {"x": 0, "y": 120 * row}} for row, node in enumerate(whole["nodes"])],
        "edges": [
            {"from": node["id"], "port": port, "to": to}
            for node in kept
            for port, to in targets.get(node["id"], {}).items()
        ],
    }


def without_lost_messages(part: Any, sends: set[str]) -> Any:
    """A condition may ask only for messages of nodes that are still there; one that was cut off becomes a tag."""
    if isinstance(part, dict):
        if "message" in part and part["message"] not in sends:
            return {"has_tag": TAGS[0]}
        return {key: without_lost_messages(value, sends) for key, value in part.items()}
    return [without_lost_messages(value, sends) for value in part] if isinstance(part, list) else part


def some_triggers(choose: Choose, theme: Theme) -> list[dict[str, Any]]:
    def a_trigger() -> Config:
        return {"event": an_event_name(choose, theme), "where": a_where(choose, theme)}

    configs = several(choose, a_trigger, [1, 1, 2, 3])
    found = [{"id": f"start{i}", "type": "trigger.event", "config": config} for i, config in enumerate(configs)]
    if rarely(choose):
        found.insert(choose(range(len(found) + 1)), {"id": "hand", "type": "trigger.manual", "config": {}})
    return found


def a_where(choose: Choose, theme: Theme) -> Config | None:
    return an_event_rule(choose, theme) if rarely(choose) else None


def ports(kind: str, config: Config) -> list[str]:
    match kind:
        case "wait.event":
            return ["happened", "timeout"] if config["timeout"] else ["happened"]
        case "branch.if":
            return [*(branch["port"] for branch in config["branches"]), "else"]
        case "branch.split":
            return [share["port"] for share in config["shares"]]
    return ["next"]


def a_config(choose: Choose, kind: str, theme: Theme, sends: list[str]) -> Config:
    match kind:
        case "wait.for":
            return {"duration": choose([*theme.spans * 2, *DURATIONS])}
        case "wait.event":
            since = choose([{}, {"since": "wait"}, {"since": "entry"}])
            timeout = choose([*theme.spans, *DURATIONS]) if often(choose) else None
            return {"event": an_event_name(choose, theme), "where": a_where(choose, theme), "timeout": timeout} | since
        case "branch.if":
            rules = several(choose, lambda: a_contact_rule(choose, theme, sends), [1, 1, 2])
            return {"branches": [{"port": f"p{i}", "label": f"Way {i}", "when": rule} for i, rule in enumerate(rules)]}
        case "branch.split":
            shares = enumerate(choose(SHARES))
            return {"shares": [{"port": f"s{i}", "label": f"Part {i}", "share": share} for i, share in shares]}
        case "send.email":
            purpose = choose([{}, {"purpose": "marketing"}, {"purpose": "transactional"}])
            return {"subject": "Hello", "body": "Hello there"} | purpose
        case "update.contact":
            return {"set": {name: choose(WRITES[name]) for name in few(choose, theme.fields, 2)}}
        case "tag":
            return choose([{"add": [theme.tag], "remove": []}, {"add": [theme.tag]}, {"remove": TAGS}])
    raise AssertionError(kind)


def some_settings(choose: Choose, theme: Theme, sends: list[str]) -> Config:
    settings: Config = {}
    if zone := choose([None, "Europe/Berlin", "Europe/Berlin", "America/New_York", "UTC"]):
        settings["timezone"] = zone
    overlapping = ["always"] * 4 if theme.subject in ("messages", "changes") else []
    if allow := choose(["always", "after_exit", None, "never", *overlapping]):
        settings["reentry"] = {"allow": allow}
        if allow != "never" and rarely(choose):
            settings["reentry"]["not_before"] = choose(theme.spans)
    if choose([False, True]):
        find = a_contact_rule if rarely(choose) else a_turning_rule
        settings["exit"] = find(choose, theme, sends)
    return settings
