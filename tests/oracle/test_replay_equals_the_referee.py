"""The product's compiled plan and the referee end the same, to the last row, on random journeys and histories."""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from backend.replay.command import add_arguments, run
from backend.settings import load
from tests.oracle.compare import check
from tests.oracle.files import Case, Inputs
from tests.support.postgres import server_url
from tests.support.strategies import case_of_seed, cases, describe

EXAMPLES = int(os.environ.get("SOJOURN_EXAMPLES", "100"))
SEEDS = EXAMPLES * 2


def replayed(case: Case, database_url: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:

        def product(inputs: Inputs) -> None:
            parser = argparse.ArgumentParser()
            add_arguments(parser)
            args = parser.parse_args(inputs.arguments())
            with redirect_stdout(StringIO()):
                assert run(args, load(env={}, data_dir=folder, database_url=database_url)) == 0

        check(case, Path(folder), product)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, SEEDS, 10))
def test_on_many_seeds(seed: int) -> None:
    for number in range(seed, seed + 10):
        replayed(case_of_seed(number))


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_on_sqlite(case: Case) -> None:
    note(describe(case))
    replayed(case)


@pytest.mark.slow
@pytest.mark.postgres
@settings(max_examples=max(EXAMPLES // 10, 10), deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_on_postgresql(case: Case) -> None:
    note(describe(case))
    replayed(case, server_url().render_as_string(hide_password=False))
