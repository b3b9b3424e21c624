"""Contacts as they are shown: found by a word, page by page, with their tags and where their consent stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from backend.db.tables import consent, contact, contact_tag
from backend.db.types import iso

SHOWN = ("id", "user_id", "email", "phone", "timezone", "unsubscribed", "fields", "created_at")
NAMES = ("first_name", "last_name", "name", "company")
"""The custom fields that say how somebody is called, where they are used."""


def one(conn: Connection, contact_id: int) -> dict[str, Any] | None:
    """A contact as the API shows it, or None."""
    found = _shown(conn, contact.c.id == contact_id, limit=1)
    return found[0] if found else None


def search(conn: Connection, word: str, *, before_id: int | None, limit: int) -> list[dict[str, Any]]:
    """The newest contacts whose user_id, e-mail address, phone or name holds the word; those before an id."""
    older = true() if before_id is None else contact.c.id < before_id
    return _shown(conn, _holds(word) & older, limit=limit)


def count(conn: Connection, word: str) -> int:
    """How many contacts `search` would find in all."""
    return conn.scalar(select(func.count()).select_from(contact).where(_holds(word))) or 0


def _holds(word: str) -> ColumnElement[bool]:
    word = word.strip()
    if not word:
        return true()
    low = word.lower()
    return or_(
        contact.c.email_key.contains(word.casefold(), autoescape=True),
        func.lower(contact.c.user_id).contains(low, autoescape=True),
        contact.c.phone.contains(low, autoescape=True),
        func.lower(_names()).contains(low, autoescape=True),
    )


def _names() -> ColumnElement[str]:
    """All NAMES of a contact as one text: the first name stands before the last, as people type them."""
    first, *others = (func.coalesce(contact.c.fields[name].as_string(), "") for name in NAMES)
    return reduce(lambda text, name: text + " " + name, others, first)


def _shown(conn: Connection, where: ColumnElement[bool], *, limit: int) -> list[dict[str, Any]]:
    columns = [contact.c[name] for name in SHOWN]
    rows = conn.execute(select(*columns).where(where).order_by(contact.c.id.desc()).limit(limit)).mappings().all()
    ids = [row["id"] for row in rows]
    tags, ledger = _tags(conn, ids), _ledger(conn, ids)
    shown = []
    for row in rows:
        last = ledger.get(row["id"])
        shown.append(
            {
                **{name: row[name] for name in ("id", "user_id", "email", "phone", "timezone")},
                "tags": tags[row["id"]],
                "consent": {
                    "unsubscribed": row["unsubscribed"],
                    "at": iso(last.at) if last else None,
                    "source": last.source if last else None,
                },
                "fields": row["fields"] or {},
                "created_at": iso(row["created_at"]),
            }
        )
    return shown


def _tags(conn: Connection, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in conn.execute(select(contact_tag).where(contact_tag.c.contact_id.in_(ids)).order_by(contact_tag.c.tag)):
        found[row.contact_id].append(row.tag)
    return found


def _ledger(conn: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The last line of each contact's consent ledger."""
    last = select(func.max(consent.c.id)).where(consent.c.contact_id.in_(ids)).group_by(consent.c.contact_id)
    return {row.contact_id: row for row in conn.execute(select(consent).where(consent.c.id.in_(last)))}
