"""A new password for somebody who knows the present one; all their sessions end but the one they changed it in."""

from __future__ import annotations

from sqlalchemy import select, update

from backend.accounts import passwords, sessions
from backend.accounts.users import User
from backend.db.connect import Database
from backend.db.tables import user


class WrongPassword(ValueError):
    """This is not your present password."""


def change_password(db: Database, who: User, current: str, new: str, *, keep: str) -> None:
    """`keep`: the cookie of the session that stays. Raises WeakPassword, WrongPassword; nothing is changed then."""
    passwords.refuse_weak(new, who.email)
    with db.read() as conn:
        stored = conn.execute(select(user.c.password_hash).where(user.c.id == who.id)).scalar_one_or_none()
    if not passwords.verify(current, stored):
        raise WrongPassword
    password_hash = passwords.hash_password(new)
    with db.write() as conn:
        mine = update(user).where(user.c.id == who.id, user.c.password_hash == stored)
        if conn.execute(mine.values(password_hash=password_hash)).rowcount != 1:
            raise WrongPassword  # it was changed meanwhile
        sessions.close_others(conn, who.id, keep=keep)
