"""Serving with reload."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.settings import Settings
from tools import dev


@pytest.mark.parametrize(
    ("arguments", "port"),
    [(["--port", "9000"], "9000"), (["--host", "::", "--port=9001"], "9001"), ([], dev.DEFAULT_PORT)],
)
def test_vite_is_told_where_the_server_listens(
    arguments: list[str], port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOJOURN_PORT", raising=False)
    assert dev.port_of(arguments) == port


def test_the_servers_default_port_is_the_one_it_has() -> None:
    assert str(Settings(data_dir=Path()).port) == dev.DEFAULT_PORT


def test_a_changed_python_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    file = tmp_path / "backend" / "api" / "door.py"
    file.parent.mkdir(parents=True)
    file.touch()
    os.utime(file, (1000, 1000))
    assert dev.newest_change() == 1000
    os.utime(file, (2000, 2000))
    assert dev.newest_change() == 2000
