"""The house itself: who may import whom, and generated files that are current."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.api import openapi

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_rooms_import_only_what_stands_to_their_right() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_eventlet_is_not_here() -> None:
    """Flask-SocketIO would prefer it over threads, and it is on its way out."""
    with pytest.raises(ImportError):
        __import__("eventlet")


def test_the_committed_description_of_the_api_is_current() -> None:
    committed = (ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8")
    said = "run: python -m backend.api.openapi > frontend/openapi.json"
    assert json.loads(committed) == json.loads(openapi.text()), said
    assert committed == openapi.text(), said


def test_every_route_that_changes_something_says_what_it_takes_and_gives() -> None:
    described = json.loads(openapi.text())
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "patch", "delete"):
                assert operation.get("summary"), f"{method} {path} has no summary"
                answers = [status for status in operation["responses"] if status.startswith("2")]
                assert answers, f"{method} {path} does not say what it answers"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "create-key"])
def test_light_commands_load_no_web_server(command: str) -> None:
    arguments = {"check": ["check", "nothing.json"], "create-key": ["create-key", "--help"]}[command]
    code = (
        "import sys, backend.cli\n"
        f"try: backend.cli.main({arguments!r})\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'gunicorn', 'flask_socketio', 'apscheduler'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
