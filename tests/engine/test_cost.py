"""The cost contract: a batch takes the same number of statements for one person and for a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from backend.db.connect import Database
from tests.support.builder import a_journey
from tests.support.town import Town

EVERYTHING = (
    a_journey("Everything")
    .on("Signed Up", where={"field": "source", "op": "is", "value": "web"})
    .sends("hello")
    .updates(stage="new", id="mark")
    .branches("stage", new={"field": "stage", "op": "is", "value": "new"})
    .at("stage", "new")
    .tags("seen")
    .waits_for("Bought", days=2, since="entry", id="buys")
    .splits("test", a=50, b=50)
    .waits(days=1, id="pause")
    .sends("bye")
    .with_settings(exit={"any": [{"did": "Left"}, {"field": "stage", "op": "is", "value": "gone"}]})
    .build()
)


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements sent while inside."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def statements_for(town: Town, count: int) -> list[list[str]]:
    """What entering, an event and the time take for so many people."""
    people = town.people(count)
    town.happen("Signed Up", people, source="web")
    taken = []
    with counted(town.db) as entering:
        assert town.tick().moves >= count
    taken.append(entering)
    town.happen("Bought", people)
    with counted(town.db) as moving:
        assert town.tick().moves == count
    taken.append(moving)
    with counted(town.db) as passing:
        assert town.pass_time(days=1).moves == count
    taken.append(passing)
    return taken


@pytest.mark.slow
def test_cost_does_not_grow_with_people(town: Town) -> None:
    town.publish(EVERYTHING)
    town.tick()  # the plan is read once
    few = statements_for(town, 2)
    many = statements_for(town, 1_000)
    assert [len(statements) for statements in few] == [len(statements) for statements in many]
