"""The JSON Schema says what the readers read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from backend.core.journey.document import json_schema
from backend.core.journey.kinds import KINDS
from backend.core.segment import parse
from backend.core.segment.rule import FIELD_OPS, MESSAGE_STATES


def dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dicts(inner)


def test_every_reference_leads_somewhere() -> None:
    schema = json_schema()
    named = {part["$ref"] for part in dicts(schema) if "$ref" in part}
    assert named == {f"#/$defs/{name}" for name in schema["$defs"]}


def test_it_is_json() -> None:
    assert json.loads(json.dumps(json_schema())) == json_schema()


def test_the_document_s_keys_are_closed() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["format", "name", "nodes", "edges"]
    assert set(schema["properties"]) == {"format", "name", "settings", "nodes", "edges", "notes", "scenarios"}
    assert set(schema["properties"]["settings"]["properties"]) == {
        "timezone", "reentry", "exit", "goal", "sending", "holdout", "holidays",
    }  # fmt: skip


def test_every_kind_s_config_is_described() -> None:
    node = json_schema()["properties"]["nodes"]["items"]
    cases = {case["if"]["properties"]["type"]["const"]: case["then"]["properties"]["config"] for case in node["allOf"]}
    assert list(cases) == node["properties"]["type"]["enum"] == list(KINDS)
    assert cases["send.email"]["required"] == ["subject", "body"]
    assert set(cases["send.email"]["properties"]) == {"subject", "body", "preheader", "from", "purpose"}
    assert cases["wait.for"]["properties"]["duration"] == {"$ref": "#/$defs/duration"}
    assert cases["wait.for"]["properties"]["late"] == {"type": "null"}
    branch = cases["branch.if"]["properties"]["branches"]["items"]
    assert branch["properties"]["when"] == {"$ref": "#/$defs/condition"}


def test_every_form_of_a_condition_is_described() -> None:
    forms = {tuple(form["required"]): form["properties"] for form in json_schema()["$defs"]["condition"]["oneOf"]}
    assert {required[0] for required in forms} == set(parse._KEYS) - {"in_segment"}
    assert forms["field", "op"]["op"] == {"enum": list(FIELD_OPS)}
    assert forms["message", "was"]["was"] == {"enum": list(MESSAGE_STATES)}
