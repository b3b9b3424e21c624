"""The node kinds: those of this folder, and those other packages offer by entry point (group `sojourn.kinds`).

An entry point is named as its kind (`acme.call`) and leads to a `Kind` object; it is loaded when a journey first uses
it, and can't stand in for a kind of ours.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from threading import Lock

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds import (
    branch_if,
    branch_split,
    exit,
    send_email,
    tag,
    trigger_event,
    trigger_manual,
    update_contact,
    wait_event,
    wait_for,
)
from backend.core.journey.kinds.designed import DESIGNED
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import Op
from backend.core.problem import Problem, error

GROUP = "sojourn.kinds"

_MODULES = (
    trigger_event, trigger_manual, wait_for, wait_event, branch_if, branch_split, send_email, update_contact, tag, exit,
)  # fmt: skip
KINDS: dict[str, Kind] = {module.KIND.name: module.KIND for module in _MODULES}
"""In the palette's order; kinds of other packages are added when they are loaded."""

_loading = Lock()


def kind_of(name: str) -> Kind | None:
    """The kind, or None when there is none, it is not built yet, or its package can't be loaded."""
    if name in KINDS or name in DESIGNED:
        return KINDS.get(name)
    with _loading:
        offer = _offered().pop(name, None)
        if offer is None:
            return KINDS.get(name)
        try:
            loaded = offer.load()
        except Exception:
            return None  # whatever a foreign package does on import, its journeys get a Problem and ours go on
        if isinstance(loaded, Kind) and loaded.name == name:
            KINDS[name] = loaded
    return KINDS.get(name)


def load_all() -> dict[str, Kind]:
    """Every kind there is, those of other packages loaded too; for the palette."""
    for name in list(_offered()):
        kind_of(name)
    return KINDS


@cache
def _offered() -> dict[str, EntryPoint]:
    """What other packages offer and nobody has asked for yet; read once, for it costs a walk over all packages."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def kind_problem(node: Node) -> Problem | None:
    """Why the node's type can't be used, if it can't."""
    if kind_of(node.type) is not None:
        return None
    if node.type in DESIGNED:
        message = f"The step “{DESIGNED[node.type].title}” can't be used yet."
        return error("not_available", message, node=node.id, field="type", fix="Replace it by another step for now.")
    message = f"“{node.type[:60]}” is no kind of step we know, or the package that offers it can't be loaded."
    return error("unknown_kind", message, node=node.id, field="type", fix="Replace it by a step from the palette.")


def family_of(name: str) -> str | None:
    """The family, known for designed kinds too."""
    kind = kind_of(name)
    if kind is not None:
        return kind.family
    return DESIGNED[name].family if name in DESIGNED else None


def lower(node: Node, graph: Graph) -> Op:
    """The op of a node in a graph without errors."""
    kind = kind_of(node.type)
    assert kind is not None, f"{node.type} should have been refused"
    return kind.lower(node, graph)
