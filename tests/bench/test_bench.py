"""The benchmark's own truth: the engine and the bare SQL leave the same rows."""

from __future__ import annotations

import argparse
import json

import pytest

from backend.bench.command import add_arguments, run
from backend.settings import Settings

KEYS = [
    "contacts", "steps", "seconds", "steps_per_second", "raw_seconds", "ratio_to_raw", "peak_rss_mb",
    "cpu_seconds_per_1000", "statements",
]  # fmt: skip


@pytest.mark.slow
def test_engine_and_bare_sql_leave_the_same_rows(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args(["--contacts", "201"]), settings) == 0
    line = json.loads(capsys.readouterr().out)
    assert list(line) == KEYS
    assert line["contacts"] == 201
    assert line["steps"] == 201 * 4 + 101  # trigger, wait, branch, exit; and the message of those on Pro


def test_nobody_is_no_benchmark(sqlite_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args(["--contacts", "0"]), sqlite_settings) == 1
    assert "--contacts" in capsys.readouterr().err
