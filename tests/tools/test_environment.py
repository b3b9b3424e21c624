"""Which Python and which Node set-up works with, and what it says when it cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment, setup, step
from tools.step import StepError


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v22.20.1", "v23.0.0", "v24.19.0"])
def test_a_node_that_vite_runs_on_is_used(version: str) -> None:
    assert environment.is_usable_node(version)


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "", "nonsense"])
def test_a_node_that_vite_refuses_is_not_used(version: str) -> None:
    assert not environment.is_usable_node(version)


def test_without_a_usable_node_ours_comes_first_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert environment.node_env()["PATH"].split(os.pathsep)[0] == str(environment.NODE_HOME / "bin")


def test_an_old_python_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "is_new_enough", lambda version: False)
    monkeypatch.setattr(setup, "newer_python", lambda: None)
    assert "is too old: Sojourn needs 3.11 or newer" in str(setup.main(["setup"]))


def test_python_3_11_is_new_enough_and_3_10_is_not() -> None:
    assert setup.is_new_enough((3, 11))
    assert not setup.is_new_enough((3, 10))


def test_setup_itself_is_written_in_a_syntax_that_old_pythons_read() -> None:
    import ast

    ast.parse(Path(setup.__file__).read_text(), feature_version=(3, 6))


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(environment, "apt_install", lambda name, packages: False)
    with pytest.raises(StepError) as caught:
        environment.ensure_venv_module()
    assert "-venv" in caught.value.todo


def test_packages_are_installed_by_ourselves_only_where_we_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert step.apt_install("test", ["anything"]) is False


def test_a_word_that_is_no_command_is_refused() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tools.setup", "fly"], cwd=step.ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert "setup|run|test|dev|check|bench" in answer.stderr


def test_the_makefile_has_each_command_of_setup() -> None:
    from tools.command import COMMANDS

    targets = (step.ROOT / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()
    assert targets == list(COMMANDS)
