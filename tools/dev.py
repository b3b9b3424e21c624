"""`make dev`: the server, started anew whenever a Python file changes, and Vite beside it with hot reload."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence

from tools.environment import FRONTEND, PYTHON, node_env
from tools.step import ROOT, say

LOOK_SECONDS = 0.7
DEFAULT_PORT = "8080"


def newest_change() -> float:
    """Modification time of the Python file that changed last."""
    files = [ROOT / "app.py", *(ROOT / "backend").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    return max((file.stat().st_mtime for file in files if file.exists()), default=0.0)


def port_of(arguments: Sequence[str]) -> str:
    """The port the server will listen at: --port, else its variable, else its default."""
    given = iter(arguments)
    for word in given:
        if word.startswith("--port="):
            return word.removeprefix("--port=")
        if word == "--port":
            return next(given, DEFAULT_PORT)
    return os.environ.get("SOJOURN_PORT", DEFAULT_PORT)


def serve(arguments: Sequence[str]) -> int:
    """Run until Vite ends by itself or the user stops both."""
    backend = {"SOJOURN_BACKEND": f"http://127.0.0.1:{port_of(arguments)}"}
    vite = subprocess.Popen(["npm", "run", "dev"], cwd=FRONTEND, env={**os.environ, **node_env(), **backend})
    server, seen = _start(arguments), newest_change()
    try:
        while vite.poll() is None:
            time.sleep(LOOK_SECONDS)
            newest = newest_change()
            if newest > seen:
                seen = newest
                say("dev", "a Python file changed: starting the server again")
                _stop(server)
                server = _start(arguments)
        return vite.returncode or 0
    finally:
        _stop(server)
        _stop(vite)


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([PYTHON, ROOT / "app.py", "serve", "--sample-if-new", *arguments])


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
