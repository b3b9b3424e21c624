"""Column types that read alike on SQLite and PostgreSQL, and the way between instants and numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB

# jsonb, never json: json is parsed again at every read, about eight times as dear.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 UTC, rounded down; the datetime must be aware."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    """An aware datetime in UTC."""
    return EPOCH + ms * MILLISECOND


def iso(ms: int | None) -> str | None:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, or None."""
    if ms is None:
        return None
    return from_ms(ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"
