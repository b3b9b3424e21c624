"""One process holds the clock."""

from __future__ import annotations

from sqlalchemy import text

from backend.db.connect import Database
from backend.scheduling.holder import SessionHolder, holder_for


def test_the_second_process_does_not_get_the_clock(two_processes: tuple[Database, Database]) -> None:
    first, second = map(holder_for, two_processes)
    assert first.hold()
    assert not second.hold()
    assert first.hold(), "it is still the first one's"
    first.release()
    second.release()


def test_the_second_process_takes_over_when_the_first_lets_go(two_processes: tuple[Database, Database]) -> None:
    first, second = map(holder_for, two_processes)
    assert first.hold()
    assert first.hold(), "asking twice does not stack the lock"
    first.release()
    assert second.hold()
    assert not first.hold()
    second.release()


def test_a_holder_whose_session_was_cut_off_stands_by(two_processes: tuple[Database, Database]) -> None:
    first, second = map(holder_for, two_processes)
    if not isinstance(first, SessionHolder):
        return  # a file's lock cannot be cut off from outside
    assert first.hold()
    with two_processes[1].engine.connect() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    assert not first.hold()
    assert second.hold()
    second.release()
