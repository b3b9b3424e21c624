"""The canvas over the sample, with people who sit before it; counts are told only when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from sqlalchemy import insert

from backend.accounts import sessions
from backend.db.connect import Database
from backend.db.tables import user
from backend.engine.tick import Engine
from backend.ingestion.events import accept
from backend.live.canvas import NAMESPACE, Live, wall_ms
from backend.sample.purchases import FROM_MS, purchases
from tests.sample.conftest import copied, seeded_file

__all__ = ["seeded_file"]


class Room:
    """`ada` and `ben` may log in. `tell()` does what the thread of the counters does when a turn comes."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.app = Flask("test")
        self.live = Live(self.app, db, lambda: FROM_MS)
        self.engine = Engine(db)
        with db.write() as conn:
            for name in ("Ada", "Ben"):
                row = {"email": f"{name.lower()}@example.com", "name": name, "password_hash": "x", "created_at": 0}
                conn.execute(insert(user).values(row))

    def log_in(self, user_id: int) -> str:
        with self.db.write() as conn:
            return sessions.open_session(conn, user_id, now_ms=wall_ms())[0]

    def client(self, token: str | None) -> SocketIOTestClient:
        headers = {"Cookie": f"{sessions.COOKIE}={token}"} if token else {}
        return self.live.socketio.test_client(self.app, namespace=NAMESPACE, headers=headers)

    def visitor(self, user_id: int = 1) -> SocketIOTestClient:
        client = self.client(self.log_in(user_id))
        assert client.is_connected(NAMESPACE)
        return client

    def buy(self, first: int, last: int) -> None:
        """These purchases happen; the engine moves people and tells the canvas."""
        calls = [purchase.as_track_call() for purchase in purchases()[first:last]]
        accept(self.db, calls, now_ms=FROM_MS, is_sample=True)
        self.live.moved(self.engine.tick(FROM_MS))

    def tell(self, now: float) -> None:
        for journey, moved in self.live.counters.coalescer.take(now).items():
            self.live._emit_flow(journey, moved)


@pytest.fixture
def room(seeded_file: Path, tmp_path: Path) -> Iterator[Room]:
    db = copied(seeded_file, tmp_path)
    yield Room(db)
    db.dispose()


def said(client: SocketIOTestClient, event: str, data: Any) -> Any:
    """What the server answers."""
    return client.emit(event, data, namespace=NAMESPACE, callback=True)


def heard(client: SocketIOTestClient, name: str) -> list[Any]:
    """What arrived under that name since the last look."""
    packets = [packet["args"] for packet in client.get_received(NAMESPACE) if packet["name"] == name]
    return packets if name == "message" else [arguments[0] for arguments in packets]  # the test client unwraps that one
