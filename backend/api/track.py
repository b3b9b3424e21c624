"""The Segment HTTP Tracking API: events and traits come in here, from any Segment SDK.

Public, by write key: the user name of Basic auth, or `writeKey` in the body where a browser cannot set headers. Any
page may call it (CORS without credentials); nothing is ever read back. The short paths are those of the browser SDK.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from backend.accounts import keys
from backend.api.errors import Refused
from backend.api.parts import parts, wall_ms
from backend.db.tables import workspace
from backend.ingestion import segment_api, segment_body
from backend.ingestion.events import Accepted, accept, keep_rejected

blueprint = Blueprint("track", __name__, url_prefix="/v1")

PATHS = {
    "identify": ("identify", "i"),
    "track": ("track", "t"),
    "page": ("page", "p"),
    "screen": ("screen", "s"),
    "group": ("group", "g"),
    "alias": ("alias", "a"),
}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="write key"'}


def one(kind: str) -> dict[str, Any]:
    """Store one call. 400 names the field of a call that cannot be stored."""
    body, is_sample = _body()
    accepted = _accept([{**body, "type": kind}], is_sample=is_sample, sent_at=None)
    if accepted.rejected:
        refused = accepted.rejected[0]
        place = refused["field"] or ""
        message = refused["reason"]
        raise Refused(400, f"{place}: {message}" if place else message, errors=[{"field": place, "message": message}])
    return {"success": True}


def batch() -> dict[str, Any]:
    """Store the calls of a batch. Those that cannot be stored are listed in the answer and in the app."""
    body, is_sample = _body()
    try:
        items = segment_body.calls_of(body)
    except segment_api.Refused as refused:
        raise _bad(refused.reason, refused.field or "") from None
    rejected = _accept(items, is_sample=is_sample, sent_at=body.get("sentAt")).rejected
    return {"success": True, "rejected": rejected} if rejected else {"success": True}


for _kind, _paths in PATHS.items():
    for _path in _paths:
        blueprint.add_url_rule(
            f"/{_path}", endpoint=f"{_kind}_{_path}", view_func=one, methods=["POST"], defaults={"kind": _kind}
        )
for _path in ("batch", "b", "import"):
    blueprint.add_url_rule(f"/{_path}", endpoint=f"batch_{_path}", view_func=batch, methods=["POST"])


@blueprint.after_request
def _any_origin(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Content-Encoding"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _accept(items: list[Any], *, is_sample: bool, sent_at: Any) -> Accepted:
    joined = parts()
    accepted = accept(joined.db, items, now_ms=joined.now_ms(), is_sample=is_sample, sent_at=sent_at)
    if accepted.stored:
        joined.wake()
    return accepted


def _body() -> tuple[dict[str, Any], bool]:
    """The request's JSON and whether the workspace runs on sample time; the caller's write key is in force."""
    request.max_content_length = segment_body.READ_BYTES_MAX
    key = _header_key()
    is_sample = None if key is None else _admit(key)
    raw = request.get_data(cache=False)
    try:
        body = segment_body.parse(raw, request.headers.get("Content-Encoding", ""))
    except (segment_body.Unreadable, segment_body.TooLarge) as error:
        if is_sample is None:
            raise _unknown_key() from None
        raise _unusable(error, raw) from None
    if is_sample is None:
        is_sample = _admit(str(body.get("writeKey") or ""))
    return body, is_sample


def _unusable(error: segment_body.Unreadable | segment_body.TooLarge, raw: bytes) -> Refused:
    """The problem document; what was sent is remembered for the app."""
    places = error.places if isinstance(error, segment_body.TooLarge) else []
    refused = segment_api.Refused(places[0] if places else None, str(error))
    with parts().db.write() as conn:
        keep_rejected(conn, [(refused, raw[:4000].decode("utf-8", "replace"))], parts().now_ms())
    if not isinstance(error, segment_body.TooLarge):
        return Refused(400, str(error))
    return Refused(413, str(error), errors=[{"field": place, "message": str(error)} for place in places])


def _header_key() -> str | None:
    """The write key of the Authorization header; None without one."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() == "bearer":
        return rest.strip()
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        raise _unknown_key() from None


def _admit(key: str) -> bool:
    """Whether the workspace runs on sample time. Raises Refused 401 for a key that is not in force."""
    now = wall_ms()
    with parts().db.read() as conn:
        key_id = keys.find(conn, key, kind="write")
        is_stale = key_id is not None and keys.is_stale(conn, key_id, now_ms=now)
        mode = conn.execute(select(workspace.c.mode)).scalar()
    if key_id is None:
        raise _unknown_key()
    if is_stale:
        with parts().db.write() as conn:
            keys.touch(conn, key_id, now_ms=now)
    return mode == "sample"


def _unknown_key() -> Refused:
    return Refused(401, "This write key does not exist or was revoked.", headers=CHALLENGE)


def _bad(message: str, field: str) -> Refused:
    return Refused(400, f"{field}: {message}", errors=[{"field": field, "message": message}])
