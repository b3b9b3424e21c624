"""Only plain JSON that can be stored gets any further."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.journey.plain import BYTES_MAX, DEPTH_MAX, plain_problems


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"a": {"b": [1, float("nan")]}}, "invalid_json", "a.b.1"),
        ({"a": float("-inf")}, "invalid_json", "a"),
        ({"a": 2**63}, "invalid_json", "a"),
        ({"a": {1, 2}}, "invalid_json", "a"),
        ({"a": b"bytes"}, "invalid_json", "a"),
        ({"a": {1: "x"}}, "invalid_json", "a"),
        ({"a": "nul \x00"}, "invalid_text", "a"),
        ({"a": "half a letter \ud83d"}, "invalid_text", "a"),
        ({"a": {"\x00": 1}}, "invalid_text", "a"),
    ],
)
def test_what_no_database_can_hold_is_named(data: object, code: str, field: str) -> None:
    assert [(problem.code, problem.field) for problem in plain_problems(data)] == [(code, field)]


@pytest.mark.parametrize("data", [{}, [], None, True, 1.5, "ünïcödé 😀", {"a": [{"b": -(2**63) + 1}]}])
def test_plain_json_passes(data: object) -> None:
    assert plain_problems(data) == []


def test_depth_has_an_end_that_needs_no_stack() -> None:
    data: Any = 1
    for _ in range(20_000):
        data = [data]
    assert [problem.code for problem in plain_problems(data)] == ["too_deep"]
    while isinstance(data, list):  # taken apart here, so that no recursion has to
        data = data[0]


def test_depth_within_the_limit_passes() -> None:
    data: Any = 1
    for _ in range(DEPTH_MAX - 1):
        data = {"in": data}
    assert plain_problems(data) == []


def test_size_is_counted_in_bytes() -> None:
    assert plain_problems({"body": "x" * (BYTES_MAX - 20)}) == []
    [problem] = plain_problems({"body": "ü" * (BYTES_MAX // 2)})
    assert problem.code == "too_large"
    assert "2.0 MB" in problem.message
