"""Where now comes from."""

from __future__ import annotations

from sqlalchemy import update

from backend.db.connect import Database
from backend.db.tables import engine_state, workspace
from backend.scheduling.clock import WorkspaceClock
from tests.scheduling.conftest import NOW, StoppedClock


def play_at(db: Database, at_ms: int) -> None:
    with db.write() as conn:
        conn.execute(update(workspace).values(mode="sample", sample_at=at_ms))


def test_a_live_workspace_goes_by_the_wall(db: Database) -> None:
    clock = WorkspaceClock(db, StoppedClock())
    assert clock.now_ms() == NOW
    assert clock.seconds_until(NOW + 5_000_000) == 5


def test_a_sample_workspace_goes_by_its_own_time(db: Database) -> None:
    play_at(db, 123)
    assert WorkspaceClock(db, StoppedClock()).now_ms() == 123


def test_nobody_can_tell_when_sample_time_gets_somewhere(db: Database) -> None:
    play_at(db, 123)
    clock = WorkspaceClock(db, StoppedClock())
    assert clock.seconds_until(124) is None
    assert clock.seconds_until(123) == 0


def test_what_an_event_sent_by_hand_sets_off_is_due_while_the_sample_stands_still(db: Database) -> None:
    play_at(db, 123)
    with db.write() as conn:
        conn.execute(update(engine_state).values(reached_at=124))
    assert WorkspaceClock(db, StoppedClock()).now_ms() == 124


def test_the_clock_follows_when_the_sample_is_left(db: Database) -> None:
    clock = WorkspaceClock(db, StoppedClock())
    play_at(db, 123)
    assert clock.now_ms() == 123
    with db.write() as conn:
        conn.execute(update(workspace).values(mode="live", sample_at=None))
    assert clock.now_ms() == NOW
