"""The one text of a journey: the same graph gives the same bytes, whoever wrote it and however it was saved.

Keys stand in a fixed order that reads well, nodes stay in the author's order (it decides which trigger is first), edges
follow their nodes, whole numbers have no point. Two spaces, one line break at the end, letters of every script kept.
"""

from __future__ import annotations

import json
from typing import Any

_KEYS = (
    "format", "name", "id", "type", "settings",
    "timezone", "reentry", "exit", "goal", "sending", "holdout", "holidays", "allow", "not_before",
    "from", "port", "to", "label", "share", "position", "x", "y", "config",
    "event", "since", "timeout", "duration", "late", "branches", "shares", "when", "subject", "preheader", "purpose",
    "body",
    "all", "any", "not", "field", "op", "value", "did", "did_not", "in_segment", "has_tag", "message", "was",
    "where", "at_least", "within", "amount", "unit", "set", "add", "remove", "nodes", "edges", "notes", "scenarios",
)  # fmt: skip
_RANK = {key: rank for rank, key in enumerate(_KEYS)}
_WHOLE_MAX = 2**53


def canonical(data: dict[str, Any]) -> str:
    """The text of a document whose shape is right (`document.load_shape`)."""
    return json.dumps(_ordered(_with_edges_in_order(data)), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _with_edges_in_order(data: dict[str, Any]) -> dict[str, Any]:
    """An edge has no place of its own, so it stands where its node does."""
    if not isinstance(data.get("edges"), list) or not isinstance(data.get("nodes"), list):
        return data
    place = {node.get("id"): at for at, node in enumerate(data["nodes"])}
    last = len(place)
    edges = sorted(
        data["edges"], key=lambda edge: (place.get(edge["from"], last), edge["from"], edge["port"], edge["to"])
    )
    return data | {"edges": edges}


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_RANK.get(key, len(_RANK)), key))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_MAX:
        return int(value)
    return value
