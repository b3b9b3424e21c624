"""Finding a browser and a PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import browser, postgres
from tools.step import StepError


def a_program(folder: Path, name: str, code: int = 0) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    return program


def test_the_named_chromium_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = a_program(tmp_path, "my-chromium")
    monkeypatch.setenv("CHROMIUM", str(named))
    monkeypatch.setattr(browser, "_playwrights_own", lambda: str(a_program(tmp_path, "other")))
    assert browser.find_chromium() == named


def test_a_chromium_that_does_not_start_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(a_program(tmp_path, "stub", code=1)))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_playwrights_own", lambda: str(tmp_path / "missing"))
    assert browser.find_chromium() is None


def test_without_any_way_to_a_browser_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    monkeypatch.setattr(browser, "run", lambda *args: "")
    monkeypatch.setattr(browser, "apt_install", lambda *args: False)
    with pytest.raises(StepError) as caught:
        browser.ensure_chromium()
    assert "CHROMIUM" in caught.value.todo


def test_a_named_server_that_refuses_us_is_an_error_not_a_reason_to_take_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOJOURN_TEST_POSTGRES", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StepError, match="SOJOURN_TEST_POSTGRES"), postgres.test_server():
        pytest.fail("no server was there")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_private_server_runs_as_long_as_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    programs = postgres._find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed")
    with postgres._private_cluster(programs) as url:
        assert postgres._lets_us_in(url)
    assert not postgres._lets_us_in(url)
