"""The Socket.IO namespace /live: who watches which journey, and what browsers are told.

Browsers may say two things, `watch` and `unwatch`; everything else they say is dropped. Rooms are named here, never by
a browser. Live is a hint: whatever is told can be read again over the API.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request
from flask_socketio import Namespace, SocketIO, disconnect, join_room, leave_room
from sqlalchemy import Connection, select

from backend.accounts import sessions
from backend.accounts.users import User
from backend.db.connect import Database
from backend.db.tables import journey
from backend.engine.tick import Moved
from backend.live.counters import Counters
from backend.live.limits import Allowance
from backend.reports.flow import edges_of, flow

logger = logging.getLogger(__name__)

NAMESPACE = "/live"
MESSAGE_BYTES_MAX = 4096
ROOMS_MAX = 20
REFUSALS_MAX = 100  # a browser that goes on talking against the limit is shown the door
TOLD = ("message", "task", "import", "journey", "sample")


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _room(journey_id: int) -> str:
    return f"journey:{journey_id}"


@dataclass
class Visitor:
    """One connection. `token` is the session cookie it came with, looked up again whenever it speaks."""

    token: str
    user: User
    allowance: Allowance = field(default_factory=Allowance)
    refusals: int = 0
    journeys: set[int] = field(default_factory=set)


class Live:
    """Everything boot needs of this room: attach to the app, hand `moved` to the clock and `announce` to the doors."""

    def __init__(self, app: Flask, db: Database, now_ms: Callable[[], int]) -> None:
        self._db, self._now_ms = db, now_ms
        self._first_seq = wall_ms()  # a browser from before a restart sees a gap and reads again
        self._seq: dict[int, int] = {}
        self._edges: dict[int, dict[int, tuple[str, ...]]] = {}
        self.counters = Counters(self._emit_flow)
        self.socketio = SocketIO(
            app,
            async_mode="threading",
            cors_allowed_origins=None,  # the same origin only
            manage_session=False,
            async_handlers=False,  # one event of a browser after the other: it cannot flood us with threads
            max_http_buffer_size=MESSAGE_BYTES_MAX,
        )
        self.canvas = Canvas(self)
        self.socketio.on_namespace(self.canvas)

    def start(self) -> None:
        self.counters.start()

    def stop(self) -> None:
        self.counters.stop()

    # --- what the other rooms tell --------------------------------------------------------------------------------

    def moved(self, moved: Moved) -> None:
        """A tick moved people: the browsers that watch hear of it within a fifth of a second."""
        for journey_id, versions in moved.journeys.items():
            if self.counters.coalescer.is_watched(journey_id):
                edges: dict[str, int] = {}
                for version_id, legs in versions.items():
                    self._add_edges(edges, version_id, legs)
                self.counters.add(journey_id, edges)

    def refresh(self) -> None:
        """All counts may have changed, as after a restart of the sample. Version ids may mean other versions now."""
        self._edges.clear()
        self.counters.add_all()

    def announce(self, name: str, data: dict[str, Any]) -> None:
        """Tell the browsers; a `journey` key in data picks the room, without it everybody hears. After the commit."""
        assert name in TOLD, name
        journey_id = data.get("journey")
        room = None if journey_id is None else _room(int(journey_id))
        self.socketio.emit(name, data, namespace=NAMESPACE, to=room)
        if name == "journey" and "id" in data:
            self.counters.add(int(data["id"]), {})

    def seq_of(self, journey_id: int) -> int:
        """The number of the last `flow` told of this journey."""
        return self._seq.get(journey_id, self._first_seq)

    def _add_edges(self, edges: dict[str, int], version_id: int, legs: dict[int, int]) -> None:
        if version_id not in self._edges:
            with self._db.read() as conn:
                self._edges[version_id] = edges_of(conn, version_id)
        for leg, people in legs.items():
            for edge in self._edges[version_id].get(leg, ()):
                edges[edge] = edges.get(edge, 0) + people

    def _emit_flow(self, journey_id: int, moved: Any) -> None:
        with self._db.read() as conn:
            document = flow(conn, journey_id, at_ms=self._now_ms())
        self._seq[journey_id] = seq = self.seq_of(journey_id) + 1
        told = {**document, "journey": journey_id, "seq": seq, "moved": dict(moved)}
        self.socketio.emit("flow", told, namespace=NAMESPACE, to=_room(journey_id))

    # --- what the canvas asks -------------------------------------------------------------------------------------

    def find_user(self, token: str) -> User | None:
        with self._db.read() as conn:
            session = sessions.find(conn, token, now_ms=wall_ms())
        return session.user if session else None

    def has_journey(self, journey_id: int) -> bool:
        with self._db.read() as conn:
            return _has_journey(conn, journey_id)

    def check_visitors(self, _now_ms: int = 0) -> None:
        """Show those the door whose session is over. Housekeeping calls it, and logging out may."""
        self.canvas.check()


def _has_journey(conn: Connection, journey_id: int) -> bool:
    return conn.execute(select(journey.c.id).where(journey.c.id == journey_id)).scalar_one_or_none() is not None


class Canvas(Namespace):  # type: ignore[misc]
    """The handlers. A connection without a valid session is refused."""

    def __init__(self, live: Live) -> None:
        super().__init__(NAMESPACE)
        self._live = live
        self._visitors: dict[str, Visitor] = {}
        self._lock = threading.RLock()

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Drop what is not on the list before any handler is looked for."""
        is_allowed = event in ("watch", "unwatch") or (
            event in ("connect", "disconnect") and self._is_true(event, *args)
        )
        return super().trigger_event(event, *args) if is_allowed else None

    def _is_true(self, event: str, sid: str, *_: Any) -> bool:
        """A browser can send ordinary events of these two names; then it is connected already, or still."""
        if event == "connect":
            return sid not in self._visitors
        return not self._live.socketio.server.manager.is_connected(sid, NAMESPACE)

    def on_connect(self, auth: Any = None) -> bool:
        token = request.cookies.get(sessions.COOKIE, "")
        user = self._live.find_user(token) if token else None
        if user is None:
            return False
        with self._lock:
            self._visitors[request.sid] = Visitor(token, user)  # type: ignore[attr-defined]
        return True

    def on_disconnect(self, *_: Any) -> None:
        with self._lock:
            visitor = self._visitors.pop(request.sid, None)  # type: ignore[attr-defined]
        if visitor:
            for journey_id in visitor.journeys:
                self._live.counters.coalescer.unwatch(journey_id)
                self._tell_presence(journey_id)

    def on_watch(self, data: Any = None, *_: Any) -> dict[str, Any]:
        """{journey: id} → {ok, seq}: from here on its `flow` is told."""
        visitor, journey_id, refusal = self._heard(data)
        if refusal or visitor is None:
            return {"ok": False, "error": refusal}
        if not self._live.has_journey(journey_id):
            return {"ok": False, "error": "There is no such journey."}
        with self._lock:
            if journey_id not in visitor.journeys:
                if len(visitor.journeys) >= ROOMS_MAX:
                    return {"ok": False, "error": f"At most {ROOMS_MAX} journeys can be watched at once."}
                visitor.journeys.add(journey_id)
                self._live.counters.coalescer.watch(journey_id)
        join_room(_room(journey_id))
        self._tell_presence(journey_id)
        return {"ok": True, "seq": self._live.seq_of(journey_id)}

    def on_unwatch(self, data: Any = None, *_: Any) -> dict[str, Any]:
        visitor, journey_id, refusal = self._heard(data)
        if refusal or visitor is None:
            return {"ok": False, "error": refusal}
        with self._lock:
            if journey_id in visitor.journeys:
                visitor.journeys.discard(journey_id)
                self._live.counters.coalescer.unwatch(journey_id)
        leave_room(_room(journey_id))
        self._tell_presence(journey_id)
        return {"ok": True}

    def check(self) -> None:
        """Disconnect the visitors whose session is over."""
        with self._lock:
            visitors = dict(self._visitors)
        for sid, visitor in visitors.items():
            if self._live.find_user(visitor.token) is None:
                self._live.socketio.server.disconnect(sid, namespace=NAMESPACE)

    def _heard(self, data: Any) -> tuple[Visitor | None, int, str]:
        """Who speaks and of which journey, or why they are not heard."""
        sid = request.sid  # type: ignore[attr-defined]
        visitor = self._visitors.get(sid)
        if visitor is None or self._live.find_user(visitor.token) is None:
            disconnect(sid, namespace=NAMESPACE)
            return None, 0, "The session is over. Log in again."
        if not visitor.allowance.take():
            visitor.refusals += 1
            if visitor.refusals > REFUSALS_MAX:
                disconnect(sid, namespace=NAMESPACE)
            return visitor, 0, "Too many requests; wait a moment."
        journey_id = data.get("journey") if isinstance(data, dict) else None
        if not isinstance(journey_id, int) or isinstance(journey_id, bool) or not 0 < journey_id < 2**63:
            return visitor, 0, "Give the journey's id."
        return visitor, journey_id, ""

    def _tell_presence(self, journey_id: int) -> None:
        with self._lock:
            here = {v.user.id: v.user for v in self._visitors.values() if journey_id in v.journeys}
        users = [{"id": user.id, "name": user.name or user.email} for _, user in sorted(here.items())]
        told = {"journey": journey_id, "users": users}
        self._live.socketio.emit("presence", told, namespace=NAMESPACE, to=_room(journey_id))
