"""Passwords: argon2id at the OWASP minimum (19 MiB, 2 passes, 1 lane), at most two at once.

One hash takes about 90 ms of a core; without the limit a flood of logins would stop the clock beside it.
"""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 256
_AT_ONCE = BoundedSemaphore(2)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Those that every guessing list starts with and that are long enough to pass the length rule.
_GUESSES = """
password password1 password12 password123 passw0rd p@ssw0rd p@ssword 12345678 123456789 1234567890 0123456789 87654321
11111111 00000000 88888888 12341234 123123123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui qwerty12 qwerty123 qwertyuiop
q1w2e3r4 asdfghjk asdfasdf zxcvbnm1 iloveyou iloveyou1 sunshine princess football baseball welcome1 welcome123
changeme changeme1 changeme123 letmein1 letmein123 trustno1 superman michelle computer internet abcd1234 abc12345
abcdefgh aaaaaaaa administrator admin123 admin1234 sojourn1 sojourn123
"""
_COMMON = frozenset(_GUESSES.split())


class WeakPassword(ValueError):
    """The password is easy to guess."""


def refuse_weak(password: str, email: str = "") -> None:
    """Raises WeakPassword with a sentence for the person who chose it."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise WeakPassword(f"A password has at most {LONGEST} characters.")
    low = password.lower()
    if low in _COMMON or len(set(low)) < 3:
        raise WeakPassword("This password is on every list of guesses; choose another one.")
    if email and low in (email.lower(), email.lower().split("@")[0]):
        raise WeakPassword("The password must not be the e-mail address.")


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash nobody's password has, so that an unknown account takes as long as a known one."""
    return hash_password("nobody has this password")


def verify(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; with no hash (an unknown account) it takes the same time and is False."""
    stored = password_hash or _nobody()
    if len(password) > LONGEST:
        return False
    try:
        with _AT_ONCE:
            _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """The hash was made with other parameters; hash the password again while it is at hand."""
    return _HASHER.check_needs_rehash(password_hash)
