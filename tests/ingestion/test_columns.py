"""Types of columns, to the letter."""

from __future__ import annotations

import pytest

from backend.ingestion.columns import convert, infer_types


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["true", "false", ""], "boolean"),
        (["true", "yes"], "text"),
        (["True"], "text"),
        (["0", "-12", "3.50", ""], "number"),
        (["007"], "text"),
        (["1e5"], "text"),
        (["+1"], "text"),
        ([".5"], "text"),
        (["1,5"], "text"),
        ([" 1"], "text"),
        (["1\n"], "text"),
        (["٣"], "text"),
        (["1", "true"], "text"),
        (["2026-02-28"], "date"),
        (["2026-02-30"], "text"),
        (["2026-02-28", "2026-02-28T10:00:00Z"], "datetime"),
        (["2026-02-28 10:00"], "datetime"),
        (["2026-02-28T10:00:00+02:00"], "datetime"),
        (["2026-02-28", "12"], "text"),
        (["", ""], "text"),
        (["9" * 400], "text"),
    ],
)
def test_a_columns_type_is_what_all_its_cells_are(cells: list[str], kind: str) -> None:
    assert infer_types({"x": cell} for cell in cells) == {"x": kind}


@pytest.mark.parametrize("name", ["user_id", "email", "phone", "timezone"])
def test_what_names_a_contact_is_always_text(name: str) -> None:
    assert infer_types([{name: "12"}]) == {name: "text"}


def test_no_rows_have_no_columns() -> None:
    assert infer_types([]) == {}


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("", "number", None),
        ("", "text", None),
        ("12", "number", 12),
        ("1.50", "number", 1.5),
        ("12", "text", "12"),
        ("n/a", "number", "n/a"),
        ("true", "boolean", True),
        ("nope", "boolean", "nope"),
        ("2026-01-01", "date", "2026-01-01"),
    ],
)
def test_a_cell_becomes_its_columns_type(cell: str, kind: str, value: object) -> None:
    converted = convert(cell, kind)
    assert (converted, type(converted)) == (value, type(value))
