"""Local times and zones, as semantics.md "Time" has them. All instants are milliseconds since 1970 UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?\Z",
    re.IGNORECASE,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo | None:
    """The IANA zone, or None: a zone that does not exist is no zone."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def local_to_ms(local: datetime, zone_name: str) -> int:
    """The instant of a naive local time: in a gap the first valid instant after it, in an overlap the first one."""
    where = zone(zone_name) or ZoneInfo("UTC")
    first = local.replace(tzinfo=where, fold=0)
    instant = first.astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) != local:
        # In the gap: fold=0 reads the offset before it. The gap ends at the transition, which lies between the two
        # readings; halve the distance until the millisecond is found.
        low = local.replace(tzinfo=where, fold=1).astimezone(UTC)
        high = instant
        before = low.astimezone(where).utcoffset()
        while high - low > _MS:
            middle = low + ((high - low) / 2)
            if middle.astimezone(where).utcoffset() == before:
                low = middle
            else:
                high = middle
        instant = high
        seconds = round((instant - _EPOCH) / timedelta(seconds=1))
        return seconds * 1000
    return (instant - _EPOCH) // _MS


@lru_cache(maxsize=65_536)
def instant_ms(text: str | None, zone_name: str | None) -> int | None:
    """The instant of an ISO 8601 date or date-time, or None when the text is none.

    A plain date is midnight and text without offset is local time, in the zone (UTC when there is no such zone).
    """
    if not isinstance(text, str):
        return None
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        local = datetime.combine(
            date(int(year), int(month), int(day)), time(int(hour or 0), int(minute or 0), int(second or 0))
        )
        millis = int(((fraction or "0") + "00")[:3])
        if offset is None:
            return local_to_ms(local, zone_name or "UTC") + millis
        whole = (local.replace(tzinfo=UTC) - _EPOCH) // _MS + millis
        if offset.upper() == "Z":
            return whole
        sign = -1 if offset[0] == "-" else 1
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        if hours > 23 or minutes > 59:
            return None
    except (ValueError, OverflowError):
        return None
    return whole - sign * (hours * 60 + minutes) * 60_000
