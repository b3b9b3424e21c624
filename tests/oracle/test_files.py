from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.oracle.files import Case, kind_of, read_rows, typed, write_case
from tests.oracle.stories import at, end, instant, journey, on


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["true", "false"], "boolean"),
        (["true", "True"], "text"),
        (["1", "-2.5", "0"], "number"),
        (["1", "01"], "text"),
        (["1", "1e3"], "text"),
        (["1", ""], "number"),
        (["2024-01-31", "2024-02-29"], "date"),
        (["2024-01-31", "2024-02-30"], "text"),
        (["2024-01-31T10:00:00Z", "2024-01-31T10:00+01:00"], "datetime"),
        (["2024-01-31", "2024-01-31T10:00:00Z"], "datetime"),
        (["true", "1"], "text"),
        ([""], "text"),
    ],
)
def test_a_column_has_the_type_of_all_its_cells(cells: list[str], kind: str) -> None:
    assert kind_of("x", [{"x": cell} for cell in cells]) == kind


@pytest.mark.parametrize("name", ["user_id", "email", "phone", "timezone"])
def test_names_and_addresses_are_always_text(name: str) -> None:
    assert kind_of(name, [{name: "123"}]) == "text"


def test_cells_become_values_and_empty_ones_are_missing() -> None:
    rows = [
        {"user_id": "1", "n": "2", "ok": "true", "plan": "5"},
        {"user_id": "2", "n": "2.5", "ok": "", "plan": "6"},
    ]
    assert typed(rows, {"plan": "text"}) == [
        {"user_id": "1", "n": 2, "ok": True, "plan": "5"},
        {"user_id": "2", "n": 2.5, "plan": "6"},
    ]


def a_case(enroll: list[str] | str | None = None, **fields: str) -> Case:
    return Case(
        journey=journey(on("Order", "done"), end()),
        contacts=[{"user_id": "ada", "plan": "1,2"}, {"user_id": "ben", "email": "ben@shop.example"}],
        events=[at(2, "Order", amount=1.5), at(1, "View", "ben")],
        start_ms=instant(0),
        until_ms=instant(48),
        enroll=enroll,
        fields=fields,
    )


def test_a_case_is_written_as_the_command_line_reads_it(tmp_path: Path) -> None:
    inputs = write_case(a_case(["ada"], plan="text"), tmp_path)
    assert json.loads(inputs.journey.read_text()) == a_case().journey
    assert inputs.contacts.read_text() == 'user_id,email,plan\nada,,"1,2"\nben,ben@shop.example,\n'
    assert read_rows(inputs.events) == [
        {"user_id": "ada", "event": "Order", "timestamp": "2024-01-01T02:00:00.000Z", "properties": '{"amount": 1.5}'},
        {"user_id": "ben", "event": "View", "timestamp": "2024-01-01T01:00:00.000Z", "properties": ""},
    ]
    words = inputs.arguments()
    assert words[words.index("--from") + 1] == "2024-01-01T00:00:00.000Z"
    assert words[words.index("--until") + 1] == "2024-01-03T00:00:00.000Z"
    assert read_rows(Path(words[words.index("--enroll") + 1])) == [{"user_id": "ada"}]
    assert json.loads(Path(words[words.index("--fields") + 1]).read_text()) == {"plan": "text"}


def test_what_a_case_lacks_is_not_written(tmp_path: Path) -> None:
    words = write_case(a_case("all"), tmp_path).arguments()
    assert words[words.index("--enroll") + 1] == "all"
    assert "--fields" not in words
    assert "--enroll" not in write_case(a_case(), tmp_path).arguments()
