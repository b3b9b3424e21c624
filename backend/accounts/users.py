"""The people who log in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.accounts import passwords
from backend.db.connect import Database
from backend.db.tables import user


class EmailTaken(ValueError):
    """Somebody with this e-mail address can log in already."""


class LastUser(ValueError):
    """The last user cannot be deleted: nobody could log in any more."""


@dataclass(frozen=True)
class User:
    id: int
    email: str
    name: str
    created_at: int  # milliseconds


_COLUMNS = (user.c.id, user.c.email, user.c.name, user.c.created_at)


def clean_email(text: str) -> str:
    """The form an address is stored and looked up in; one person has one account."""
    return text.strip().lower()


def looks_like_email(text: str) -> bool:
    name, at, host = text.strip().rpartition("@")
    is_short = len(text) <= 254
    return bool(is_short and at and name and host and not any(c.isspace() or not c.isprintable() for c in text.strip()))


def create(db: Database, email: str, password: str, name: str, *, now_ms: int) -> int:
    """A new user's id. Raises WeakPassword, EmailTaken. The password is hashed before the transaction."""
    passwords.refuse_weak(password, email)
    password_hash = passwords.hash_password(password)
    with db.write() as conn:
        return add(conn, email, password_hash, name, now_ms=now_ms)


def add(conn: Connection, email: str, password_hash: str, name: str, *, now_ms: int) -> int:
    values = {"email": clean_email(email), "name": name.strip(), "password_hash": password_hash, "created_at": now_ms}
    try:
        with conn.begin_nested():
            made: int = conn.execute(insert(user).values(values).returning(user.c.id)).scalar_one()
    except IntegrityError:
        raise EmailTaken(f"{values['email']} can log in already") from None
    return made


def count(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(user)).scalar_one()


def find(conn: Connection, user_id: int) -> User | None:
    row = conn.execute(select(*_COLUMNS).where(user.c.id == user_id)).one_or_none()
    return User(*row) if row else None


def everyone(conn: Connection) -> list[User]:
    return [User(*row) for row in conn.execute(select(*_COLUMNS).order_by(user.c.id))]


def remove(conn: Connection, user_id: int) -> bool:
    """Whether there was such a user; their sessions end with them. Raises LastUser."""
    ids = set(conn.execute(select(user.c.id).with_for_update()).scalars())
    if ids == {user_id}:
        raise LastUser("nobody else could log in any more")
    return conn.execute(delete(user).where(user.c.id == user_id)).rowcount == 1


def check_password(db: Database, email: str, password: str) -> User | None:
    """The user with this e-mail address and password; None in the same time when either is wrong."""
    with db.read() as conn:
        wanted = select(*_COLUMNS, user.c.password_hash).where(user.c.email == clean_email(email))
        row = conn.execute(wanted).one_or_none()
    stored: str | None = row.password_hash if row else None
    if not passwords.verify(password, stored):
        return None
    assert row is not None
    assert stored is not None
    if passwords.is_outdated(stored):
        fresh = passwords.hash_password(password)
        with db.write() as conn:
            # Only what was looked at: the password may have been changed meanwhile.
            same = update(user).where(user.c.id == row.id, user.c.password_hash == stored)
            conn.execute(same.values(password_hash=fresh))
    return User(row.id, row.email, row.name, row.created_at)
