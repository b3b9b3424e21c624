"""Logging in and out, and the first account."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from flask.views import MethodView
from sqlalchemy import Connection

from backend.accounts import attempts, passwords, sessions, setup, users
from backend.accounts.password_change import WrongPassword, change_password
from backend.accounts.users import User
from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, invalid
from backend.api.guard import Who, a_person
from backend.api.parts import parts, wall_ms
from backend.api.schemas.account import Login, PasswordChange, SessionShown, SetUp
from backend.api.workspace import find_workspace

blueprint = Blueprint("session", __name__, url_prefix="/api", description="Logging in and out")


def _document(conn: Connection, user: User | None, csrf: str | None) -> dict[str, Any]:
    """The session document; a stranger learns only whether there is anybody yet."""
    workspace = find_workspace(conn) if user else None
    return {
        "user": {"id": user.id, "email": user.email, "name": user.name} if user else None,
        "csrf": csrf,
        "needs_setup": setup.needs_setup(conn),
        "workspace": workspace,
    }


def _log_in(user: User) -> dict[str, Any]:
    """A fresh session for this browser; the one it had ends."""
    before = request.cookies.get(sessions.COOKIE)
    with parts().db.write() as conn:
        token, csrf = sessions.open_session(conn, user.id, now_ms=wall_ms(), replaces=before)
        document = _document(conn, user, csrf)
    g.new_session = token
    if before:
        parts().recheck()
    return document


@blueprint.after_request
def _cookie(response: Response) -> Response:
    """Lax and HttpOnly; Secure as soon as people reach us by https. No expiry here: the server decides."""
    token = g.pop("new_session", None)
    is_https = parts().settings.base_url.startswith("https://")
    if token:
        response.set_cookie(
            sessions.COOKIE,
            token,
            max_age=sessions.LONGEST_MS // 1000,
            httponly=True,
            samesite="Lax",
            secure=is_https,
            path="/",
        )
    elif g.pop("ended_session", False):
        response.delete_cookie(sessions.COOKIE, httponly=True, samesite="Lax", secure=is_https, path="/")
    return response


@blueprint.route("/session")
class SessionView(MethodView):
    @blueprint.response(200, SessionShown)
    def get(self) -> dict[str, Any]:
        """Who is logged in, and the CSRF token to send with every change."""
        asking: Who | None = g.get("who")
        with parts().db.read() as conn:
            return _document(conn, asking.user if asking else None, asking.csrf if asking else None)

    @blueprint.arguments(Login)
    @blueprint.response(200, SessionShown)
    def post(self, given: dict[str, str]) -> dict[str, Any]:
        """Log in. Wrong passwords are answered ever more slowly."""
        db = parts().db
        limited = attempts.limits(users.clean_email(given["email"]), request.remote_addr or "")
        attempts.begin(db, limited, now_ms=wall_ms())
        user = users.check_password(db, given["email"], given["password"])
        if user is None:
            raise Refused(401, "The e-mail address or the password is wrong.")
        attempts.succeed(db, limited)
        return _log_in(user)

    @blueprint.response(204)
    def delete(self) -> None:
        """Log out."""
        token = request.cookies.get(sessions.COOKIE)
        if token:
            with parts().db.write() as conn:
                sessions.close(conn, token)
            parts().recheck()
        g.ended_session = True


@blueprint.route("/session/password")
class PasswordView(MethodView):
    @blueprint.arguments(PasswordChange)
    @blueprint.response(204)
    @blueprint.alt_response(422, description="`current` is wrong, or `new` is easy to guess.")
    @blueprint.alt_response(429, description="Wrong too often; Retry-After says how long to wait.")
    def post(self, given: dict[str, str]) -> None:
        """Change one's own password. All other sessions of this user end."""
        asking = a_person().user
        assert asking is not None
        db, keep = parts().db, request.cookies[sessions.COOKIE]
        limited = attempts.limits(asking.email, request.remote_addr or "")
        try:
            passwords.refuse_weak(given["new"], asking.email)  # which is no guess at the present one
            attempts.begin(db, limited, now_ms=wall_ms())
            change_password(db, asking, given["current"], given["new"], keep=keep)
        except passwords.WeakPassword as error:
            raise invalid("new", str(error)) from None
        except WrongPassword as error:
            raise invalid("current", str(type(error).__doc__)) from None
        attempts.succeed(db, limited)
        parts().recheck()


@blueprint.route("/setup")
class SetupView(MethodView):
    @blueprint.arguments(SetUp)
    @blueprint.response(201, SessionShown)
    def post(self, given: dict[str, str]) -> dict[str, Any]:
        """Make the first account, with the token of the link printed at the start."""
        db = parts().db
        now = wall_ms()
        limited = attempts.limits("setup", request.remote_addr or "")[1:]
        attempts.begin(db, limited, now_ms=now)
        user_id = setup.create_first_user(
            db, given["token"], given["email"], given["password"], given["name"], now_ms=now
        )
        with db.read() as conn:
            user = users.find(conn, user_id)
        assert user is not None
        return _log_in(user)
