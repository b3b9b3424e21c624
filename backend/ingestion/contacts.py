"""One contact at a time: upsert, change, tag, erase.

Whoever writes a contact goes through `people`, so that the registry, the consent ledger and the `$changed` events that
exit rules are looked at by are the same for a form, an SDK and a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy import insert as insert_into

from backend.core.split import P
from backend.db.tables import consent, contact, contact_alias, contact_tag, event, event_rejected, message
from backend.ingestion import people
from backend.ingestion.people import Changes, Person, email_key
from backend.ingestion.upsert import insert_new

EMPTY_MESSAGE = dict.fromkeys(("address", "subject", "body", "receipt", "error"))


class AmbiguousEmail(Exception):
    """Several contacts have this e-mail address. Give the user_id."""


class TakenUserId(Exception):
    """Another contact has this user_id."""


class Nameless(Exception):
    """Give a user_id or an e-mail address."""


def upsert(conn: Connection, data: Mapping[str, Any], now_ms: int, *, source: str = "api") -> int:
    """The id of the contact the data is about; see `put`."""
    return put(conn, data, now_ms, source=source)[0]


def put(conn: Connection, data: Mapping[str, Any], now_ms: int, *, source: str = "api") -> tuple[int, bool]:
    """(id, whether it is new) of the contact the data is about, made where there is none.

    data:   user_id, email, phone, timezone, unsubscribed, created_at, fields {name: value}, tags; all optional.
    Found:  by user_id; else the one contact without a user_id that has the e-mail. Without a user_id: the one contact
            that has the e-mail.
    Raises: AmbiguousEmail, Nameless.
    """
    changes = people.begin(conn, source=source, now_ms=now_ms)
    user_id = clean_id(data.get("user_id"))
    person = find(conn, user_id, data.get("email"))
    is_new = person is None
    if person is None:
        seed = email_key(data.get("email")) or ""
        person = changes.create(user_id=user_id) if user_id else changes.create(split=crc32(seed.encode()) % P)
    elif user_id and person.user_id is None:
        changes.touch(person)
        person.name(user_id)
    return _write(conn, changes, person, data), is_new


def change(conn: Connection, contact_id: int, data: Mapping[str, Any], now_ms: int) -> bool:
    """Set what the data names (None removes), as `upsert` has it; False when there is no such contact.

    Raises: TakenUserId.
    """
    changes = people.begin(conn, source="api", now_ms=now_ms)
    found = people.load(conn, contact.c.id == contact_id)
    if not found:
        return False
    [person] = found
    user_id = clean_id(data.get("user_id"))
    if user_id and user_id != person.user_id:
        if conn.execute(select(contact.c.id).where(contact.c.user_id == user_id)).first() is not None:
            raise TakenUserId()
        changes.touch(person)
        person.name(user_id)
    _write(conn, changes, person, data)
    return True


def find(conn: Connection, user_id: str | None, email: str | None) -> Person | None:
    """The contact of a user_id or an e-mail address. Raises: AmbiguousEmail, Nameless."""
    if user_id:
        known = people.load(conn, contact.c.user_id == user_id)
        if known:
            return known[0]
    key = email_key(email)
    if not key:
        if not user_id:
            raise Nameless()
        return None
    same = people.load(conn, contact.c.email_key == key)
    if user_id:
        same = [person for person in same if person.user_id is None]
        return same[0] if len(same) == 1 else None
    if len(same) > 1:
        raise AmbiguousEmail()
    return same[0] if same else None


def clean_id(user_id: str | None) -> str | None:
    return user_id.strip() or None if user_id else None


def _write(conn: Connection, changes: Changes, person: Person, data: Mapping[str, Any]) -> int:
    built_in = {name: data[name] for name in people.BUILT_IN if name in data}
    changed = changes.apply(person, {**built_in, **(data.get("fields") or {})})
    if person.id is None:
        people.save(conn, changes)
        changes = people.begin(conn, source=changes.source, now_ms=changes.now_ms)
    assert person.id is not None
    if data.get("tags") is not None and set_tags(conn, person.id, data["tags"]):
        changed.append("tags")
    if changed:
        changes.tell(person, changed, at=changes.now_ms)
    people.save(conn, changes)
    return person.id


def set_tags(conn: Connection, contact_id: int, tags: Collection[str]) -> bool:
    """Give the contact these tags and no others; whether that changed anything."""
    wanted = {tag.strip() for tag in tags if tag.strip()}
    has = set(conn.execute(select(contact_tag.c.tag).where(contact_tag.c.contact_id == contact_id)).scalars())
    if wanted == has:
        return False
    gone = [contact_tag.c.contact_id == contact_id, contact_tag.c.tag.in_(has - wanted)]
    conn.execute(delete(contact_tag).where(*gone))
    rows = [{"contact_id": contact_id, "tag": tag} for tag in sorted(wanted - has)]
    if rows:
        conn.execute(insert_new(conn, contact_tag), rows)
    return True


def erase(conn: Connection, contact_id: int) -> bool:
    """Delete the contact and everything personal; False when there is none.

    Passages and counts stay (they name nobody), so do the suppression of an address and the bare consent ledger. The
    engine's `remove_contact` has to come first, in the same transaction.
    """
    row = conn.execute(select(contact.c.user_id, contact.c.email).where(contact.c.id == contact_id)).one_or_none()
    if row is None:
        return False
    for table in (event, contact_tag, contact_alias):
        conn.execute(delete(table).where(table.c.contact_id == contact_id))
    conn.execute(update(message).where(message.c.contact_id == contact_id).values(**EMPTY_MESSAGE))
    conn.execute(update(consent).where(consent.c.contact_id == contact_id).values(detail={}))
    names = [name for name in (row.user_id, row.email) if name]
    if names:
        holds = or_(*(event_rejected.c.payload.contains(name, autoescape=True) for name in names))
        conn.execute(delete(event_rejected).where(holds))
    conn.execute(delete(contact).where(contact.c.id == contact_id))
    return True


def withdraw(conn: Connection, contact_id: int, *, source: str, detail: dict[str, Any], now_ms: int) -> bool:
    """Unsubscribe; False when there is no such contact. Doing it twice changes nothing and writes nothing."""
    changes = people.begin(conn, source=source, now_ms=now_ms)
    mine = contact.c.id == contact_id
    changed = conn.execute(
        update(contact).where(mine, contact.c.unsubscribed.is_(False)).values(unsubscribed=True, updated_at=now_ms)
    )
    if changed.rowcount == 0:
        return conn.execute(select(contact.c.id).where(mine)).first() is not None
    row = {"contact_id": contact_id, "action": "withdraw", "source": source, "detail": detail, "at": now_ms}
    conn.execute(insert_into(consent).values(**row))
    changes.tell(Person(id=contact_id), ["unsubscribed"], at=now_ms)
    people.save(conn, changes)
    return True
