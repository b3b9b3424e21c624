"""All doors in one list, and the app that has them: the only file that knows every blueprint."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import IntegerConverter, Map

from backend.api import (
    channels,
    contacts,
    errors,
    events,
    fields,
    guard,
    headers,
    health,
    journeys,
    keys,
    kinds,
    messages,
    numbers,
    pages,
    public,
    publishing,
    sample,
    schema,
    session,
    tags,
    tasks,
    track,
    trial,
    users,
    workspace,
)
from backend.api.json_body import StrictJson
from backend.api.schemas.common import ProblemDocument

# Those that OpenAPI describes, and those for other readers.
DESCRIBED = (
    session,
    workspace,
    users,
    keys,
    journeys,
    publishing,
    numbers,
    trial,
    kinds,
    contacts,
    messages,
    channels,
    fields,
    tags,
    events,
    tasks,
    sample,
)
OTHERS = (health, schema, track, public, pages)

OPENAPI = {
    "API_TITLE": "Sojourn",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest, answering errors in our form."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None:
        """errors.register does it."""


class RowId(IntegerConverter):
    """An id in a path: what no database could hold is no page."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, min=0, max=2**63 - 1)


def make(*, is_https: bool) -> Flask:
    """The app with every door; it answers once `extensions["sojourn"]` holds the parts."""
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
    errors.register(app)
    guard.register(app)
    headers.register(app, is_https=is_https)
    described = ProblemApi(app)
    for door in DESCRIBED:
        described.register_blueprint(door.blueprint)
    for other in OTHERS:
        app.register_blueprint(other.blueprint)
    return app


def description(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    (described,) = app.extensions["flask-smorest"]["apis"].values()
    found: dict[str, Any] = described["ext_obj"].spec.to_dict()
    return found
