"""Replay's input files: contacts.csv, events.csv, --fields. Every fault names its file and row."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from backend.core.moment import instant_ms
from backend.ingestion.columns import convert, infer_types
from backend.ingestion.text import DEPTH_MAX, depth, mend_value

TYPES = ("text", "number", "boolean", "date", "datetime")


class FileProblem(ValueError):
    """A file cannot be used; the message says which one, where and why."""


@dataclass(frozen=True)
class Person:
    """A row of contacts.csv. built_in: email, phone, timezone, unsubscribed; fields: the custom columns."""

    user_id: str
    built_in: dict[str, Any]
    fields: dict[str, Any]


@dataclass(frozen=True)
class Happening:
    """A row of events.csv."""

    at: int
    user_id: str
    event: str
    properties: dict[str, Any] | None


def read_document(path: Path) -> Any:
    """The JSON of a journey's file."""
    return _json(_text(path), path.name)


def read_enrolled(path: Path) -> list[str]:
    """`--enroll FILE`: the column user_id where the first row names one, else one user_id a line."""
    reader = csv.reader(StringIO(_text(path), newline=""), strict=True)
    try:
        rows = [row for row in reader if row]
    except csv.Error as wrong:
        raise FileProblem(f"--enroll: {path.name}, row {reader.line_num}: {wrong}") from None
    names = [name.strip() for name in rows[0]] if rows else []
    at = names.index("user_id") if "user_id" in names else 0
    cells = (row[at].strip() for row in (rows[1:] if "user_id" in names else rows) if at < len(row))
    return [cell for cell in cells if cell]


def read_types(text: str | None) -> dict[str, str]:
    """`--fields`: a JSON object of column -> type, or a file that holds one."""
    if not text:
        return {}
    if not text.lstrip().startswith("{"):
        text = _text(Path(text))
    given = _json(text, "--fields")
    if not isinstance(given, dict):
        raise FileProblem("--fields: must be a JSON object of column and type")
    for name, kind in given.items():
        if kind not in TYPES:
            raise FileProblem(f"--fields: {name}: the type must be one of {', '.join(TYPES)}, not {kind!r}")
    return given


def read_contacts(path: Path, types: dict[str, str]) -> list[Person]:
    """The people of contacts.csv, in its order."""
    rows = list(_rows(path, ("user_id",)))
    kinds = {**infer_types(row for _, row in rows), **types}
    seen: dict[str, int] = {}
    people = []
    for number, row in rows:
        user_id = row["user_id"]
        if not user_id:
            raise FileProblem(f"{path.name}, row {number}: user_id is empty")
        if user_id in seen:
            raise FileProblem(f"{path.name}, row {number}: user_id {user_id!r} is already in row {seen[user_id]}")
        seen[user_id] = number
        people.append(_person(path, number, row, kinds))
    return people


def _person(path: Path, number: int, row: dict[str, str], kinds: dict[str, str]) -> Person:
    built_in: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for name, cell in row.items():
        if name in ("email", "phone", "timezone"):
            built_in[name] = cell or None
        elif name == "unsubscribed":
            if cell not in ("", "true", "false"):
                raise FileProblem(f"{path.name}, row {number}: unsubscribed must be true or false, not {cell!r}")
            built_in[name] = cell == "true"
        elif name != "user_id" and cell != "":
            fields[name] = convert(cell, kinds[name])
    return Person(row["user_id"], built_in, fields)


def read_events(path: Path) -> list[Happening]:
    """The events of events.csv, by timestamp, then row."""
    found = []
    for number, row in _rows(path, ("user_id", "event", "timestamp")):
        where = f"{path.name}, row {number}"
        for name in ("user_id", "event"):
            if not row[name]:
                raise FileProblem(f"{where}: {name} is empty")
        found.append(
            Happening(
                _instant(row["timestamp"], f"{where}: timestamp"),
                row["user_id"],
                row["event"],
                _properties(row.get("properties", ""), where),
            )
        )
    found.sort(key=lambda happening: happening.at)
    return found


def read_moment(text: str, name: str) -> int:
    """A moment given on the command line."""
    return _instant(text, name)


def _instant(text: str, where: str) -> int:
    at = instant_ms(text, "UTC")
    if at is None:
        raise FileProblem(f"{where}: {text!r} is no ISO 8601 date and time")
    if "T" not in text.upper().replace(" ", "T") or instant_ms(text, "Etc/GMT+1") != at:
        raise FileProblem(f"{where}: {text!r} has no zone offset; write Z or +02:00 behind it")
    return at


def _properties(cell: str, where: str) -> dict[str, Any] | None:
    if not cell:
        return None
    found = _json(cell, f"{where}: properties")
    if not isinstance(found, dict):
        raise FileProblem(f"{where}: properties: must be a JSON object")
    if depth(found) > DEPTH_MAX:
        raise FileProblem(f"{where}: properties: nested more than {DEPTH_MAX} deep")
    mended: dict[str, Any] = mend_value(found)  # as the event API does, so that every database can hold them
    return mended


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise FileProblem(f"{where}: not JSON: nested too deeply") from None
    except ValueError as wrong:
        raise FileProblem(f"{where}: not JSON: {wrong}") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _rows(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number in the file, column -> cell); the header is row 1."""
    # Not splitlines(): it would break a row at characters that end a line nowhere but in print.
    reader = csv.reader(StringIO(_text(path), newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            raise FileProblem(f"{path.name}: is empty; its first row must name the columns")
        for name in wanted:
            if name not in header:
                raise FileProblem(f"{path.name}, row 1: the column {name} is missing")
        repeated = {name for name in header if header.count(name) > 1}
        if repeated:
            raise FileProblem(f"{path.name}, row 1: the column {sorted(repeated)[0]!r} comes twice")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise FileProblem(
                    f"{path.name}, row {reader.line_num}: has {len(cells)} cells, the header has {len(header)}"
                )
            yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as wrong:
        raise FileProblem(f"{path.name}, row {reader.line_num}: {wrong}") from None


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as wrong:
        raise FileProblem(f"{path}: cannot be read: {wrong.strerror}") from None
    except UnicodeDecodeError as wrong:
        raise FileProblem(f"{path.name}: is not UTF-8 (byte {wrong.start + 1})") from None
    if "\0" in text:
        raise FileProblem(f"{path.name}: holds a NUL character")
    return text
