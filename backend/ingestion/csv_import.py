"""Import contacts from a CSV file: streamed, in batches of 1,000, with progress; bad rows are listed, never fatal.

A batch is one transaction that also writes the progress, so a stop in the middle leaves whole batches, and running the
same file again changes nothing that is already there. An empty cell leaves a field as it is. An import may unsubscribe
people and never subscribes anybody again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any
from zlib import crc32

from sqlalchemy import Connection, insert, update

from backend.core.moment import instant_ms, zone
from backend.core.split import P
from backend.db.connect import Database
from backend.db.tables import contact, contact_tag, task
from backend.ingestion import people
from backend.ingestion.columns import convert, infer_types
from backend.ingestion.csv_columns import TAGS, BadMapping, checked, guess
from backend.ingestion.csv_read import BadFile, BadRow, Row, Shape, rows, sniff
from backend.ingestion.people import Changes, Person, email_key
from backend.ingestion.segment_api import ID_CHARS_MAX, NAME_CHARS_MAX
from backend.ingestion.upsert import insert_new

log = logging.getLogger("sojourn.ingestion")

KIND = "import_contacts"
BATCH = 1_000
REJECTED_SHOWN = 1_000
SAMPLES = 3
PREVIEW_ROWS = 1_000
EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>\"]+@[^@\s\x00-\x1f,;<>\"]+\Z")
CLAIMS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Progress = Callable[[dict[str, Any]], None]


@dataclass
class Report:
    """What an import did. updated: contacts that were there and really changed. rejected: [{row, field, reason}]."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rejected_total: int = 0
    error: str | None = None

    def reject(self, bad: BadRow) -> None:
        self.rejected_total += 1
        if len(self.rejected) < REJECTED_SHOWN:
            self.rejected.append({"row": bad.number, "field": bad.column, "reason": bad.reason})

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "error" or value is not None}


@dataclass
class _Import:
    shape: Shape
    fields: dict[str, str]  # column -> field
    types: dict[str, str]  # field -> type
    report: Report = field(default_factory=Report)
    first_seen: dict[int, int] = field(default_factory=dict)  # hash of who -> row


def preview(stream: IO[bytes]) -> dict[str, Any]:
    """{columns: [{name, guess, type, samples}], rows, encoding}. Raises: BadFile."""
    shape = sniff(stream)
    good = [row for row in islice(rows(stream, shape), PREVIEW_ROWS) if isinstance(row, Row)]
    types = infer_types(dict(zip(shape.columns, row.cells, strict=True)) for row in good)
    guessed = guess(shape.columns)
    columns = []
    for place, name in enumerate(shape.columns):
        samples = [row.cells[place][:100] for row in good if row.cells[place]][:SAMPLES]
        columns.append({"name": name, "guess": guessed[name], "type": types.get(name, "text"), "samples": samples})
    return {"columns": columns, "rows": sum(1 for _ in rows(stream, shape)), "encoding": shape.encoding}


def start(db: Database, now_ms: int) -> int:
    """The id of a new task, running."""
    with db.write() as conn:
        values = {"kind": KIND, "state": "running", "report": Report().as_dict(), "created_at": now_ms}
        added = insert(task).values(**values, updated_at=now_ms).returning(task.c.id)
        return int(conn.execute(added).scalar_one())


def recover(db: Database, now_ms: int) -> int:
    """At start-up nobody runs an import: those that say so were cut off. How many."""
    with db.write() as conn:
        report = Report(error="The server stopped during the import. Import the file again: nothing is done twice.")
        cut_off = update(task).where(task.c.kind == KIND, task.c.state == "running")
        return conn.execute(cut_off.values(state="failed", report=report.as_dict(), updated_at=now_ms)).rowcount


def import_csv(
    db: Database,
    stream: IO[bytes],
    mapping: Mapping[str, str | None] | None,
    task_id: int,
    now_ms: int,
    progress: Progress = lambda document: None,
    *,
    is_dry: bool = False,
) -> Report:
    """Import a seekable file into the contacts and close the task. `progress` hears {id, state, done, total, report}.

    is_dry: read everything and report the bad rows, but store nothing.

    mapping: column -> field, None to leave it out; without a mapping the columns' names decide. A file or mapping that
    cannot be used, or a database that fails, ends in the report's `error` and a failed task.
    """
    told = _Told(db, task_id, now_ms, progress)
    try:
        job = _open(stream, mapping)
        total = _infer(job, stream)
        told.tell("running", 0, total, job.report)
        done = 0
        for batch in _batches(rows(stream, job.shape), BATCH):
            done += len(batch)
            _import_batch(db, job, batch, told, done, total, is_dry=is_dry)
    except (BadFile, BadMapping) as error:
        place = f"{error.column}: " if isinstance(error, BadMapping) and error.column else ""
        return told.fail(Report(error=place + str(error)))
    except Exception:
        log.exception("import %s failed", task_id)
        told.fail(Report(error="The import failed; its cause is in the server's log. What was imported stays."))
        raise
    told.tell("done", total, total, job.report)
    return job.report


@dataclass
class _Told:
    db: Database
    task_id: int
    now_ms: int
    progress: Progress

    def write(self, conn: Connection, state: str, done: int, total: int | None, report: Report) -> None:
        values = {"state": state, "done": done, "total": total, "report": report.as_dict(), "updated_at": self.now_ms}
        conn.execute(update(task).where(task.c.id == self.task_id).values(**values))

    def tell(self, state: str, done: int, total: int | None, report: Report) -> None:
        with self.db.write() as conn:
            self.write(conn, state, done, total, report)
        self.say(state, done, total, report)

    def say(self, state: str, done: int, total: int | None, report: Report) -> None:
        document = {"id": self.task_id, "kind": KIND, "state": state, "done": done, "total": total}
        self.progress({**document, "report": report.as_dict()})

    def fail(self, report: Report) -> Report:
        self.tell("failed", 0, None, report)
        return report


def _open(stream: IO[bytes], mapping: Mapping[str, str | None] | None) -> _Import:
    shape = sniff(stream)
    return _Import(shape, checked(mapping, shape.columns), {})


def _infer(job: _Import, stream: IO[bytes]) -> int:
    """Types of the custom fields over the whole file, before the first row is stored; how many rows there are."""
    total = 0
    custom = [
        (place, job.fields[column])
        for place, column in enumerate(job.shape.columns)
        if column in job.fields and job.fields[column] not in people.BUILT_IN and job.fields[column] != TAGS
    ]

    def cells() -> Iterator[dict[str, str]]:
        nonlocal total
        for row in rows(stream, job.shape):
            total += 1
            if isinstance(row, Row):
                yield {name: row.cells[place] for place, name in custom}

    job.types = infer_types(cells())
    return total


def _import_batch(
    db: Database, job: _Import, batch: list[Row | BadRow], told: _Told, done: int, total: int, *, is_dry: bool
) -> None:
    entries = []
    for row in batch:
        entry = row if isinstance(row, BadRow) else _entry(job, row)
        if isinstance(entry, BadRow):
            job.report.reject(entry)
        else:
            entries.append(entry)
    with db.write() as conn:
        if not is_dry:
            _store(conn, job, entries, told.now_ms)
        told.write(conn, "running", done, total, job.report)
    told.say("running", done, total, job.report)


@dataclass
class _Entry:
    """A row's values, by field."""

    number: int
    user_id: str | None
    email_key: str | None
    values: dict[str, Any]
    tags: list[str]


def _entry(job: _Import, row: Row) -> _Entry | BadRow:
    values: dict[str, Any] = {}
    tags: list[str] = []
    for column, cell in zip(job.shape.columns, row.cells, strict=True):
        name = job.fields.get(column)
        if name is None or not cell.strip():
            continue
        if name == TAGS:
            tags = [tag for tag in (part.strip() for part in cell.split(",")) if tag]
            if any(len(tag) > NAME_CHARS_MAX for tag in tags):
                return BadRow(row.number, column, f"A tag has at most {NAME_CHARS_MAX} characters.")
        elif name in people.BUILT_IN:
            reason = _wrong(name, cell.strip())
            if reason:
                return BadRow(row.number, column, reason)
            values[name] = CLAIMS[cell.strip().casefold()] if name == "unsubscribed" else cell.strip()
        else:
            values[name] = convert(cell, job.types.get(name, "text"))
    user_id, key = values.pop("user_id", None), email_key(values.get("email"))
    if user_id is None and key is None:
        return BadRow(row.number, None, "The row has neither a user_id nor an e-mail address.")
    who = hash(("user", user_id) if user_id else ("email", key))
    first = job.first_seen.setdefault(who, row.number)
    if first != row.number:
        return BadRow(row.number, "user_id" if user_id else "email", f"The same as in row {first}.")
    return _Entry(row.number, user_id, key, values, tags)


def _wrong(name: str, cell: str) -> str | None:
    """Why a cell cannot be that built-in field, or None."""
    if name == "email" and (len(cell) > 254 or not EMAIL.match(cell)):
        return "This is not an e-mail address."
    if name == "user_id" and len(cell) > ID_CHARS_MAX:
        return f"An id has at most {ID_CHARS_MAX} characters."
    if name == "timezone" and zone(cell) is None:
        return "There is no such time zone; name one like Europe/Berlin."
    if name == "unsubscribed" and cell.casefold() not in CLAIMS:
        return "Must be true or false."
    if name == "created_at" and instant_ms(cell, "UTC") is None:
        return "Must be a date like 2026-01-31 or a date and time like 2026-01-31T09:00:00Z."
    return None


def _store(conn: Connection, job: _Import, entries: list[_Entry], now_ms: int) -> None:
    changes = people.begin(conn, source="import", now_ms=now_ms)
    changes.may_grant = False
    for name, kind in job.types.items():
        if name not in changes.types:
            changes.types[name] = changes.new_types[name] = kind
    by_user, by_email = _known(conn, entries)
    tagged: list[tuple[Person, _Entry, list[str], bool]] = []
    for entry in entries:
        person, is_ambiguous = _find(entry, by_user, by_email)
        if is_ambiguous:
            job.report.reject(
                BadRow(entry.number, "email", "Several contacts have this e-mail address; give a user_id.")
            )
            continue
        is_new = person is None
        if person is None:
            person = _create(changes, entry)
            if entry.user_id is None and entry.email_key:
                by_email[entry.email_key] = [person]
        elif entry.user_id and person.user_id is None:
            changes.touch(person)
            person.name(entry.user_id)
        tagged.append((person, entry, changes.apply(person, entry.values), is_new))
    people.save(conn, changes)
    _tell(conn, job, tagged, now_ms)


def _tell(conn: Connection, job: _Import, done: list[tuple[Person, _Entry, list[str], bool]], now_ms: int) -> None:
    """Tags, which need the ids, and the `$changed` events of the batch."""
    newly_tagged = _tag(conn, [(person, entry.tags) for person, entry, _, _ in done if entry.tags])
    changes = people.begin(conn, source="import", now_ms=now_ms)
    for person, _, changed, is_new in done:
        if person.id in newly_tagged:
            changed = [*changed, TAGS]
        if changed:
            changes.tell(person, changed, at=now_ms)
        if is_new:
            job.report.created += 1
        elif changed:
            job.report.updated += 1
        else:
            job.report.unchanged += 1
    people.save(conn, changes)


def _tag(conn: Connection, wanted: list[tuple[Person, list[str]]]) -> set[int | None]:
    """Add the tags; the ids of those who got one they did not have."""
    rows_wanted = [{"contact_id": person.id, "tag": tag} for person, tags in wanted for tag in dict.fromkeys(tags)]
    if not rows_wanted:
        return set()
    added = conn.execute(insert_new(conn, contact_tag).returning(contact_tag.c.contact_id), rows_wanted)
    return set(added.scalars())


def _create(changes: Changes, entry: _Entry) -> Person:
    if entry.user_id is not None:
        return changes.create(user_id=entry.user_id)
    return changes.create(split=crc32((entry.email_key or "").encode()) % P)


def _known(conn: Connection, entries: list[_Entry]) -> tuple[dict[str, Person], dict[str, list[Person]]]:
    """The contacts the batch may be about: by user_id, and by e-mail address."""
    users = [entry.user_id for entry in entries if entry.user_id]
    keys = [entry.email_key for entry in entries if entry.email_key]
    by_user = {person.user_id: person for person in people.load(conn, contact.c.user_id.in_(users))}
    by_email: dict[str, list[Person]] = {}
    for person in people.load(conn, contact.c.email_key.in_(keys)):
        same = by_user.get(person.user_id, person) if person.user_id else person
        by_email.setdefault(email_key(person.email) or "", []).append(same)
    return {user: person for user, person in by_user.items() if user is not None}, by_email


def _find(entry: _Entry, by_user: dict[str, Person], by_email: dict[str, list[Person]]) -> tuple[Person | None, bool]:
    """The contact of the row, as `contacts.find` has it, and whether its e-mail address is several people's."""
    if entry.user_id and entry.user_id in by_user:
        return by_user[entry.user_id], False
    same = by_email.get(entry.email_key or "", [])
    if entry.user_id:
        same = [person for person in same if person.user_id is None]
        return (same[0] if len(same) == 1 else None), False
    return (same[0] if len(same) == 1 else None), len(same) > 1


def _batches(found: Iterator[Row | BadRow], size: int) -> Iterator[list[Row | BadRow]]:
    while batch := list(islice(found, size)):
        yield batch
