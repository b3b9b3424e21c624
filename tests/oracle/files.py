"""A case as files: the inputs of `replay` written out, and the types its columns are read by."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from tests.oracle.counting import Outcome
from tests.oracle.interpreter import replay
from tests.oracle.moments import instant_of, iso

ALWAYS_TEXT = ("user_id", "email", "phone", "timezone")
PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True)
class Case:
    """One replay: everything both the referee and the product are given.

    contacts: rows of cells, as they stand in contacts.csv
    events:   {user_id, event, at_ms, properties: dict or None}, in file order
    fields:   types that override what a column looks like, `--fields`
    """

    journey: dict[str, Any]
    contacts: list[dict[str, str]]
    events: list[dict[str, Any]]
    start_ms: int
    until_ms: int
    enroll: list[str] | str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def expected(self) -> Outcome:
        return replay(
            self.journey,
            typed(self.contacts, self.fields),
            self.events,
            start_ms=self.start_ms,
            until_ms=self.until_ms,
            enroll=self.enroll,
        )


@dataclass(frozen=True)
class Inputs:
    """Where a case was written, and what the command line is told besides."""

    journey: Path
    contacts: Path
    events: Path
    out: Path
    start: str
    until: str
    enroll: str | None
    fields: Path | None

    def arguments(self) -> list[str]:
        """The words after `python app.py replay`."""
        words = [str(self.journey), "--contacts", str(self.contacts), "--events", str(self.events)]
        words += ["--from", self.start, "--until", self.until, "--out", str(self.out)]
        words += ["--enroll", self.enroll] if self.enroll else []
        return words + (["--fields", str(self.fields)] if self.fields else [])


def write_case(case: Case, folder: Path) -> Inputs:
    """Write journey.json, contacts.csv, events.csv and, where the case has them, enroll.csv and fields.json."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(
        journey=folder / "journey.json",
        contacts=folder / "contacts.csv",
        events=folder / "events.csv",
        out=folder / "out",
        start=iso(case.start_ms),
        until=iso(case.until_ms),
        enroll=str(folder / "enroll.csv") if isinstance(case.enroll, list) else case.enroll,
        fields=folder / "fields.json" if case.fields else None,
    )
    inputs.journey.write_text(json.dumps(case.journey, ensure_ascii=False), encoding="utf-8")
    write_rows(inputs.contacts, columns_of(case.contacts), case.contacts)
    write_rows(inputs.events, ["user_id", "event", "timestamp", "properties"], map(event_cells, case.events))
    if isinstance(case.enroll, list):
        write_rows(folder / "enroll.csv", ["user_id"], ({"user_id": user_id} for user_id in case.enroll))
    if inputs.fields:
        inputs.fields.write_text(json.dumps(case.fields), encoding="utf-8")
    return inputs


def event_cells(event: Mapping[str, Any]) -> dict[str, str]:
    properties = event.get("properties")
    return {
        "user_id": event["user_id"],
        "event": event["event"],
        "timestamp": iso(event["at_ms"]),
        "properties": "" if properties is None else json.dumps(properties, ensure_ascii=False),
    }


def write_rows(path: Path, columns: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """`user_id` and `email` first, then the columns as they first appear."""
    return list(dict.fromkeys(["user_id", "email", *(name for row in rows for name in row)]))


def typed(rows: list[dict[str, str]], overrides: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Contacts with Python values, each column typed over all its non-empty cells; an empty cell is a missing value."""
    kinds = {name: (overrides or {}).get(name) or kind_of(name, rows) for name in columns_of(rows)}
    return [{name: value_of(cell, kinds[name]) for name, cell in row.items() if cell != ""} for row in rows]


def kind_of(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    cells = [row[name] for row in rows if row.get(name)]
    if name in ALWAYS_TEXT or not cells:
        return "text"
    if all(cell in ("true", "false") for cell in cells):
        return "boolean"
    if all(PLAIN_NUMBER.fullmatch(cell) for cell in cells):
        return "number"
    is_iso = all(instant_of(cell, UTC) is not None for cell in cells)
    return ("date" if all(len(cell) == len("2000-01-01") for cell in cells) else "datetime") if is_iso else "text"


def value_of(cell: str, kind: str) -> object:
    """What a cell holds; dates keep their ISO text, which the date operators read."""
    if kind == "boolean":
        return cell == "true"
    if kind == "number":
        return float(cell) if "." in cell else int(cell)
    return cell
