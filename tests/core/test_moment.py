"""Local times: gaps, overlaps, and what is a date at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.moment import instant_ms, local_to_ms, zone


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("local", "name", "instant"),
    [
        ("2024-01-15T09:00", "Europe/Berlin", "2024-01-15T08:00"),
        ("2024-07-15T09:00", "Europe/Berlin", "2024-07-15T07:00"),
        # a gap: the first valid instant after it
        ("2024-03-31T02:00", "Europe/Berlin", "2024-03-31T01:00"),
        ("2024-03-31T02:30", "Europe/Berlin", "2024-03-31T01:00"),
        ("2024-03-31T03:00", "Europe/Berlin", "2024-03-31T01:00"),
        ("2024-10-06T02:15", "Australia/Lord_Howe", "2024-10-05T15:30"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00"),
        # an overlap: the first one
        ("2024-10-27T02:30", "Europe/Berlin", "2024-10-27T00:30"),
        ("2024-11-03T01:30", "America/New_York", "2024-11-03T05:30"),
        ("2024-01-15T09:00", "Nowhere/At_All", "2024-01-15T09:00"),
    ],
)
def test_a_local_time_is_one_instant(local: str, name: str, instant: str) -> None:
    assert local_to_ms(datetime.fromisoformat(local), name) == utc(instant)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 40 * 365 * 86_400).map(
        lambda second: datetime.fromisoformat("1990-01-01") + timedelta(seconds=second)
    ),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]),
)
def test_it_is_the_first_instant_that_shows_the_time_or_a_later_one(local: datetime, name: str) -> None:
    """By search: an instant shows `local` or something after it, the second before shows something before it."""
    where = ZoneInfo(name)
    found = datetime.fromtimestamp(local_to_ms(local, name) / 1000, UTC)
    assert found.astimezone(where).replace(tzinfo=None) >= local
    before = (found - timedelta(seconds=1)).astimezone(where).replace(tzinfo=None)
    assert before < local


@pytest.mark.parametrize(
    ("text", "name", "instant"),
    [
        ("2024-07-15", None, "2024-07-15T00:00"),
        ("2024-07-15", "Europe/Berlin", "2024-07-14T22:00"),
        ("2024-07-15T09:00", "Europe/Berlin", "2024-07-15T07:00"),
        ("2024-07-15 09:00:30", "Europe/Berlin", "2024-07-15T07:00:30"),
        ("2024-07-15T09:00Z", "Europe/Berlin", "2024-07-15T09:00"),
        ("2024-07-15T09:00:00.1234567+02:00", None, "2024-07-15T07:00:00.123"),
        ("2024-07-15t09:00-0330", None, "2024-07-15T12:30"),
    ],
)
def test_iso_text_is_an_instant(text: str, name: str | None, instant: str) -> None:
    assert instant_ms(text, name) == utc(instant)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024", "2024-7-15", "2024-02-30", "2024-07-15T24:00", "2024-07-15T09",
     "2024-07-15T09:00+25:00", "20240715", None, "2024-07-15 "],
)  # fmt: skip
def test_anything_else_is_none(text: str | None) -> None:
    assert instant_ms(text, "UTC") is None


@pytest.mark.parametrize(
    "name", [None, "", "Mars/Base", "../../etc/passwd", "Europe", "/etc/localtime", "a\x00b", "x" * 5000]
)
def test_a_zone_that_does_not_exist_is_no_zone(name: str | None) -> None:
    assert zone(name) is None
