"""Running all checks and telling how they went."""

from __future__ import annotations

import sys

import pytest

from tools import checks
from tools.checks import Check, run_all


def a_check(name: str, code: str) -> Check:
    return Check(name, (sys.executable, "-c", code))


def test_every_check_runs_even_after_one_failed(capfd: pytest.CaptureFixture[str]) -> None:
    lanes = [
        [a_check("first", "raise SystemExit('broken wing')"), a_check("second", "pass")],
        [a_check("third", "pass")],
    ]
    assert run_all(lanes) == 1
    shown = capfd.readouterr().out
    assert "broken wing" in shown
    rows = [line.split()[:2] for line in shown.splitlines()[-3:]]
    assert rows == [["first", "FAILED"], ["second", "passed"], ["third", "passed"]]


def test_all_is_well_when_every_check_passed(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_all([[a_check("only", "print('noise')")]]) == 0
    assert "noise" not in capfd.readouterr().out


def test_a_check_that_cannot_start_has_failed() -> None:
    assert run_all([[Check("gone", ("no-such-command-anywhere",))]]) == 1


def test_the_closing_line_of_pytest_is_the_last_one_shown(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = a_check("pytest", "print('..F'); print('1 failed, 2 passed in 0.1s'); raise SystemExit(1)")
    monkeypatch.setattr(checks, "PYTEST", stand_in)
    assert run_all([[a_check("lint", "pass")], [stand_in]]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "1 failed, 2 passed in 0.1s"


def test_make_test_runs_everything_that_make_check_runs() -> None:
    everything = {check for lane in checks.EVERYTHING for check in lane}
    assert {check for lane in checks.LINTERS_AND_TYPES for check in lane} < everything
    assert checks.PYTEST in everything
