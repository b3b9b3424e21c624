"""One call of the Segment HTTP Tracking API, read from its JSON.

identify, track, page, screen, group and alias, in the shapes every Segment SDK sends. `page` and `screen` become the
events "Page Viewed" and "Screen Viewed" with `name` and `category` among the properties; `group` becomes the event
"$group" with `groupId` and `traits`. Traits and properties keep their names as sent.
Units:  instants are milliseconds UTC.
Raises: Refused, naming the field, for a call that cannot be stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from backend.core.moment import instant_ms
from backend.ingestion.text import DEPTH_MAX, depth, measure, mend_value

CALL_BYTES_MAX = 32 * 1024
BATCH_BYTES_MAX = 500 * 1024
NAME_CHARS_MAX = 200
ID_CHARS_MAX = 255
FUTURE_MS_MAX = 5 * 60_000
KINDS = ("identify", "track", "page", "screen", "group", "alias")
VIEWS = {"page": "Page Viewed", "screen": "Screen Viewed"}


class Refused(Exception):
    """The call cannot be stored."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Call:
    """A call that can be stored.

    name: the event's, empty for identify and alias. data: its properties, or the traits of identify. at: its own time,
    corrected. is_dated: it told its time itself, so that sample time can take it literally.
    """

    index: int
    kind: str
    message_id: str | None
    user_id: str | None
    anonymous_id: str | None
    previous_id: str | None
    name: str
    data: dict[str, Any]
    at: int
    is_dated: bool


def read(item: Any, *, index: int, now_ms: int, sent_at: Any = None, is_sample: bool = False) -> Call:
    """The call; `sent_at` is the batch's own, used where the call has none."""
    if not isinstance(item, dict):
        raise Refused(None, "A call is a JSON object.")
    item = _within_limits(item)
    kind = item.get("type")
    if kind not in KINDS:
        raise Refused("type", f"Must be one of {', '.join(KINDS)}.")
    user_id, anonymous_id = _id(item, "userId"), _id(item, "anonymousId")
    previous_id = _id(item, "previousId") if kind == "alias" else None
    if user_id is None and (anonymous_id is None or kind == "alias"):
        raise Refused("userId", "Give userId or anonymousId." if kind != "alias" else "Give the userId to join to.")
    if kind == "alias" and (previous_id or anonymous_id) is None:
        raise Refused("previousId", "Give the previousId that joins.")
    at, is_dated = _instant(item, now_ms=now_ms, sent_at=item.get("sentAt") or sent_at, is_sample=is_sample)
    name, data = _content(kind, item)
    return Call(
        index=index,
        kind=kind,
        message_id=_message_id(item.get("messageId")),
        user_id=user_id,
        anonymous_id=anonymous_id,
        previous_id=previous_id,
        name=name,
        data=data,
        at=at,
        is_dated=is_dated,
    )


def _within_limits(item: dict[str, Any]) -> dict[str, Any]:
    try:
        text, is_plain = measure(item)
    except ValueError:
        raise Refused(None, "A number is not a finite one.") from None
    except RecursionError:
        raise Refused(None, f"Nested more than {DEPTH_MAX} deep.") from None
    # A character is at least a byte, so the exact count is needed in between only.
    if len(text) * 4 > CALL_BYTES_MAX and len(text.encode("utf-8", "replace")) > CALL_BYTES_MAX:
        raise Refused(largest(item), f"The call is larger than {CALL_BYTES_MAX // 1024} KB.")
    if text.count("{") + text.count("[") > DEPTH_MAX and depth(item) > DEPTH_MAX:
        raise Refused(None, f"Nested more than {DEPTH_MAX} deep.")
    return item if is_plain else mend_value(item)


def largest(item: dict[str, Any]) -> str | None:
    """The dotted name of the part that makes a call so large."""
    path: list[str] = []
    value: Any = item
    for _ in range(2):
        sizes = {key: len(measure(part)[0]) for key, part in value.items()}
        if not sizes:
            break
        key = max(sizes, key=lambda name: sizes[name])
        path.append(key[:NAME_CHARS_MAX])
        if not isinstance(value[key], dict):
            break
        value = value[key]
    return ".".join(path) or None


def _id(item: dict[str, Any], field: str) -> str | None:
    value = item.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(field, "An id is text or a number.")
    text = str(value).strip()
    if len(text) > ID_CHARS_MAX:
        raise Refused(field, f"An id has at most {ID_CHARS_MAX} characters.")
    return text or None


def _message_id(value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    return text if len(text) <= ID_CHARS_MAX else "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _instant(item: dict[str, Any], *, now_ms: int, sent_at: Any, is_sample: bool) -> tuple[int, bool]:
    """The call's own time by our clock: a device that is an hour off says so by its `sentAt`.

    On sample time an event without `sentAt` is taken at its word, whatever the date: that is how the sample is played.
    """
    given = _ms(item.get("timestamp"))
    if given is None:
        given = _ms(item.get("originalTimestamp"))
    sent = _ms(sent_at)
    if given is None:
        return now_ms, False
    if sent is None and is_sample:
        return given, True
    at = given if sent is None else now_ms - (sent - given)
    return (now_ms if at > now_ms + FUTURE_MS_MAX else at), False


def _ms(value: Any) -> int | None:
    if isinstance(value, str):
        return instant_ms(value, "UTC")
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e14:
        return int(value if value > 1e11 else value * 1000)  # seconds reach 1e11 in the year 5138
    return None


def _content(kind: str, item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if kind == "alias":
        return "", {}
    if kind == "identify":
        return "", _object(item, "traits")
    if kind == "group":
        group_id = _id(item, "groupId")
        if group_id is None:
            raise Refused("groupId", "Give the groupId.")
        return "$group", {"groupId": group_id, "traits": _object(item, "traits")}
    properties = _object(item, "properties")
    if kind == "track":
        return _name(item, "event"), properties
    seen = {key: item[key] for key in ("name", "category") if isinstance(item.get(key), str) and item[key]}
    return VIEWS[kind], {**seen, **properties}


def _object(item: dict[str, Any], field: str) -> dict[str, Any]:
    value = item.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused(field, "Must be a JSON object.")
    for key in value:
        if len(key) > NAME_CHARS_MAX:
            raise Refused(f"{field}.{key[:40]}…", f"A name has at most {NAME_CHARS_MAX} characters.")
    return value


def _name(item: dict[str, Any], field: str) -> str:
    value = item.get(field)
    if not isinstance(value, str) or not value.strip():
        raise Refused(field, "Give the event's name.")
    if len(value) > NAME_CHARS_MAX:
        raise Refused(field, f"A name has at most {NAME_CHARS_MAX} characters.")
    return value.strip()
