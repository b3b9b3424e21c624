"""Drafts: what a marketer edits. A draft may be incomplete; it is stored in its canonical text, under a revision.

The revision grows by one with every save and is compared with the one the editor started from, so that nobody
overwrites what they have not seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from backend.core.journey import document
from backend.db.tables import journey, version


class NoSuchJourney(LookupError):
    """There is no such journey."""


class StillRunning(ValueError):
    """The journey is not in a state that allows this."""


class Conflict(Exception):
    """The draft was changed meanwhile; holds it as it is now."""

    def __init__(self, revision: int, draft: dict[str, Any]) -> None:
        super().__init__(f"the draft is at revision {revision}")
        self.revision = revision
        self.draft = draft


@dataclass(frozen=True)
class Draft:
    """A journey as its editor sees it. Instants are milliseconds; `published` is the text of the newest version."""

    id: int
    name: str
    status: str  # draft | live | paused | stopped
    revision: int
    text: str
    fault: str | None
    created_at: int
    updated_at: int
    last_moved_at: int | None
    version: int | None
    published: str | None
    published_at: int | None

    @property
    def data(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.text)
        return loaded

    @property
    def has_changes(self) -> bool:
        """The draft differs from what was published last; before the first time it always does."""
        return self.text != self.published


DRAFT = (
    select(
        journey.c.id,
        journey.c.name,
        journey.c.status,
        journey.c.revision,
        journey.c.draft,
        journey.c.fault,
        journey.c.created_at,
        journey.c.updated_at,
        journey.c.last_moved_at,
        version.c.number,
        version.c.document,
        version.c.published_at,
    )
    .select_from(journey)
    .outerjoin(version, version.c.id == journey.c.current_version_id)
)


def as_draft(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(*row)


def find(conn: Connection, journey_id: int) -> Draft:
    """Raises NoSuchJourney."""
    row = conn.execute(DRAFT.where(journey.c.id == journey_id)).one_or_none()
    if row is None:
        raise NoSuchJourney(f"There is no journey {journey_id}.")
    return as_draft(row)


def create(conn: Connection, data: dict[str, Any], now_ms: int) -> int:
    """A new draft's id. The document's shape has been checked."""
    values = {
        "name": data["name"],
        "status": "draft",
        "draft": document.canonical(data),
        "revision": 1,
        "created_at": now_ms,
        "updated_at": now_ms,
    }
    made: int = conn.execute(insert(journey).values(values).returning(journey.c.id)).scalar_one()
    return made


def save(conn: Connection, journey_id: int, data: dict[str, Any], revision: int, now_ms: int) -> int:
    """The draft's new revision; saving what is stored already changes nothing. Raises NoSuchJourney, Conflict."""
    text = document.canonical(data)
    now = find(conn, journey_id)
    if now.revision != revision:
        raise Conflict(now.revision, now.data)
    if now.text == text:
        return revision
    mine = update(journey).where(journey.c.id == journey_id, journey.c.revision == revision)
    values = {"draft": text, "name": data["name"], "revision": revision + 1, "updated_at": now_ms}
    if conn.execute(mine.values(values)).rowcount != 1:  # somebody committed between our look and our write
        now = find(conn, journey_id)
        raise Conflict(now.revision, now.data)
    return revision + 1


def duplicate(conn: Connection, journey_id: int, now_ms: int) -> int:
    """A new draft with the same document under another name."""
    original = find(conn, journey_id)
    name = f"{original.name[: document.NAME_MAX - 7]} (copy)"
    return create(conn, {**original.data, "name": name}, now_ms)


def remove(conn: Connection, journey_id: int) -> None:
    """Delete a journey that moves nobody: a draft, or a stopped one with its versions. Raises StillRunning.

    Passages, moves and messages stay: they are the history of the contacts.
    """
    draft = find(conn, journey_id)
    if draft.status not in ("draft", "stopped"):
        raise StillRunning(f"{draft.name} is {draft.status}. Stop it before deleting it.")
    resting = delete(journey).where(journey.c.id == journey_id, journey.c.status == draft.status)
    if conn.execute(resting).rowcount != 1:
        raise StillRunning(f"{draft.name} has just been started again.")
