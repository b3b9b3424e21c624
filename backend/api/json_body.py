"""Request bodies: one content type per route, and only JSON that every database can hold.

JSON allows more than we can store: a NUL character, half of a surrogate pair, numbers beyond any float, nesting without
end. Each is refused here with a 400 or 422 that says so, instead of surfacing as a database error later.
"""

from __future__ import annotations

import math
from typing import Any

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from backend.api.errors import Refused

DEEPEST = 100
BIGGEST = 2**63 - 1


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, without NaN and infinities in either direction; keys keep their order."""

    sort_keys = False
    compact = True
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, parse_constant=_no_constant, parse_float=_finite, **kwargs)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def check(asked: Request, *, is_upload: bool) -> None:
    """Refuse what no route can use; a JSON body is parsed (and cached) on the way."""
    mimetype = asked.mimetype
    if is_upload:
        if mimetype != "multipart/form-data":
            raise UnsupportedMediaType("Send the file as multipart/form-data.")
        return
    has_body = bool(asked.content_length) or "Transfer-Encoding" in asked.headers
    if not has_body and not mimetype:
        return
    if mimetype != "application/json" and not (mimetype.startswith("application/") and mimetype.endswith("+json")):
        raise UnsupportedMediaType("Send the body as application/json.")
    raw = asked.get_data(cache=True)
    if not raw:
        return
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    try:
        data = asked.get_json()
    except BadRequest:
        raise BadRequest(_why(asked, raw)) from None
    _walk(data, "", 0)


def _why(asked: Request, raw: bytes) -> str:
    """Where the JSON is broken, in words: Werkzeug's own message says so only in debug mode."""
    from flask import current_app

    try:
        current_app.json.loads(raw)
    except ValueError as error:
        return f"The body is not valid JSON: {error}."
    return "The body is not valid JSON."


def _walk(value: Any, path: str, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(422, "The body is nested too deeply.", errors=[{"field": path, "message": "Nested too deeply."}])
    if isinstance(value, str):
        _text(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _text(key, path)
            _walk(inner, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _walk(inner, f"{path}.{index}" if path else str(index), depth + 1)
    elif isinstance(value, int) and not -BIGGEST - 1 <= value <= BIGGEST:
        raise Refused(422, f"{path}: the number is too large.", errors=[{"field": path, "message": "Too large."}])


def _text(text: str, path: str) -> None:
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text) if not text.isascii() else "\x00" in text:
        sentence = "The text holds a character that cannot be stored (NUL or half of a pair)."
        raise Refused(422, f"{path}: {sentence}", errors=[{"field": path, "message": sentence}])
