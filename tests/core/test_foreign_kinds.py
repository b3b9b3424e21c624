"""Kinds of other packages, by entry point."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from backend.core.journey import kinds
from backend.core.journey.check import check
from backend.core.journey.ops import Tag
from tests.support.builder import a_journey


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Other packages are installed; the list tells what was read of their kinds."""
    read: list[str] = []

    def entry_points(group: str) -> list[EntryPoint]:
        read.append(group)
        values = {
            "acme.call": "tests.core.a_foreign_kind:KIND",
            "acme.broken": "tests.core.no_such_module:KIND",
            "acme.other": "tests.core.a_foreign_kind:NO_KIND",
            "exit": "tests.core.a_foreign_kind:KIND",
        }
        return [EntryPoint(name, value, group) for name, value in values.items()]

    monkeypatch.setattr(kinds, "entry_points", entry_points)
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))
    kinds._offered.cache_clear()
    yield read
    kinds._offered.cache_clear()


def test_a_kind_of_another_package_is_loaded_when_a_journey_uses_it(offered: list[str]) -> None:
    assert "acme.call" not in kinds.KINDS
    graph, problems = check(a_journey().by_hand().step("call", "acme.call", {"list": "north"}).build())
    assert problems == []
    assert graph is not None
    assert kinds.lower(graph.by_id["call"], graph) == Tag(("call:north",), ())
    assert kinds.family_of("acme.call") == "action"
    assert offered == ["sojourn.kinds"]


def test_its_config_is_checked_like_any_other(offered: list[str]) -> None:
    _, problems = check(a_journey().by_hand().step("call", "acme.call").build())
    assert [(problem.code, problem.node, problem.field) for problem in problems] == [("missing", "call", "config.list")]


@pytest.mark.parametrize("name", ["acme.broken", "acme.other", "acme.none"])
def test_what_can_t_be_loaded_is_an_unknown_kind(offered: list[str], name: str) -> None:
    _, problems = check(a_journey().by_hand().step("call", name).build())
    assert [(problem.code, problem.node, problem.field) for problem in problems] == [("unknown_kind", "call", "type")]


def test_nobody_stands_in_for_a_kind_of_ours(offered: list[str]) -> None:
    assert kinds.load_all()["exit"].title == "End"
    assert list(kinds.load_all())[-1] == "acme.call"
