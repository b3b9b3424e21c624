"""Keys for programs: `sj_api_…` speaks for us at /api, `sj_write_…` may only send events to /v1.

256 random bits, so a plain SHA-256 is enough to store; people see the prefix and the last four characters.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Literal

from sqlalchemy import Connection, insert, or_, select, update

from backend.db.tables import api_key
from backend.db.types import iso

Kind = Literal["api", "write"]
PREFIX = {"api": "sj_api_", "write": "sj_write_"}
USED_EVERY_MS = 60_000  # how stale last_used_at may be


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def create(conn: Connection, kind: Kind, name: str, *, now_ms: int) -> tuple[int, str]:
    """(id, the key itself); the key is never to be had again."""
    key = PREFIX[kind] + secrets.token_urlsafe(32)
    values = {
        "kind": kind,
        "name": name.strip(),
        "hint": f"{PREFIX[kind]}…{key[-4:]}",
        "key_hash": _hash(key),
        "created_at": now_ms,
    }
    return conn.execute(insert(api_key).values(values).returning(api_key.c.id)).scalar_one(), key


def find(conn: Connection, key: str, *, kind: Kind) -> int | None:
    """The id of a key of that kind that is in force."""
    if not key.startswith(PREFIX[kind]):
        return None
    wanted = select(api_key.c.id).where(
        api_key.c.key_hash == _hash(key), api_key.c.kind == kind, api_key.c.revoked_at.is_(None)
    )
    return conn.execute(wanted).scalar_one_or_none()


def is_stale(conn: Connection, key_id: int, *, now_ms: int) -> bool:
    """It is time to `touch` the key again."""
    used = conn.execute(select(api_key.c.last_used_at).where(api_key.c.id == key_id)).scalar_one_or_none()
    return used is None or used <= now_ms - USED_EVERY_MS


def touch(conn: Connection, key_id: int, *, now_ms: int) -> None:
    older = or_(api_key.c.last_used_at.is_(None), api_key.c.last_used_at < now_ms)
    conn.execute(update(api_key).where(api_key.c.id == key_id, older).values(last_used_at=now_ms))


def revoke(conn: Connection, key_id: int, *, now_ms: int) -> bool:
    """Whether there is such a key; revoking twice is no error and keeps the first instant."""
    conn.execute(
        update(api_key).where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None)).values(revoked_at=now_ms)
    )
    return find_row(conn, key_id) is not None


_SHOWN = (
    api_key.c.id,
    api_key.c.kind,
    api_key.c.name,
    api_key.c.hint,
    api_key.c.created_at,
    api_key.c.last_used_at,
    api_key.c.revoked_at,
)


def _shown(row: Any) -> dict[str, Any]:
    shown = dict(row)
    for name in ("created_at", "last_used_at", "revoked_at"):
        shown[name] = iso(shown[name])
    return shown


def find_row(conn: Connection, key_id: int) -> dict[str, Any] | None:
    """What may be shown of a key: id, kind, name, hint and instants (ISO)."""
    row = conn.execute(select(*_SHOWN).where(api_key.c.id == key_id)).mappings().one_or_none()
    return _shown(row) if row else None


def all_rows(conn: Connection) -> list[dict[str, Any]]:
    """What may be shown of every key, newest first."""
    return [_shown(row) for row in conn.execute(select(*_SHOWN).order_by(api_key.c.id.desc())).mappings()]
