"""Hold the product's replay against the referee's: the same rows, the same counts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from tests.oracle.counting import MessageRow, Outcome, Step
from tests.oracle.files import Case, Inputs, read_rows, write_case
from tests.oracle.moments import instant_of, iso

APP = Path(__file__).parents[2] / "app.py"


def check(case: Case, folder: Path, run: Callable[[Inputs], object]) -> None:
    """Write the case, let `run` replay it into `inputs.out`, and compare.

    run: the product in this process, wrapped to take Inputs, or `by_command()`
    """
    inputs = write_case(case, folder)
    run(inputs)
    compare(case.expected(), inputs.out)
    at = json.loads((inputs.out / "flow.json").read_text(encoding="utf-8"))["at"]
    assert at == inputs.until, f"flow.json is of {at}, not of {inputs.until}"


def by_command(*more: str, app: Path = APP) -> Callable[[Inputs], object]:
    """`python app.py replay …` in a process of its own; `more` are further arguments such as --database-url."""

    def run(inputs: Inputs) -> None:
        words = [sys.executable, str(app), "replay", *inputs.arguments(), *more]
        done = subprocess.run(words, capture_output=True, text=True, cwd=app.parent, check=False)
        assert done.returncode == 0, f"replay ended with {done.returncode}:\n{done.stderr or done.stdout}"

    return run


def compare(expected: Outcome, out_dir: Path) -> None:
    """Raise an AssertionError that shows the first rows where the files in `out_dir` differ from `expected`.

    Steps must stand in the page's order. The page leaves the order of messages open, so both sides are sorted.
    """
    same_rows("steps.csv", expected.steps, read_steps(out_dir / "steps.csv"))
    same_rows("messages.csv", in_order(expected.messages), in_order(read_messages(out_dir / "messages.csv")))
    same_flow(expected.flow, json.loads((out_dir / "flow.json").read_text(encoding="utf-8")))


def in_order(messages: list[MessageRow]) -> list[MessageRow]:
    return sorted(messages, key=lambda row: (row[3], row[0], row[1], row[2], row[4] or 0, row[6:]))


def read_steps(path: Path) -> list[Step]:
    return [
        (row["user_id"], int(row["enrollment"]), row["node"], row["port"], read_instant(row["at"]))
        for row in read_rows(path)
    ]


def read_messages(path: Path) -> list[MessageRow]:
    return [
        (
            row["user_id"],
            int(row["enrollment"]),
            row["node"],
            read_instant(row["at"]),
            read_instant(row["sent_at"]) if row["sent_at"] else None,
            row["channel"],
            row["state"],
            row["reason"],
        )
        for row in read_rows(path)
    ]


def read_instant(cell: str) -> int:
    instant = instant_of(cell, UTC)
    assert instant is not None, f"not an instant: {cell!r}"
    assert iso(instant) == cell, f"not in the form YYYY-MM-DDTHH:MM:SS.mmmZ: {cell!r}"
    return instant


def same_rows(name: str, expected: Sequence[Any], actual: Sequence[Any]) -> None:
    if list(expected) == list(actual):
        return
    first = next(
        (i for i, (one, other) in enumerate(zip(expected, actual, strict=False)) if one != other),
        min(len(expected), len(actual)),
    )
    lines = [
        f"{name}: the referee has {len(expected)} rows, the product {len(actual)}; from row {first + 1} on they differ"
    ]
    lines += [f"  referee  {readable(row)}" for row in expected[first : first + 5]]
    lines += [f"  product  {readable(row)}" for row in actual[first : first + 5]]
    raise AssertionError("\n".join(lines))


def readable(row: Sequence[Any]) -> str:
    return ", ".join(iso(cell) if isinstance(cell, int) and cell > 10**9 else str(cell) for cell in row)


def same_flow(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    differences = []
    for part in ("nodes", "edges", "outcomes"):
        for key in sorted(expected[part].keys() | actual[part].keys()):
            mine, theirs = expected[part].get(key), actual[part].get(key)
            if mine != theirs:
                differences.append(f"  {part} {key}: referee {mine}, product {theirs}")
    assert not differences, "\n".join(["flow.json differs:", *differences])
