"""The only place that joins the parts: one `Sojourn` per process.

Knows every room so that the rooms need not know each other: the clock is handed the engine and a callback that tells
the canvas, the doors get what they may reach as one `Parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Flask
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from backend.accounts import secrets, workspace
from backend.api import (
    errors,
    events,
    fields,
    guard,
    headers,
    health,
    journeys,
    keys,
    kinds,
    numbers,
    pages,
    publishing,
    sample,
    schema,
    session,
    tags,
    tasks,
    track,
    users,
)
from backend.api import workspace as workspace_door
from backend.api.json_body import StrictJson
from backend.api.parts import Parts, wall_ms
from backend.api.schemas.common import ProblemDocument
from backend.db.connect import connect
from backend.engine.tick import Engine
from backend.live.canvas import Live
from backend.scheduling.clock import WallClock, WorkspaceClock
from backend.scheduling.clockwork import Clockwork
from backend.scheduling.door import own_url
from backend.scheduling.player import Player
from backend.settings import Settings

# The doors that OpenAPI describes, and those for other readers.
DESCRIBED = (
    session,
    workspace_door,
    users,
    keys,
    journeys,
    publishing,
    numbers,
    kinds,
    fields,
    tags,
    events,
    tasks,
    sample,
)
OTHERS = (health, schema, track, pages)

OPENAPI = {
    "API_TITLE": "Sojourn",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


@dataclass
class Sojourn:
    """A joined application. `close` ends what runs in the background and lets go of the database."""

    app: Flask
    parts: Parts
    live: Live
    endings: list[Callable[[], None]] = field(default_factory=list)

    def hang_up(self) -> None:
        """End every websocket; browsers come back by themselves."""
        connections = self.live.socketio.server.eio
        for sid in list(connections.sockets):
            with suppress(KeyError):
                connections.disconnect(sid)

    def close(self) -> None:
        while self.endings:
            self.endings.pop()()
        self.parts.db.dispose()


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest, answering errors in our form."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None:
        """errors.register does it."""


class RowId(IntegerConverter):
    """An id in a path: what no database could hold is no page."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, min=0, max=2**63 - 1)


def create_app(settings: Settings, *, with_clock: bool) -> Sojourn:
    """The application over a migrated database. Without a clock nothing moves by itself (commands, tests)."""
    db = connect(settings)
    workspace.ensure(db, now_ms=wall_ms())
    clock = WorkspaceClock(db, WallClock())
    parts = Parts(settings, db, secrets.load(settings.data_dir), now_ms=clock.now_ms, engine=Engine(db))
    app = _flask(parts)
    live = Live(app, db, clock.now_ms)
    parts.announce, parts.seq_of, parts.tell_moved = live.announce, live.seq_of, live.moved
    sojourn = Sojourn(app, parts, live)
    if with_clock:
        _start_clock(sojourn, clock)
    return sojourn


def _flask(parts: Parts) -> Flask:
    app = Flask("sojourn", static_folder=None)
    app.json = StrictJson(app)
    # Our sessions are rows (accounts.sessions). Flask's own, a signed cookie, stays off: it has no key.
    app.config.update(
        OPENAPI,
        MAX_CONTENT_LENGTH=guard.BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=guard.BODY_BYTES,
        SESSION_COOKIE_NAME="unused",
    )
    app.url_map.converters["int"] = RowId
    app.url_map.strict_slashes = False
    app.extensions["sojourn"] = parts
    hops = parts.settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    errors.register(app)
    guard.register(app)
    headers.register(app, is_https=parts.settings.base_url.startswith("https://"))
    described = ProblemApi(app)
    for door in DESCRIBED:
        described.register_blueprint(door.blueprint)
    for door in OTHERS:
        app.register_blueprint(door.blueprint)
    return app


def _start_clock(sojourn: Sojourn, clock: WorkspaceClock) -> None:
    """Tick, deliver, play and tell from here on, in threads of this process."""
    parts, live = sojourn.parts, sojourn.live

    def pump(now_ms: int) -> int:
        return 0

    clockwork = Clockwork(parts.db, parts.engine, pump, live.moved, clock, housekeeping=(live.check_visitors,))
    url = own_url(parts.settings.host, parts.settings.port)
    parts.player = Player(parts.db, clockwork, url, announce=live.announce, refresh=live.refresh)
    parts.wake, parts.health = clockwork.wake, clockwork.health
    live.start()
    clockwork.start()
    sojourn.endings += [live.stop, clockwork.stop]
