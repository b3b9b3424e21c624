"""A browser or a program in front of the app, and people to log in."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.accounts import keys, sessions, users
from backend.accounts.passwords import hash_password
from backend.api.parts import wall_ms
from backend.boot import Sojourn
from backend.db.connect import Database
from backend.db.tables import user

NOW = 1_790_000_000_000
PASSWORD = "correct horse battery"


@cache
def password_hash() -> str:
    """PASSWORD, hashed once: it takes a tenth of a second. The real hash, also for a test that has put another."""
    return hash_password(PASSWORD)


def a_user(db: Database, email: str) -> int:
    """The user's id, made when missing; the password is PASSWORD."""
    with db.write() as conn:
        found = conn.execute(select(user.c.id).where(user.c.email == email)).scalar_one_or_none()
        return found or users.add(conn, email, password_hash(), email.split("@")[0].title(), now_ms=wall_ms())


class Client:
    """Sends JSON and, once logged in, the CSRF token of its session."""

    def __init__(self, sojourn: Sojourn) -> None:
        self.sojourn = sojourn
        self.db = sojourn.parts.db
        self.http = sojourn.app.test_client()
        self.headers: dict[str, str] = {}

    def log_in(self, email: str) -> Client:
        with_user = a_user(self.db, email)
        with self.db.write() as conn:
            token, csrf = sessions.open_session(conn, with_user, now_ms=wall_ms())
        self.http.set_cookie(sessions.COOKIE, token)
        self.headers["X-CSRF-Token"] = csrf
        return self

    def with_key(self, kind: keys.Kind = "api") -> Client:
        with self.db.write() as conn:
            _, key = keys.create(conn, kind, "test", now_ms=wall_ms())
        self.headers["Authorization"] = f"Bearer {key}"
        return self

    def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> TestResponse:
        merged = {**self.headers, **(headers or {})}
        return self.http.open(path, method=method, headers=merged, buffered=True, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.send("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> TestResponse:
        return self.send("POST", path, **({} if json is None else {"json": json}), **kwargs)

    def put(self, path: str, json: Any, **kwargs: Any) -> TestResponse:
        return self.send("PUT", path, json=json, **kwargs)

    def patch(self, path: str, json: Any, **kwargs: Any) -> TestResponse:
        return self.send("PATCH", path, json=json, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> TestResponse:
        return self.send("DELETE", path, **kwargs)

    def must(self, method: str, path: str, status: int, json: Any = None, **kwargs: Any) -> Any:
        """The JSON of an answer that has this status."""
        answer = self.send(method, path, **({} if json is None else {"json": json}), **kwargs)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.get_data(as_text=True)}"
        return answer.get_json() if answer.data else None


def a_journey(name: str = "Welcome", *, subject: str = "Hi") -> dict[str, Any]:
    """trigger.event → send.email → exit, ready to be published."""
    return {
        "format": "sojourn/journey@1",
        "name": name,
        "settings": {},
        "nodes": [
            {"id": "start", "type": "trigger.event", "position": {"x": 0, "y": 0}, "config": {"event": "Signed Up"}},
            {
                "id": "hello",
                "type": "send.email",
                "position": {"x": 0, "y": 140},
                "config": {"subject": subject, "body": "Welcome!"},
            },
            {"id": "done", "type": "exit", "position": {"x": 0, "y": 280}, "config": {}},
        ],
        "edges": [
            {"from": "start", "port": "next", "to": "hello"},
            {"from": "hello", "port": "next", "to": "done"},
        ],
    }


def by_hand(name: str = "By hand") -> dict[str, Any]:
    """trigger.manual → wait two days → exit."""
    return {
        "format": "sojourn/journey@1",
        "name": name,
        "nodes": [
            {"id": "start", "type": "trigger.manual", "config": {}},
            {"id": "pause", "type": "wait.for", "config": {"duration": {"amount": 2, "unit": "days"}}},
            {"id": "done", "type": "exit", "config": {}},
        ],
        "edges": [
            {"from": "start", "port": "next", "to": "pause"},
            {"from": "pause", "port": "next", "to": "done"},
        ],
    }
