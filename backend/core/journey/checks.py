"""How the steps of a journey hang together: small checks, each blind to the others, all asked at once.

They need a graph whose outline is whole (document.read); what is wrong inside a node is reported elsewhere. A port of a
node whose kind is unknown can't be judged and is let pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from backend.core.journey.cycles import cycles
from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds import family_of, kind_of
from backend.core.problem import Problem, error


def problems(graph: Graph) -> list[Problem]:
    return [problem for check in CHECKS for problem in check(graph)]


def has_trigger(graph: Graph) -> Iterator[Problem]:
    if not _triggers(graph):
        yield error("no_trigger", "Nothing starts this journey.", field="nodes", fix="Add a trigger as the first step.")


def duplicate_node_id(graph: Graph) -> Iterator[Problem]:
    for node_id, times in Counter(node.id for node in graph.nodes).items():
        if times > 1:
            message = f"{times} steps have the id “{node_id}”."
            yield error("duplicate_node_id", message, node=node_id, field="id", fix="Give each step an id of its own.")


def edge_to_unknown_node(graph: Graph) -> Iterator[Problem]:
    for at, edge in enumerate(graph.edges):
        for key, end in (("from", edge.source), ("to", edge.target)):
            if end not in graph.by_id:
                node = edge.source if edge.source in graph.by_id else None
                message = f"A line {'starts at' if key == 'from' else 'leads to'} “{end}”, but there is no such step."
                yield error(
                    "unknown_node",
                    message,
                    node=node,
                    field=f"edges.{at}.{key}",
                    fix="Delete the line or draw it anew.",
                )


def unknown_port(graph: Graph) -> Iterator[Problem]:
    for at, edge in enumerate(graph.edges):
        node = graph.by_id.get(edge.source)
        ports = None if node is None else _ports(node)
        if node is not None and ports is not None and edge.port not in ports:
            known = f"its ways out are {', '.join(ports)}" if ports else "nothing leaves it"
            message = f"A line leaves {_called(node)} by “{edge.port}”, but {known}."
            yield error(
                "unknown_port", message, node=node.id, field=f"edges.{at}.port", fix="Delete the line or draw it anew."
            )


def duplicate_edge(graph: Graph) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for at, edge in enumerate(graph.edges):
        if (edge.source, edge.port) in seen:
            node = edge.source if edge.source in graph.by_id else None
            message = f"Two lines leave “{edge.source}” by “{edge.port}”; a person can only go one way."
            yield error("duplicate_edge", message, node=node, field=f"edges.{at}", fix="Delete one of the two lines.")
        seen.add((edge.source, edge.port))


def port_without_edge(graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        for port in _ports(node) or ():
            if (node.id, port) not in graph.target:
                way = "" if port == "next" else f" by “{port}”"
                message = f"Nothing follows {_called(node)}{way}."
                yield error(
                    "port_without_edge",
                    message,
                    node=node.id,
                    field=f"ports.{port}",
                    fix="Draw a line to the next step, or to an End.",
                )


def edge_into_trigger(graph: Graph) -> Iterator[Problem]:
    triggers = {node.id for node in _triggers(graph)}
    for at, edge in enumerate(graph.edges):
        if edge.target in triggers:
            message = (
                f"A line leads into the trigger {_called(graph.by_id[edge.target])}; a trigger only starts people."
            )
            yield error(
                "edge_into_trigger",
                message,
                node=edge.target,
                field=f"edges.{at}.to",
                fix="Lead the line to another step.",
            )


def unreachable(graph: Graph) -> Iterator[Problem]:
    """Asked only when something starts the journey: otherwise every step would be named."""
    triggers = _triggers(graph)
    if not triggers:
        return
    following: dict[str, list[str]] = {}
    for edge in graph.edges:
        following.setdefault(edge.source, []).append(edge.target)
    reached = {node.id for node in triggers}
    waiting = list(reached)
    while waiting:
        for target in following.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    for node in graph.nodes:
        if node.id not in reached:
            message = f"Nobody can get to {_called(node)}."
            yield error("unreachable", message, node=node.id, fix="Draw a line to it, or delete it.")


def endless_loop(graph: Graph) -> Iterator[Problem]:
    """A cycle on which no time passes would turn forever in one instant."""
    quick = [
        edge
        for edge in graph.edges
        if edge.source in graph.by_id and not _takes_time(graph.by_id[edge.source], edge.port)
    ]
    for cycle in cycles([node.id for node in graph.nodes], [(edge.source, edge.target) for edge in quick]):
        names = " → ".join(_called(graph.by_id[node_id]) for node_id in (*cycle, cycle[0]))
        message = f"These steps lead back to themselves without waiting: {names}."
        fix = "Put a wait between them, or lead one of the lines elsewhere."
        yield error("endless_loop", message, node=cycle[0], fix=fix)


def no_exit_rule(graph: Graph) -> Iterator[Problem]:
    """People who have done what a journey is for should not be written to again."""
    letters = [
        node for node in graph.nodes if family_of(node.type) == "send" and node.config.get("purpose") != "transactional"
    ]
    if len(letters) >= LETTERS_MIN and graph.settings.exit is None:
        message = f"This journey sends {len(letters)} marketing messages and never lets anybody go early."
        fix = "Set an exit rule, such as having bought or having unsubscribed."
        yield Problem("warning", "no_exit_rule", None, "settings.exit", message, fix)


LETTERS_MIN = 3
CHECKS = (
    has_trigger,
    duplicate_node_id,
    edge_to_unknown_node,
    unknown_port,
    duplicate_edge,
    port_without_edge,
    edge_into_trigger,
    unreachable,
    endless_loop,
    no_exit_rule,
)


def _triggers(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if family_of(node.type) == "trigger"]


def _ports(node: Node) -> tuple[str, ...] | None:
    kind = kind_of(node.type)
    return None if kind is None else kind.ports(node.config)


def _takes_time(node: Node, port: str) -> bool:
    """A kind we can't judge gets the benefit of the doubt; it is refused anyway."""
    kind = kind_of(node.type)
    return kind is None or kind.takes_time(node.config, port)


def _called(node: Node) -> str:
    return f"“{node.name or node.id}”"
