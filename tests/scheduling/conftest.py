"""Databases with every table, an engine that only notes what it is asked, and a clock that stands where it is put."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import insert

from backend.db.connect import Database, connect
from backend.db.tables import engine_state, metadata, workspace
from backend.engine.tick import Moved
from backend.settings import Settings
from tests.support.postgres import fresh_database

NOW = 1_790_000_000_000
PATIENCE_SECONDS = 10.0  # a test that waits this long has failed


def fill(db: Database) -> Database:
    metadata.create_all(db.engine)
    with db.write() as conn:
        conn.execute(insert(engine_state).values(id=1, event_watermark=0, reached_at=0))
        conn.execute(insert(workspace).values(id=1, name="Test", mode="live", postal_address="", created_at=NOW))
    return db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fill(connect(Settings(data_dir=tmp_path)))
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])])
def two_processes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """The same database, opened twice, as two processes would."""
    if request.param == "sqlite":
        pair = (connect(Settings(data_dir=tmp_path)), connect(Settings(data_dir=tmp_path)))
        yield pair
    else:
        with fresh_database() as settings:
            pair = (connect(settings), connect(settings))
            yield pair
            for one in pair:
                one.dispose()
    for one in pair:
        one.dispose()


@dataclass
class NotingEngine:
    """Notes each tick; `due` is what it says comes next; `broken` makes it raise that often."""

    due: int | None = None
    broken: int = 0
    ticks: list[int] = field(default_factory=list)
    ticked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def tick(self, now_ms: int) -> Moved:
        self.ticks.append(now_ms)
        due, self.due = self.due, None
        try:
            if self.broken:
                self.broken -= 1
                raise RuntimeError("the engine stumbled")
            return Moved(next_due_ms=due)
        finally:
            self.ticked.release()

    def next_due(self) -> int | None:
        return self.due

    def wait_for_a_tick(self) -> None:
        assert self.ticked.acquire(timeout=PATIENCE_SECONDS), "no tick came"


@dataclass
class StoppedClock:
    """Stands still; time until an instant is told in thousandths, so that tests need not wait."""

    at_ms: int = NOW

    def now_ms(self) -> int:
        return self.at_ms

    def seconds_until(self, at_ms: int) -> float | None:
        return max(0.0, (at_ms - self.at_ms) / 1_000_000)
