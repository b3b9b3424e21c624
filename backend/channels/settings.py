"""How a channel is set up: one row per channel, its password encrypted and bound to the row.

email: {host, port, security, username, from_name, from_email, reply_to}; mode `test` (the test inbox) or `smtp`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update

from backend.channels.links import PurposeKey
from backend.db.tables import channel

EMAIL = "email"
PASSWORD = "channel-password"  # noqa: S105 — the purpose of a key, not a password
NONCE_BYTES = 12
SECURITIES = ("starttls", "tls", "none")
PLACE = ("host", "port")


@dataclass(frozen=True)
class EmailSettings:
    """secret: the encrypted password as stored, or None."""

    mode: str = "test"
    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    from_name: str = ""
    from_email: str = ""
    reply_to: str = ""
    secret: str | None = field(default=None, repr=False)

    def shown(self) -> dict[str, Any]:
        """What may be shown: everything but the password."""
        values = {name: value for name, value in vars(self).items() if name != "secret"}
        return {**values, "has_password": self.secret is not None}


CONFIG = ("host", "port", "security", "username", "from_name", "from_email", "reply_to")


def load(conn: Connection) -> EmailSettings:
    """The settings of the e-mail channel; those of the test inbox while there are none."""
    row = conn.execute(select(channel).where(channel.c.kind == EMAIL)).one_or_none()
    if row is None:
        return EmailSettings()
    known = {name: row.config[name] for name in CONFIG if name in row.config}
    return EmailSettings(mode=row.mode, secret=row.secret, **known)


def save(conn: Connection, values: Mapping[str, Any], *, purpose_key: PurposeKey, now_ms: int) -> EmailSettings:
    """Set what `values` names. A `password` is encrypted ("" keeps the old one); another host or port forgets it, so
    that a password never travels to a server it was not meant for."""
    before = load(conn)
    settings = replace(before, **{name: values[name] for name in (*CONFIG, "mode") if name in values})
    password = values.get("password") or ""
    if password:
        settings = replace(settings, secret=encrypt(password, purpose_key))
    elif any(getattr(settings, name) != getattr(before, name) for name in PLACE):
        settings = replace(settings, secret=None)
    row = {
        "mode": settings.mode,
        "config": {name: getattr(settings, name) for name in CONFIG},
        "secret": settings.secret,
        "updated_at": now_ms,
    }
    if conn.execute(update(channel).where(channel.c.kind == EMAIL).values(**row)).rowcount == 0:
        conn.execute(insert(channel).values(kind=EMAIL, **row))
    return settings


def encrypt(password: str, purpose_key: PurposeKey, *, row: str = EMAIL) -> str:
    """AES-GCM; the row's name is part of what is authenticated, so a ciphertext serves in no other row."""
    nonce = os.urandom(NONCE_BYTES)
    return (nonce + AESGCM(purpose_key(PASSWORD)).encrypt(nonce, password.encode(), row.encode())).hex()


def decrypt(secret: str | None, purpose_key: PurposeKey, *, row: str = EMAIL) -> str:
    """The password; empty when there is none, or when it was encrypted with another installation's key."""
    if not secret:
        return ""
    raw = bytes.fromhex(secret)
    try:
        return AESGCM(purpose_key(PASSWORD)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row.encode()).decode()
    except InvalidTag:
        return ""
