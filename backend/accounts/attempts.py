"""Growing delays for failed logins, per account and per address; never a lockout.

An attempt is noted as failed before the password is looked at and taken back when it was right, so that many at once
cannot slip through. Rows are keyed by a hash: the table tells nobody who tried to log in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.db.connect import Database
from backend.db.tables import login_attempt

FORGET_MS = 3_600_000  # after an hour of quiet the count starts again


@dataclass(frozen=True)
class Limit:
    """The first `free` failures cost nothing, each later one doubles a second, up to `longest_ms`."""

    key: str
    free: int
    longest_ms: int

    def delay_ms(self, failures: int) -> int:
        over = failures - self.free
        return 0 if over < 0 else min(1000 * 2 ** min(over, 20), self.longest_ms)


class TooMany(Exception):
    """Too many failed logins; `wait_ms` until the next one is looked at."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"wait {wait_ms} ms")
        self.wait_ms = wait_ms


def limits(account: str, address: str) -> tuple[Limit, Limit]:
    """An account waits up to a minute (its owner must get in while somebody guesses), an address up to 15."""
    return (
        Limit(_key("account", account), free=5, longest_ms=60_000),
        Limit(_key("address", address), free=20, longest_ms=15 * 60_000),
    )


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def begin(db: Database, limited: Sequence[Limit], *, now_ms: int) -> None:
    """Note an attempt under each limit. Raises TooMany, and then notes nothing."""
    with db.write() as conn:
        conn.execute(delete(login_attempt).where(login_attempt.c.last_at <= now_ms - FORGET_MS))
        counts = {limit.key: _count(conn, limit.key, now_ms) for limit in limited}
        waits = [_wait_ms(limit.delay_ms(counts[limit.key][0]), counts[limit.key][1], now_ms) for limit in limited]
        if max(waits) > 0:
            raise TooMany(max(waits))
        for limit in limited:
            noted = update(login_attempt).where(login_attempt.c.key == limit.key)
            conn.execute(noted.values(failures=login_attempt.c.failures + 1, last_at=now_ms))


def _wait_ms(delay_ms: int, last_at: int, now_ms: int) -> int:
    # Two attempts at the same moment may be noted in either order: without a delay there is nothing to wait for.
    return last_at + delay_ms - now_ms if delay_ms else 0


def _count(conn: Connection, key: str, now_ms: int) -> tuple[int, int]:
    """(failures, instant of the last one), the row made when missing and held until the transaction ends."""
    wanted = select(login_attempt.c.failures, login_attempt.c.last_at).where(login_attempt.c.key == key)
    row = conn.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        try:
            with conn.begin_nested():
                conn.execute(insert(login_attempt).values(key=key, failures=0, last_at=now_ms))
        except IntegrityError:  # another process was first
            row = conn.execute(wanted.with_for_update()).one()
    return (row.failures, row.last_at) if row else (0, now_ms)


def succeed(db: Database, limited: Sequence[Limit]) -> None:
    """The password was right: the account starts afresh, the address gets its attempt back."""
    account, address = limited
    with db.write() as conn:
        conn.execute(delete(login_attempt).where(login_attempt.c.key == account.key))
        back = update(login_attempt).where(login_attempt.c.key == address.key, login_attempt.c.failures > 0)
        conn.execute(back.values(failures=login_attempt.c.failures - 1))
