"""From a bare machine to a running Sojourn: `python3 -m tools.setup setup|run|test|dev|check|bench`.

Uses the standard library only and runs on the system's Python; this file keeps to old syntax, so that a Python that is
too old reads far enough to say so. Steps are skipped when nothing they depend on changed. Exit code 0 only on success.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def newer_python() -> "str | None":
    """The path of a Python on this machine that is new enough, or None."""
    found = (shutil.which(f"python3.{minor}") for minor in range(15, OLDEST[1] - 1, -1))
    return next((path for path in found if path), None)


def main(arguments: "list[str]") -> "int | str":
    """What sys.exit() takes: an exit code, or a sentence and 1."""
    if os.name != "posix":
        return "Sojourn runs on Linux and macOS. On Windows, use it inside WSL."
    if not is_new_enough(sys.version_info[:2]):
        newer = newer_python()
        if newer:
            os.execv(newer, [newer, "-m", "tools.setup", *arguments])
        here = ".".join(str(part) for part in sys.version_info[:2])
        return f"Python {here} is too old: Sojourn needs 3.11 or newer. Install one, then run this again."
    os.chdir(ROOT)
    from tools import command  # newer syntax from here on

    return command.main(arguments)


def is_new_enough(version: "tuple[int, ...]") -> bool:
    return version >= OLDEST


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
