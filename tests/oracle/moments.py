"""Durations, zones and ISO text, as the referee reads them; instants are integer milliseconds UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

UNIT_MS = {"seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000, "weeks": 604_800_000}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def duration_ms(duration: Mapping[str, Any]) -> int:
    return int(duration["amount"]) * UNIT_MS[duration["unit"]]


def zone_named(name: object) -> tzinfo | None:
    """The IANA zone of that name, None when there is no such zone."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def instant_of(value: object, zone: tzinfo) -> int | None:
    """The instant an ISO text means, None for anything else.

    A plain date is its midnight and a text without offset its local time in `zone`.
    """
    found = ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    fraction = int((found[7] or "").ljust(3, "0")[:3])
    try:
        local = datetime(year, month, day, hour, minute, second, fraction * 1000)  # noqa: DTZ001  the zone comes next
    except ValueError:
        return None
    return milliseconds(local.replace(tzinfo=offset)) if (offset := offset_of(found[8])) else local_instant(local, zone)


def offset_of(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def local_instant(local: datetime, zone: tzinfo) -> int:
    """A local time as an instant: the first of an overlap, the first valid instant after a gap."""
    earlier, later = milliseconds(local.replace(tzinfo=zone, fold=0)), milliseconds(local.replace(tzinfo=zone, fold=1))
    if later >= earlier:
        return earlier  # an ordinary time, or an overlap's first
    # In a gap the two readings are swapped and enclose the moment the clocks were put forward: halve until it is found.
    before, after = later, earlier
    new_offset = moment(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if moment(middle, zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def milliseconds(when: datetime) -> int:
    return (when - EPOCH) // MILLISECOND


def moment(instant: int, zone: tzinfo = UTC) -> datetime:
    return (EPOCH + instant * MILLISECOND).astimezone(zone)


def iso(instant: int) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    return moment(instant).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant % 1000:03d}Z"
