"""Who is asking, and may they? Everything under /api is closed unless it is named in PUBLIC.

A browser: the session cookie, and on every unsafe method the X-CSRF-Token header of that session from our own origin.
A program: `Authorization: Bearer sj_api_…`; where that header is sent no cookie is considered.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, request

from backend.accounts import keys, sessions
from backend.accounts.users import User
from backend.api import json_body
from backend.api.errors import Refused
from backend.api.parts import parts, wall_ms

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

PUBLIC = frozenset(
    {
        ("GET", "/api/session"),  # says whether somebody is logged in, and whether set-up is needed
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),  # ends only the caller's own
        ("POST", "/api/setup"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/journey.schema.json"),
    }
)

UPLOADS = frozenset({"/api/contacts/import", "/api/contacts/import/preview"})
UPLOAD_BYTES = 200 * 1024 * 1024
BODY_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Who:
    """Who asks: a user at a browser, or a program with a key."""

    user: User | None
    key_id: int | None
    csrf: str | None

    @property
    def label(self) -> str:
        """How history names them."""
        return self.user.email if self.user else f"api key {self.key_id}"


def who() -> Who:
    """Whoever this request comes from; the guard has let them in."""
    asking: Who | None = g.get("who")
    if asking is None:
        raise Refused(401, "Log in, or send an API key.")
    return asking


def a_person() -> Who:
    """Users and keys are managed by people, so that a stolen key cannot make itself permanent."""
    asking = who()
    if asking.user is None:
        raise Refused(403, "Only somebody who is logged in can do this, not an API key.")
    return asking


def identify(asked: Request) -> Who | None:
    """The caller, or None. Raises Refused 401 for a key that is not in force."""
    given = asked.headers.get("Authorization")
    if given is not None:
        return _program(given)
    token = asked.cookies.get(sessions.COOKIE)
    if not token:
        return None
    now = wall_ms()
    with parts().db.read() as conn:
        found = sessions.find(conn, token, now_ms=now)
    if found is None:
        return None
    if found.is_stale:
        with parts().db.write() as conn:
            sessions.touch(conn, found.id_hash, now_ms=now)
    return Who(found.user, None, found.csrf)


def _program(given: str) -> Who:
    scheme, _, key = given.partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(401, "Send the API key as: Authorization: Bearer sj_api_…", headers=_CHALLENGE)
    now = wall_ms()
    with parts().db.read() as conn:
        key_id = keys.find(conn, key.strip(), kind="api")
        is_stale = key_id is not None and keys.is_stale(conn, key_id, now_ms=now)
    if key_id is None:
        raise Refused(401, "This API key does not exist or was revoked.", headers=_CHALLENGE)
    if is_stale:
        with parts().db.write() as conn:
            keys.touch(conn, key_id, now_ms=now)
    return Who(None, key_id, None)


_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def _refuse_other_origins(asked: Request) -> None:
    """An unsafe request comes from our own pages; a browser says where it comes from in one header or the other."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise Refused(403, "This request comes from another site.")
    origin = asked.headers.get("Origin")
    if site is None and origin is not None and urlsplit(origin).netloc != asked.host:
        raise Refused(403, "This request comes from another site.")


def _refuse_nul(asked: Request) -> None:
    """A word to look for may come in the address; PostgreSQL cannot even be asked for this one character."""
    if "\x00" in asked.path or any("\x00" in text for pair in asked.args.items(multi=True) for text in pair):
        raise Refused(422, "The address holds a NUL character; nothing here has one.")


def _check() -> None:
    asked = request
    if not asked.path.startswith("/api/"):
        return
    _refuse_nul(asked)
    is_upload = asked.path in UPLOADS
    asked.max_content_length = UPLOAD_BYTES if is_upload else BODY_BYTES
    is_public = (asked.method.replace("HEAD", "GET"), asked.path) in PUBLIC
    asking = None if is_public and asked.method == "POST" else identify(asked)
    if asking is None and not is_public:
        raise Refused(401, "Log in, or send an API key.", headers=_CHALLENGE)
    g.who = asking
    if asked.method in SAFE:
        return
    if asking is None or asking.user is not None:
        _refuse_other_origins(asked)
    if asking is not None and asking.csrf is not None:
        token = asked.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(token.encode(), asking.csrf.encode()):
            raise Refused(403, "The X-CSRF-Token header is missing or not this session's.")
    json_body.check(asked, is_upload=is_upload)


def _no_store(response: Any) -> Any:
    if request.path.startswith("/api/") and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    app.before_request(_check)
    app.after_request(_no_store)
