"""The installation's secret: 32 random bytes in a file only we can read, and one key derived from it per purpose.

File:   `data_dir/secret.key`, mode 0600, made on first use; losing it ends unsubscribe links and stored passwords.
Raises: SecretError when the file is short, or open to others and cannot be closed.
Source: HKDF (RFC 5869), the purpose as its `info`.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BYTES = 32
FILE = "secret.key"


class SecretError(RuntimeError):
    """The secret key file cannot be trusted."""


class Secrets:
    """Keys by purpose; the master key itself is never handed out."""

    def __init__(self, master: bytes) -> None:
        if len(master) < BYTES or len(set(master)) < 8:
            raise SecretError("the secret key is too short or not random")
        self._master = master

    def purpose_key(self, name: str) -> bytes:
        """32 bytes for that purpose, the same at every start; knowing one tells nothing of another."""
        return HKDF(SHA256(), length=BYTES, salt=None, info=b"sojourn/" + name.encode()).derive(self._master)

    def __repr__(self) -> str:
        return "Secrets(…)"


def load(data_dir: Path) -> Secrets:
    """The secrets of this data folder; two processes starting at once end up with the same file."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
    try:
        return Secrets(path.read_bytes())
    except SecretError as error:
        raise SecretError(f"{path}: {error}") from None


def _create(path: Path) -> None:
    """Write aside, then link into place: nobody ever reads half a key, and the first one wins."""
    aside = path.with_name(f".{FILE}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
