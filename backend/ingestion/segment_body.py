"""The bytes of a request to the Segment API, read: gzip, UTF-8, JSON, and no larger than it may be.

Raises: Unreadable for what is no call at all, TooLarge for what is too much of it; both say so in words.
"""

from __future__ import annotations

import json
import math
import zlib
from typing import Any

from backend.ingestion.segment_api import BATCH_BYTES_MAX, CALL_BYTES_MAX, Refused, largest
from backend.ingestion.text import measure

READ_BYTES_MAX = 4 * 1024 * 1024  # beyond it we do not even look which field is so large


class Unreadable(Exception):
    """The body is not JSON in UTF-8."""


class TooLarge(Exception):
    """The body is larger than a call or a batch may be. places: the dotted fields that make it so."""

    def __init__(self, detail: str, places: list[str]) -> None:
        super().__init__(detail)
        self.places = places


def parse(raw: bytes, encoding: str) -> dict[str, Any]:
    """The body's JSON object. encoding: the Content-Encoding header."""
    if encoding.lower() in ("gzip", "x-gzip", "deflate"):
        raw = _inflate(raw)
    elif encoding.lower() not in ("", "identity"):
        raise Unreadable(f"The Content-Encoding {encoding[:40]} is not known here; use gzip or none.")
    if len(raw) > READ_BYTES_MAX:
        raise TooLarge(f"The body is larger than {READ_BYTES_MAX // 1024 // 1024} MB.", [])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    try:
        body = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise Unreadable("The body is nested too deeply.") from None
    except ValueError as error:
        raise Unreadable(f"The body is not valid JSON: {error}.") from None
    if not isinstance(body, dict):
        raise Unreadable("The body must be a JSON object.")
    body_bytes = len(raw)
    if "batch" not in body and body_bytes > CALL_BYTES_MAX:
        raise TooLarge(f"A call has at most {CALL_BYTES_MAX // 1024} KB.", _places([body], ""))
    if body_bytes > BATCH_BYTES_MAX:
        items = body["batch"] if isinstance(body["batch"], list) else []
        # A call that is too large is refused by itself, and does not take the others of its batch with it.
        if body_bytes - sum(size for size in map(_bytes, items) if size > CALL_BYTES_MAX) > BATCH_BYTES_MAX:
            raise TooLarge(f"A batch has at most {BATCH_BYTES_MAX // 1024} KB.", _places(items, "batch."))
    return body


def calls_of(body: dict[str, Any]) -> list[Any]:
    """The calls of a batch body."""
    batch = body.get("batch")
    if not isinstance(batch, list):
        raise Refused("batch", "Must be a list of calls.")
    return batch


def _places(items: list[Any], prefix: str) -> list[str]:
    places = []
    for index, item in enumerate(items):
        if isinstance(item, dict) and _bytes(item) > CALL_BYTES_MAX:
            place = largest(item) or ""
            places.append(f"{prefix}{index}.{place}" if prefix else place)
    return places


def _bytes(item: Any) -> int:
    """How long the call is as JSON; 0 for one nested so deeply that it is refused for that."""
    try:
        return len(measure(item)[0].encode("utf-8", "replace"))
    except RecursionError:
        return 0


def _inflate(raw: bytes) -> bytes:
    """A little never becomes more than we are ready to read."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip and zlib alike, by their headers
    try:
        data = inflater.decompress(raw, READ_BYTES_MAX + 1)
    except zlib.error:
        raise Unreadable("The body is not compressed as its Content-Encoding says.") from None
    if len(data) <= READ_BYTES_MAX and not inflater.eof:
        raise Unreadable("The compressed body is cut off.")
    return data


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number
