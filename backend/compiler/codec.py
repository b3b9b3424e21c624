"""Plans as JSON text and back: frozen dataclasses by name, nothing that could run."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from backend.compiler import plan as plans
from backend.core.journey import graph, ops
from backend.core.segment import rule

_CLASSES: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        plans.Take,
        plans.Guard,
        plans.FirstOf,
        plans.ByShare,
        plans.Effect,
        plans.Leg,
        plans.Rest,
        plans.Entry,
        plans.Plan,
        graph.Reentry,
        ops.Send,
        ops.Update,
        ops.Tag,
        rule.AllOf,
        rule.AnyOf,
        rule.Not,
        rule.Field,
        rule.Did,
        rule.HasTag,
        rule.MessageWas,
    )
}


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        return {"is": "dict", "of": {key: _encode(item) for key, item in value.items()}}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if isinstance(value, dict):
        name = value["is"]
        if name == "dict":
            return {key: _decode(item) for key, item in value["of"].items()}
        return _CLASSES[name](**{key: _decode(item) for key, item in value.items() if key != "is"})
    return value


def dump(plan: plans.Plan) -> str:
    """One line of JSON; equal plans give equal text."""
    return json.dumps(_encode(plan), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> plans.Plan:
    """The plan of `dump`. Raises KeyError or TypeError for text that no version of ours has written."""
    plan = _decode(json.loads(text))
    assert isinstance(plan, plans.Plan)
    return plan
