"""A case as text: what a failing comparison prints, and what a kept one is read from."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from tests.oracle.files import Case
from tests.oracle.moments import instant_of, iso


def describe(case: Case) -> str:
    """A failing case as JSON, a line for each thing; `read_case` makes the case of it again."""
    parts: dict[str, list[Any]] = {
        "settings": [case.journey.get("settings") or {}],
        "nodes": [{key: value for key, value in node.items() if key != "position"} for node in case.journey["nodes"]],
        "edges": [f"{edge['from']}:{edge['port']} > {edge['to']}" for edge in case.journey["edges"]],
        "contacts": [{name: cell for name, cell in row.items() if cell} for row in case.contacts],
        "fields": [case.fields],
        "enroll": [case.enroll],
        "events": [[iso(e["at_ms"]), e["user_id"], e["event"], e["properties"]] for e in case.events],
        "from_until": [iso(case.start_ms), iso(case.until_ms)],
    }
    lines = (f' "{name}": [{"".join(listed(values))}]' for name, values in parts.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def listed(values: list[Any]) -> list[str]:
    return [("," if row else "") + "\n  " + json.dumps(value, ensure_ascii=False) for row, value in enumerate(values)]


def read_case(text: str) -> Case:
    """The case `describe` printed, to be kept as a test."""
    parts = json.loads(text)
    edges = [edge.replace(" > ", ":").split(":") for edge in parts["edges"]]
    start_ms, until_ms = map(instant, parts["from_until"])
    return Case(
        journey={
            "format": "sojourn/journey@1",
            "name": "Random",
            "settings": parts["settings"][0],
            "nodes": [
                {"id": node["id"], "type": node["type"], "position": {"x": 0, "y": 120 * row}, "config": node["config"]}
                for row, node in enumerate(parts["nodes"])
            ],
            "edges": [{"from": start, "port": port, "to": to} for start, port, to in edges],
        },
        contacts=parts["contacts"],
        events=[
            {"user_id": user_id, "event": name, "at_ms": instant(at), "properties": properties}
            for at, user_id, name, properties in parts["events"]
        ],
        start_ms=start_ms,
        until_ms=until_ms,
        enroll=parts["enroll"][0],
        fields=parts["fields"][0],
    )


def instant(text: str) -> int:
    found = instant_of(text, UTC)
    assert found is not None, text
    return found
