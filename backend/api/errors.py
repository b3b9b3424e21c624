"""Every exception becomes one problem document (RFC 9457): {type, title, status, detail, errors?, problems?}.

`errors` is a list of {field, message} where a field can be named; `problems` those of a journey (core.problem). What we
did not foresee is logged with its trace and answered 500 without a word of what is inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, make_response, request
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from backend.accounts import attempts, passwords, setup, users
from backend.authoring.drafts import Conflict, NoSuchJourney, StillRunning

log = logging.getLogger("sojourn.api")


class Refused(Exception):
    """The caller's turn: a status, a sentence for them, and what else the problem document should hold."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.more = more


def not_found(what: str) -> Refused:
    return Refused(404, f"There is no such {what}.")


def invalid(field: str, message: str) -> Refused:
    """422 for one field."""
    return Refused(422, f"{field}: {message}", errors=[{"field": field, "message": message}])


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """The one form every error has."""
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = make_response(document, status)
    response.mimetype = "application/problem+json"
    response.headers.extend(headers or {})
    return response


def flatten(messages: Any, path: str = "") -> Iterator[dict[str, str]]:
    """marshmallow's nested messages as {field, message}, fields dotted: {"nodes": {0: {"id": [m]}}} → nodes.0.id."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = "" if key == "_schema" else str(key)
            yield from flatten(inner, f"{path}.{step}".strip("."))
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from flatten(inner, path)
    else:
        yield {"field": path, "message": str(messages)}


def _invalid(messages: Any) -> Response:
    errors = list(flatten(messages))
    first = errors[0] if errors else {"field": "", "message": "The request is not valid."}
    detail = f"{first['field']}: {first['message']}" if first["field"] else first["message"]
    return problem(422, detail, errors=errors)


def _refused(error: Refused) -> Response:
    more = {"errors": error.errors, **error.more} if error.errors else error.more
    return problem(error.status, error.detail, headers=error.headers, **more)


def _http(error: HTTPException) -> Response:
    data = getattr(error, "data", None) or {}
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status == 422 and "messages" in data:
        by_place = data["messages"]
        is_by_place = isinstance(by_place, Mapping) and set(by_place) <= _PLACES
        return _invalid(_merged(by_place) if is_by_place else by_place)
    detail = data.get("message") or error.description or HTTPStatus(status).phrase
    more: dict[str, Any] = {"errors": list(flatten(data["errors"]))} if "errors" in data else {}
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After", "WWW-Authenticate")}
    return problem(status, str(detail), headers={**kept, **data.get("headers", {})}, **more)


_PLACES = {"json", "query", "headers", "path", "form", "files", "json_or_form", "cookies"}


def _merged(by_place: Mapping[str, Any]) -> dict[str, Any]:
    """Messages without the place they came from: a field is named as its sender knows it."""
    merged: dict[str, Any] = {}
    for messages in by_place.values():
        if isinstance(messages, Mapping):
            merged.update(messages)
        else:
            merged.setdefault("_schema", []).append(messages)
    return merged


def _conflict(error: Conflict) -> Response:
    detail = "Somebody changed this journey meanwhile. Take their draft or save yours on top of it."
    return problem(412, detail, current={"revision": error.revision, "draft": error.draft})


def _too_many(error: attempts.TooMany) -> Response:
    seconds = -(-error.wait_ms // 1000)
    detail = f"Too many failed logins. Try again in {seconds} seconds."
    return problem(429, detail, headers={"Retry-After": str(seconds)})


def _busy(error: OperationalError) -> Response:
    log.error("database: %s", error.orig, exc_info=error)
    return problem(503, "The database does not answer. Try again in a moment.", headers={"Retry-After": "1"})


def _weak(error: passwords.WeakPassword) -> Response:
    return problem(422, str(error), errors=[{"field": "password", "message": str(error)}])


def _unforeseen(error: Exception) -> Response:
    log.error("%s %r failed", request.method, request.path, exc_info=error)
    return problem(500, "Something went wrong on our side. It has been written to the server's log.")


def says(status: int, field: str | None = None) -> Callable[[Exception], Response]:
    """The exception's own sentence, or its docstring where it was raised without one."""

    def handler(error: Exception) -> Response:
        detail = str(error) or str(type(error).__doc__)
        return (
            problem(status, detail, errors=[{"field": field, "message": detail}]) if field else problem(status, detail)
        )

    return handler


def register(app: Flask) -> None:
    """One table: an exception, and what answers for it."""
    handlers: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
        (Refused, _refused),
        (ValidationError, lambda error: _invalid(error.messages)),
        (Conflict, _conflict),
        (NoSuchJourney, says(404)),
        (StillRunning, says(409)),
        (attempts.TooMany, _too_many),
        (passwords.WeakPassword, _weak),
        (setup.AlreadySetUp, says(409)),
        (setup.WrongToken, says(403)),
        (users.EmailTaken, says(409, "email")),
        (users.LastUser, says(409)),
        (OperationalError, _busy),
        (HTTPException, _http),
        (Exception, _unforeseen),
    )
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)
