"""Browser sessions, kept on the server: 256 random bits in the cookie, only their hash in the table.

A session ends 12 hours after it was last seen and 7 days after login, whatever comes first.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select, update

from backend.accounts.users import User
from backend.db.tables import session, user

COOKIE = "session"
HOUR = 3_600_000
IDLE_MS = 12 * HOUR
LONGEST_MS = 7 * 24 * HOUR
SEEN_EVERY_MS = 60_000  # how stale seen_at may be: reading must not write at each request


@dataclass(frozen=True)
class Session:
    """Who sits at the browser. `is_stale`: call `touch` to note that they were seen."""

    id_hash: str
    user: User
    csrf: str
    is_stale: bool


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(conn: Connection, user_id: int, *, now_ms: int, replaces: str | None = None) -> tuple[str, str]:
    """A fresh session as (cookie value, CSRF token). The one it replaces ends: logging in always changes the id."""
    if replaces:
        close(conn, replaces)
    conn.execute(delete(session).where(or_(session.c.expires_at <= now_ms, session.c.seen_at <= now_ms - IDLE_MS)))
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    conn.execute(
        insert(session).values(
            id_hash=_hash(token),
            user_id=user_id,
            csrf=csrf,
            created_at=now_ms,
            seen_at=now_ms,
            expires_at=now_ms + LONGEST_MS,
        )
    )
    return token, csrf


def find(conn: Connection, token: str, *, now_ms: int) -> Session | None:
    """The session behind a cookie's value; None when there is none or its time is over."""
    wanted = (
        select(session.c.id_hash, session.c.csrf, session.c.seen_at, user.c.id, user.c.email, user.c.name)
        .add_columns(user.c.created_at)
        .join_from(session, user, session.c.user_id == user.c.id)
        .where(session.c.id_hash == _hash(token), session.c.expires_at > now_ms, session.c.seen_at > now_ms - IDLE_MS)
    )
    row = conn.execute(wanted).one_or_none()
    if row is None:
        return None
    owner = User(row.id, row.email, row.name, row.created_at)
    return Session(row.id_hash, owner, row.csrf, is_stale=row.seen_at <= now_ms - SEEN_EVERY_MS)


def touch(conn: Connection, id_hash: str, *, now_ms: int) -> None:
    conn.execute(update(session).where(session.c.id_hash == id_hash, session.c.seen_at < now_ms).values(seen_at=now_ms))


def close(conn: Connection, token: str) -> None:
    conn.execute(delete(session).where(session.c.id_hash == _hash(token)))


def close_others(conn: Connection, user_id: int, *, keep: str) -> None:
    """End a user's sessions, except the one with this cookie value."""
    conn.execute(delete(session).where(session.c.user_id == user_id, session.c.id_hash != _hash(keep)))
