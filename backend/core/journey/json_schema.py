"""JSON Schema of what stands in many places of a journey: conditions and durations.

It describes for editors and other programs what `segment.parse` and `duration` read; those two decide.
"""

from __future__ import annotations

from typing import Any

from backend.core.duration import UNIT_MS
from backend.core.segment.rule import FIELD_OPS, MESSAGE_STATES

_CONDITION = {"$ref": "#/$defs/condition"}
_DURATION = {"$ref": "#/$defs/duration"}
_TEXT = {"type": "string", "minLength": 1}


def duration_schema() -> dict[str, Any]:
    return _object({"amount": {"type": "integer", "minimum": 1}, "unit": {"enum": list(UNIT_MS)}}, "amount", "unit")


def condition_schema() -> dict[str, Any]:
    """One of the shapes a condition can have, each told by its first key."""
    many = {"type": "array", "items": _CONDITION}
    counted = {
        "where": _or_null(_CONDITION),
        "at_least": _or_null({"type": "integer", "minimum": 1}),
        "within": _or_null(_DURATION),
    }
    return {
        "oneOf": [
            _object({"all": many}, "all"),
            _object({"any": many}, "any"),
            _object({"not": _CONDITION}, "not"),
            _object({"field": _TEXT, "op": {"enum": list(FIELD_OPS)}, "value": {}}, "field", "op"),
            _object({"did": _TEXT} | counted, "did"),
            _object({"did_not": _TEXT} | counted, "did_not"),
            _object({"has_tag": _TEXT}, "has_tag"),
            _object({"message": _TEXT, "was": {"enum": list(MESSAGE_STATES)}}, "message", "was"),
        ]
    }


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
