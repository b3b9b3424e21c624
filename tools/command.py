"""The commands of `python3 -m tools.setup`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from tools import checks, dev
from tools.browser import ensure_chromium
from tools.environment import PYTHON, prepare
from tools.postgres import test_server
from tools.step import ROOT, StepError, say, stop_with


def _app(*arguments: str) -> int:
    """Become the application: signals reach it directly, and its exit code is ours."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "app.py"), *arguments])


def setup(_: Sequence[str]) -> int:
    prepare()
    say("setup", "done; make run starts Sojourn")
    return 0


def run(arguments: Sequence[str]) -> int:
    prepare()
    return _app("serve", "--sample-if-new", *arguments)


def bench(arguments: Sequence[str]) -> int:
    prepare()
    return _app("bench", *arguments)


def develop(arguments: Sequence[str]) -> int:
    prepare(for_tests=True)
    return dev.serve(arguments)


def check(_: Sequence[str]) -> int:
    prepare(for_tests=True)
    return checks.run_all(checks.LINTERS_AND_TYPES)


def test(arguments: Sequence[str]) -> int:
    prepare(for_tests=True)
    chromium = ensure_chromium()
    with test_server() as postgres:
        env = {"CHROMIUM": str(chromium), "BROWSER_TESTS": "required", "SOJOURN_TEST_POSTGRES": postgres}
        return checks.run_all(checks.EVERYTHING, env=env, pytest_arguments=arguments)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "dev": develop,
    "check": check,
    "bench": bench,
}


def main(arguments: Sequence[str]) -> int:
    """Exit code of the command; 2 when there is no such command."""
    name, *rest = arguments or [""]
    if name not in COMMANDS:
        print(f"usage: python3 -m tools.setup {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](rest)
    except StepError as problem:
        return stop_with(problem)
    except KeyboardInterrupt:
        return 130
