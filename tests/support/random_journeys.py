"""Random journeys: valid ones, with merges, loops through waits, and branches that read what was just written."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.random_rules import (
    WRITES,
    contact_rules,
    event_names,
    event_rules,
    grid_durations,
    many,
    maybe,
    rarely,
    turning_rules,
)

KINDS = [
    "wait.for",
    "wait.event",
    "send.email",
    "branch.if",
    "update.contact",
    "send.email",
    "wait.event",
    "branch.if",
    "tag",
    "update.contact",
    "branch.split",
]
TAGS = ["vip", "old"]
TIMED_KINDS = ("wait.for", "wait.event")
SHARES: list[list[float]] = [[50, 50], [33.33, 66.67], [10, 20, 70], [0.01, 99.99]]

Config = dict[str, Any]


@st.composite
def journeys(draw: st.DrawFn) -> dict[str, Any]:
    """A valid document: every port has its edge, every node is reached and reaches an exit, every cycle takes time."""
    kinds = draw(many(st.sampled_from(KINDS), usual=(3, 8)))
    if not kinds or draw(st.booleans()):
        kinds.insert(0, draw(st.sampled_from(["wait.event", "wait.for"])))
    middle = [f"n{i}" for i in range(1, len(kinds) + 1)]
    ends = ["end"] if draw(st.booleans()) else ["end", "other_end"]
    sends = [node for node, kind in zip(middle, kinds, strict=True) if kind == "send.email"]
    nodes = [*draw(triggers())]
    targets: dict[str, dict[str, str]] = {
        trigger["id"]: {"next": draw(st.sampled_from([*middle[:1] * 3, *middle[:3], ends[0]]))} for trigger in nodes
    }
    for index, (name, kind) in enumerate(zip(middle, kinds, strict=True)):
        config = draw(configs(kind, sends))
        nodes.append({"id": name, "type": kind, "config": config})
        after = middle[index + 1 :]
        onward, back = [*after[:1] * 3, *after, *ends], middle[: index + 1]
        may_return = kind in TIMED_KINDS and config.get("since") != "entry"
        targets[name] = {
            port: draw(st.sampled_from(back if may_return and draw(rarely()) else onward))
            for port in ports(kind, config)
        }
    nodes += [{"id": name, "type": "exit", "config": {}} for name in ends]
    let_everyone_out(targets, ends)
    return document(nodes, targets, settings=draw(all_settings(sends)))


def let_everyone_out(targets: dict[str, dict[str, str]], ends: list[str]) -> None:
    """Turn a way back into a way out, node by node, until an exit can be reached from everywhere."""
    while stuck := [name for name in targets if not set(ends) & reached_from([name], targets)]:
        targets[stuck[-1]][next(iter(targets[stuck[-1]]))] = ends[0]


def reached_from(names: list[str], targets: dict[str, dict[str, str]]) -> set[str]:
    reached, coming = set(names), list(names)
    while coming:
        for target in targets.get(coming.pop(), {}).values():
            if target not in reached:
                reached.add(target)
                coming.append(target)
    return reached


def document(nodes: list[dict[str, Any]], targets: dict[str, dict[str, str]], *, settings: Config) -> dict[str, Any]:
    reached = reached_from([node["id"] for node in nodes if node["type"].startswith("trigger.")], targets)
    kept = [node for node in nodes if node["id"] in reached]
    sends = {node["id"] for node in kept if node["type"] == "send.email"}
    whole = {
        "format": "sojourn/journey@1",
        "name": "Random",
        "settings": settings,
        "nodes": [
            {"id": node["id"], "type": node["type"], "position": {"x": 0, "y": 120 * row}, "config": node["config"]}
            for row, node in enumerate(kept)
        ],
        "edges": [
            {"from": node["id"], "port": port, "to": to}
            for node in kept
            for port, to in targets.get(node["id"], {}).items()
        ],
    }
    without_lost: dict[str, Any] = without_lost_messages(whole, sends)
    return without_lost


def without_lost_messages(part: Any, sends: set[str]) -> Any:
    """A condition may ask only for messages of nodes that are still there; one that was cut off becomes a tag."""
    if isinstance(part, dict):
        if "message" in part and part["message"] not in sends:
            return {"has_tag": TAGS[0]}
        return {key: without_lost_messages(value, sends) for key, value in part.items()}
    return [without_lost_messages(value, sends) for value in part] if isinstance(part, list) else part


@st.composite
def triggers(draw: st.DrawFn) -> list[dict[str, Any]]:
    by_event = st.fixed_dictionaries({"event": event_names(), "where": rare_where()})
    found = [
        {"id": f"start{i}", "type": "trigger.event", "config": config}
        for i, config in enumerate(draw(st.lists(by_event, min_size=1, max_size=3)))
    ]
    if draw(rarely()):
        found.insert(draw(st.integers(0, len(found))), {"id": "hand", "type": "trigger.manual", "config": {}})
    return found


def rare_where() -> st.SearchStrategy[Any]:
    return rarely().flatmap(lambda is_rare: event_rules() if is_rare else st.none())


def ports(kind: str, config: Config) -> list[str]:
    match kind:
        case "wait.event":
            return ["happened", "timeout"] if config["timeout"] else ["happened"]
        case "branch.if":
            return [*(branch["port"] for branch in config["branches"]), "else"]
        case "branch.split":
            return [share["port"] for share in config["shares"]]
    return ["next"]


@st.composite
def configs(draw: st.DrawFn, kind: str, sends: list[str]) -> Config:
    match kind:
        case "wait.for":
            return {"duration": draw(grid_durations())}
        case "wait.event":
            config = {
                "event": draw(event_names()),
                "where": draw(rare_where()),
                "timeout": draw(maybe(grid_durations())),
            }
            since = draw(st.sampled_from([None, "wait", "entry"]))
            return config | ({"since": since} if since else {})
        case "branch.if":
            rules = draw(st.lists(contact_rules(sends), min_size=1, max_size=2))
            return {"branches": [{"port": f"p{i}", "label": f"Way {i}", "when": rule} for i, rule in enumerate(rules)]}
        case "branch.split":
            shares = draw(st.sampled_from(SHARES))
            return {
                "shares": [{"port": f"s{i}", "label": f"Part {i}", "share": share} for i, share in enumerate(shares)]
            }
        case "send.email":
            purpose = draw(st.sampled_from([None, "marketing", "transactional"]))
            return {"subject": "Hello", "body": "Hello there"} | ({"purpose": purpose} if purpose else {})
        case "update.contact":
            return {
                "set": draw(
                    st.dictionaries(st.sampled_from(list(WRITES)), st.none(), min_size=1, max_size=2).flatmap(writes)
                )
            }
        case "tag":
            add = draw(st.lists(st.sampled_from(TAGS), max_size=1))
            return {"add": add, "remove": draw(st.lists(st.sampled_from(TAGS), min_size=0 if add else 1, max_size=1))}
    raise AssertionError(kind)


def writes(names: dict[str, None]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: st.sampled_from(WRITES[name]) for name in names})


@st.composite
def all_settings(draw: st.DrawFn, sends: list[str]) -> Config:
    settings: Config = {}
    if zone := draw(st.sampled_from([None, "Europe/Berlin", "America/New_York", "UTC"])):
        settings["timezone"] = zone
    if allow := draw(st.sampled_from(["always", "after_exit", None, "never"])):
        settings["reentry"] = {"allow": allow}
        if allow != "never" and (not_before := draw(maybe(grid_durations()))):
            settings["reentry"]["not_before"] = not_before
    if draw(st.booleans()):
        settings["exit"] = draw(contact_rules(sends) if draw(rarely()) else turning_rules(sends))
    return settings
