"""What `make check` and `make test` run: every check, even after one failed, then a table of how they went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.environment import FRONTEND, VENV, node_env
from tools.step import ROOT, say

BIN = VENV / "bin"


@dataclass(frozen=True)
class Check:
    """A command that fails when something is wrong."""

    name: str
    command: tuple[str, ...]
    cwd: Path = ROOT


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    seconds: float
    output: str

    @property
    def last_line(self) -> str:
        return next((line for line in reversed(self.output.splitlines()) if line.strip()), "")


PYTHON_LINTERS = (
    Check("ruff check", (str(BIN / "ruff"), "check", ".")),
    Check("ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
    Check("mypy", (str(BIN / "mypy"),)),
    Check("import contracts", (str(BIN / "lint-imports"),)),
)
FRONT_END_LINTERS = (
    Check("front end: types", ("npm", "run", "--silent", "typecheck"), FRONTEND),
    Check("front end: biome", ("npm", "run", "--silent", "lint"), FRONTEND),
)
FRONT_END_TESTS = (Check("front end: tests", ("npm", "run", "--silent", "test"), FRONTEND),)
PYTEST = Check("pytest", (str(BIN / "python"), "-m", "pytest", "-n", "2", "--color=no"))

# Lanes run beside each other, the checks of a lane one after the other.
LINTERS_AND_TYPES = (PYTHON_LINTERS, FRONT_END_LINTERS)
EVERYTHING = ((*PYTHON_LINTERS,), (*FRONT_END_LINTERS, *FRONT_END_TESTS), (PYTEST,))


def run_all(
    lanes: Sequence[Sequence[Check]], *, env: Mapping[str, str] | None = None, pytest_arguments: Sequence[str] = ()
) -> int:
    """0 when every check passed. pytest runs last and alone, shown as it goes, its closing line at the very end."""
    full_env = {**os.environ, **node_env(), "NO_COLOR": "1", "FORCE_COLOR": "0", **(env or {})}
    beside = [lane for lane in lanes if PYTEST not in lane]
    with ThreadPoolExecutor(len(beside)) as pool:
        outcomes = [outcome for lane in pool.map(lambda lane: _lane(lane, full_env), beside) for outcome in lane]
    if len(beside) < len(lanes):
        outcomes.append(_streamed(PYTEST, full_env, pytest_arguments))
    print("\n" + table(outcomes), flush=True)
    if outcomes[-1].check is PYTEST:
        print(outcomes[-1].last_line, flush=True)
    return 1 if any(outcome.code for outcome in outcomes) else 0


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a check: its name, passed or FAILED, its seconds."""
    width = max(len(outcome.check.name) for outcome in outcomes)
    return "\n".join(
        f"  {outcome.check.name:<{width}}  {'FAILED' if outcome.code else 'passed'}  {outcome.seconds:7.1f} s"
        for outcome in outcomes
    )


def _lane(lane: Sequence[Check], env: Mapping[str, str]) -> list[Outcome]:
    return [_quiet(check, env) for check in lane]


def _quiet(check: Check, env: Mapping[str, str]) -> Outcome:
    """Show a check's output only when it failed."""
    started = time.monotonic()
    try:
        result = subprocess.run(
            check.command, cwd=check.cwd, env=env, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        code, output = result.returncode, result.stdout
    except OSError as problem:
        code, output = 127, str(problem)
    outcome = Outcome(check, code, time.monotonic() - started, output)
    say(check.name, "passed" if not code else f"FAILED (exit {code})\n{output}")
    return outcome


def _streamed(check: Check, env: Mapping[str, str], more: Sequence[str]) -> Outcome:
    started = time.monotonic()
    with subprocess.Popen(
        [*check.command, *more], cwd=check.cwd, env=env, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout
        lines = []
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    return Outcome(check, process.returncode, time.monotonic() - started, "".join(lines))
