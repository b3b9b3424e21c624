"""What claimed messages say: their contacts and events read in one statement, their templates compiled once.

A message that was tried before keeps the words it had then.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.channels.links import Place, PurposeKey, unsubscribe_url
from backend.core.message.format import Format, format_of
from backend.core.message.template import CompiledMessage, Rendered, TemplateProblem, compile_message
from backend.db.tables import contact, enrollment, event, message, version, workspace
from backend.db.types import iso

TEMPLATES_MAX = 256
BUILT_IN = ("user_id", "email", "phone", "timezone", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Told:
    """A message in words. content: the send node's config."""

    message_id: int
    address: str
    purpose: str
    rendered: Rendered
    content: Mapping[str, Any]
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Untold:
    """A message whose template fails for this contact."""

    message_id: int
    error: str


@dataclass(frozen=True)
class Workspace:
    name: str
    postal_address: str

    def values(self) -> dict[str, str]:
        return {"name": self.name, "postal_address": self.postal_address}


class Templates:
    """Compiled templates by version and node; the least used go when there are too many."""

    def __init__(self, limit: int = TEMPLATES_MAX) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[int, int, str], tuple[dict[str, Any], CompiledMessage | TemplateProblem]]
        self._kept = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[int, int, str]) -> tuple[dict[str, Any], CompiledMessage | TemplateProblem] | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[int, int, str], content: dict[str, Any]) -> None:
        try:
            compiled: CompiledMessage | TemplateProblem = compile_message(content)
        except TemplateProblem as problem:
            compiled = problem
        with self._lock:
            self._kept[key] = (content, compiled)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


def read(conn: Connection, ids: Sequence[int], templates: Templates) -> list[dict[str, Any]]:
    """The rows that `tell` needs, and the templates that are not kept yet."""
    columns = [message.c[name] for name in ("id", "contact_id", "node", "purpose", "version_id", "subject", "body")]
    columns += [contact.c[name] for name in (*BUILT_IN, "fields", "created_at")]
    found = (
        select(*columns, version.c.published_at, event.c.properties)
        .select_from(message)
        .join(contact, contact.c.id == message.c.contact_id)
        .join(version, version.c.id == message.c.version_id)
        .outerjoin(enrollment, enrollment.c.id == message.c.enrollment_id)
        .outerjoin(event, event.c.id == enrollment.c.event_id)
        .where(message.c.id.in_(ids))
        .order_by(message.c.id)
    )
    rows = [dict(row) for row in conn.execute(found).mappings()]
    # Version ids may be used anew after a workspace was emptied; the instant of publishing tells them apart.
    missing = {_key(row) for row in rows if templates.get(_key(row)) is None}
    if missing:
        wanted = select(version.c.id, version.c.document).where(version.c.id.in_({key[0] for key in missing}))
        documents = {row.id: json.loads(row.document) for row in conn.execute(wanted)}
        for key in missing:
            templates.put(key, content_of(documents[key[0]], key[2]))
    return rows


def _key(row: Mapping[str, Any]) -> tuple[int, int, str]:
    return row["version_id"], row["published_at"], row["node"]


def content_of(document: Mapping[str, Any], node: str) -> dict[str, Any]:
    """The config of a send node of a journey document; empty when it has no such node."""
    nodes = document.get("nodes") or []
    return next((dict(one.get("config") or {}) for one in nodes if one.get("id") == node), {})


def tell(
    row: Mapping[str, Any], templates: Templates, *, workspace: Workspace, purpose_key: PurposeKey, base_url: str
) -> Told | Untold:
    """Render one message; no database, no network."""
    kept = templates.get(_key(row))
    assert kept is not None
    content, compiled = kept
    link = unsubscribe_url(base_url, purpose_key, Place(row["contact_id"], row["id"]))
    try:
        if isinstance(compiled, TemplateProblem):
            raise compiled
        if row["body"] is not None and row["subject"] is not None:
            rendered = Rendered(row["subject"], row["body"], "", body_format(content))
        else:
            rendered = compiled.render(
                {
                    "contact": contact_values(row),
                    "event": row["properties"] or {},
                    "unsubscribe_url": link,
                    "workspace": workspace.values(),
                }
            )
    except TemplateProblem as problem:
        return Untold(row["id"], str(problem))
    return Told(row["id"], row["email"] or "", row["purpose"], rendered, content, link)


def contact_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """What templates see of a contact: custom fields and built-ins side by side."""
    built_in = {name: row[name] for name in BUILT_IN}
    return {**(row["fields"] or {}), **built_in, "created_at": iso(row["created_at"])}


def body_format(content: Mapping[str, Any]) -> Format:
    """The format of a send node's body, which its rendered text alone does not tell."""
    return format_of(str(content.get("body") or ""))


def read_workspace(conn: Connection) -> Workspace:
    row = conn.execute(select(workspace.c.name, workspace.c.postal_address)).one_or_none()
    return Workspace(row.name, row.postal_address) if row is not None else Workspace("", "")
