"""Text to instant: Python, SQLite and PostgreSQL agree on every case, gaps and overlaps included."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backend.core.moment import instant_ms
from backend.db.connect import Database

CASES = [
    ("2024-03-31", "Europe/Berlin", "2024-03-30T23:00:00Z"),
    ("2024-03-31T02:30:00", "Europe/Berlin", "2024-03-31T01:00:00Z"),  # in the gap: the first valid instant after it
    ("2024-10-27T02:30:00", "Europe/Berlin", "2024-10-27T00:30:00Z"),  # in the overlap: the first one
    ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),  # there was no midnight
    ("2024-04-07T01:45", "Australia/Lord_Howe", "2024-04-06T14:45:00Z"),  # an overlap of half an hour
    ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00Z"),  # a day that never was
    ("2024-02-29T10:00:00.123+05:30", "UTC", "2024-02-29T04:30:00.123Z"),
    ("2024-02-29 10:00:00,5Z", None, "2024-02-29T10:00:00.500Z"),
    ("2024-06-01T00:00", "Nowhere/At_All", "2024-06-01T00:00:00Z"),
    ("2024-06-01T00:00", "", "2024-06-01T00:00:00Z"),
    ("1969-12-31T23:59:59.999Z", None, "1969-12-31T23:59:59.999Z"),
]
NO_INSTANTS = ["", "soon", "2023-02-29", "2024-13-01", "2024-01-01T24:00", "2024-01-01T10:60", "2024-1-1", "20240101"]
NO_INSTANTS += ["2024-01-01T", "2024-01-01Z", "2024-01-01T10:00+25:00", "0000-01-01", " 2024-01-01", "2024-01-01\n"]


@pytest.mark.parametrize(("value", "zone", "expected"), CASES)
def test_an_instant_is_the_same_everywhere(db: Database, value: str, zone: str | None, expected: str) -> None:
    wanted = instant_ms(expected, None)
    assert instant_ms(value, zone) == wanted
    with db.read() as conn:
        assert conn.execute(text("SELECT sojourn_instant(:v, :z)"), {"v": value, "z": zone}).scalar_one() == wanted


@pytest.mark.parametrize("value", NO_INSTANTS)
def test_other_text_is_no_instant(db: Database, value: str) -> None:
    assert instant_ms(value, "UTC") is None
    with db.read() as conn:
        assert conn.execute(text("SELECT sojourn_instant(:v, 'UTC')"), {"v": value}).scalar_one() is None
