"""Cut a tick at a statement: whoever ticks again ends as if it had never been cut.

Every fifth statement by default, another one at each run; SOJOURN_CRASH=all cuts at each.
"""

from __future__ import annotations

import os
import random
import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from backend.db import tables as t
from backend.db.connect import Database, connect
from backend.settings import Settings
from tests.engine.test_cost import EVERYTHING
from tests.support.town import Town

STEP = 1 if os.environ.get("SOJOURN_CRASH") == "all" else 5
FIRST = random.randrange(STEP)
TABLES = (t.enrollment, t.move, t.message, t.counter, t.contact, t.contact_tag, t.event, t.leg)


class PowerCutError(Exception):
    """The plug was pulled."""


def cut_at(db: Database, number: int) -> Any:
    """Fail at the statement of that number, and count no further."""
    numbers = count(1)

    def fail(*_: object) -> None:
        if next(numbers) == number:
            raise PowerCutError

    event.listen(db.engine, "before_cursor_execute", fail)
    return fail


def prepared(settings: Settings) -> Town:
    town = Town(connect(settings), people_per_batch=5, events_per_batch=8)
    town.publish(EVERYTHING)
    people = town.people(7)
    town.happen("Signed Up", people, source="web")
    town.happen("Bought", people[:3])
    town.happen("Left", people[3:5])
    town.now += 4 * 86_400_000
    return town


def everything(town: Town) -> list[Any]:
    return [town.rows(table) for table in TABLES]


@pytest.mark.slow
def test_a_tick_cut_at_any_statement_is_made_good_by_the_next(sqlite_settings: Settings, tmp_path: Path) -> None:
    town = prepared(sqlite_settings)
    town.db.dispose()
    source = sqlite_settings.data_dir / "sojourn.db"
    expected, cuts = None, 0
    for number in count(0):
        if number and (number - FIRST) % STEP:
            continue
        home = tmp_path / f"cut-{number}"
        home.mkdir()
        shutil.copy(source, home / "sojourn.db")
        again = Town(connect(Settings(data_dir=home)), people_per_batch=5, events_per_batch=8)
        again.now = town.now
        if number:
            fail = cut_at(again.db, number)
            try:
                faults = again.tick().faults
                was_cut = bool(faults)
            except PowerCutError:
                was_cut = True
            event.remove(again.db.engine, "before_cursor_execute", fail)
            cuts += was_cut
        again.engine = type(again.engine)(again.db, people_per_batch=5, events_per_batch=8)
        again.tick()
        found = everything(again)
        again.db.dispose()
        shutil.rmtree(home)
        if number == 0:
            expected = found
            continue
        assert found == expected, f"cut at statement {number}"
        if not was_cut:
            break
    assert cuts * STEP > 50
