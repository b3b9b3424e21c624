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
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from backend.accounts import secrets, workspace
from backend.api import errors, guard, headers
from backend.api.json_body import StrictJson
from backend.api.parts import Parts, wall_ms
from backend.api.schemas.common import ProblemDocument
from backend.db.connect import connect
from backend.settings import Settings


@dataclass
class Sojourn:
    """A joined application. `close` ends what runs in the background and lets go of the database."""

    app: Flask
    socketio: SocketIO
    parts: Parts
    endings: list[Callable[[], None]] = field(default_factory=list)

    def hang_up(self) -> None:
        """End every websocket; browsers come back by themselves."""
        engine = self.socketio.server.eio
        for sid in list(engine.sockets):
            with suppress(KeyError):
                engine.disconnect(sid)

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

    def __init__(self, map: object, *args: object, **kwargs: object) -> None:
        super().__init__(map, *args, **{"max": 2**63 - 1, **kwargs})  # type: ignore[arg-type]


OPENAPI = {
    "API_TITLE": "Sojourn",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def create_app(settings: Settings, *, with_clock: bool) -> Sojourn:
    """The application over a migrated database. Without a clock nothing moves by itself (commands, tests)."""
    db = connect(settings)
    workspace.ensure(db, now_ms=wall_ms())
    parts = Parts(settings, db, secrets.load(settings.data_dir))
    app = _flask(parts)
    _register_doors(app)
    # Origins: same-origin only, which is what None means here.
    socketio = SocketIO(
        app, async_mode="threading", cors_allowed_origins=None, manage_session=False, max_http_buffer_size=100_000
    )
    sojourn = Sojourn(app, socketio, parts)
    _join_live(sojourn)
    if with_clock:
        _start_clock(sojourn)
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
    return app


# The doors described by OpenAPI, and those that are not.
DESCRIBED = (
    "session workspace users keys journeys publishing numbers kinds contacts messages channels fields tags events "
    "tasks sample"
)
OTHERS = ["health", "schema", "track", "public", "pages"]


def _register_doors(app: Flask) -> None:
    from importlib import import_module

    api = ProblemApi(app)
    for name in DESCRIBED.split():
        try:
            api.register_blueprint(import_module(f"backend.api.{name}").blueprint)
        except ImportError as error:
            print("door missing", name, error)
    for name in OTHERS:
        try:
            app.register_blueprint(import_module(f"backend.api.{name}").blueprint)
        except ImportError as error:
            print("door missing", name, error)


def _join_live(sojourn: Sojourn) -> None:
    pass


def _start_clock(sojourn: Sojourn) -> None:
    pass
