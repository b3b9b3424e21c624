"""The first account: a one-time link, printed where the server was started, good for 30 minutes.

The token's use, "nobody can log in yet" and the new user are one transaction, so of two who try at once one gets
`AlreadySetUp`. Afterwards there is no token left to use, also when all users are deleted later by hand.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, delete, insert, select

from backend.accounts import passwords, users
from backend.db.connect import Database
from backend.db.tables import setup_token

GOOD_FOR_MS = 30 * 60_000


class AlreadySetUp(ValueError):
    """Somebody has made the first account already."""


class WrongToken(ValueError):
    """The setup link is wrong or has expired; starting the server again prints a new one."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def needs_setup(conn: Connection) -> bool:
    return users.count(conn) == 0


def issue(db: Database, *, now_ms: int) -> str | None:
    """A fresh token while nobody can log in, replacing an older one; else None."""
    token = secrets.token_urlsafe(32)
    with db.write() as conn:
        conn.execute(delete(setup_token))
        if not needs_setup(conn):
            return None
        conn.execute(insert(setup_token).values(id=1, token_hash=_hash(token), expires_at=now_ms + GOOD_FOR_MS))
    return token


def create_first_user(db: Database, token: str, email: str, password: str, name: str, *, now_ms: int) -> int:
    """The first user's id. Raises AlreadySetUp, WrongToken, WeakPassword; nothing is used up by an error."""
    with db.read() as conn:
        _refuse(conn, token, now_ms)
    passwords.refuse_weak(password, email)
    password_hash = passwords.hash_password(password)
    with db.write() as conn:
        _refuse(conn, token, now_ms)
        used = delete(setup_token).where(setup_token.c.token_hash == _hash(token))
        if conn.execute(used).rowcount != 1:
            raise AlreadySetUp
        return users.add(conn, email, password_hash, name, now_ms=now_ms)


def _refuse(conn: Connection, token: str, now_ms: int) -> None:
    # In this order: whoever was first commits both at once, and PostgreSQL may show that between two statements.
    row = conn.execute(select(setup_token.c.token_hash, setup_token.c.expires_at)).one_or_none()
    if not needs_setup(conn):
        raise AlreadySetUp
    if row is None or row.expires_at <= now_ms or not hmac.compare_digest(row.token_hash, _hash(token)):
        raise WrongToken
