"""Old documents walk forward, unknown ones are named."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.journey.upgrade import FORMAT, upgrade

Json = dict[str, Any]


def name_becomes_title(data: Json) -> Json:
    return {"title": data["name"]} | {key: value for key, value in data.items() if key != "name"}


def title_gets_louder(data: Json) -> Json:
    return data | {"title": f"{data['title']}!"}


STEPS = (name_becomes_title, title_gets_louder)


def test_every_step_from_the_document_s_own_number_is_taken() -> None:
    old = {"format": "sojourn/journey@1", "name": "Welcome", "more": 1}
    assert upgrade(old, STEPS) == ({"format": "sojourn/journey@3", "title": "Welcome!", "more": 1}, [])
    assert upgrade({"format": "sojourn/journey@2", "title": "Hi"}, STEPS)[0] == {
        "format": "sojourn/journey@3",
        "title": "Hi!",
    }


def test_the_newest_format_stays_as_it_is() -> None:
    data = {"format": FORMAT, "name": "Welcome"}
    document, problems = upgrade(data)
    assert document is data
    assert problems == []


@pytest.mark.parametrize(
    "written", [None, 1, "", "sojourn/journey", "sojourn/journey@0", "other/journey@1", "sojourn/journey@1 "]
)
def test_what_is_no_format_of_ours_is_named(written: object) -> None:
    document, [problem] = upgrade({"format": written})
    assert document is None
    assert (problem.code, problem.field) == ("unknown_format", "format")


def test_a_document_of_the_future_says_so() -> None:
    document, [problem] = upgrade({"format": "sojourn/journey@9"})
    assert document is None
    assert "newer" in problem.message


def test_the_caller_s_document_is_not_changed() -> None:
    old = {"format": "sojourn/journey@1", "name": "Welcome"}
    upgrade(old, STEPS)
    assert old == {"format": "sojourn/journey@1", "name": "Welcome"}
