"""A town of people with a clock of its own: publish journeys, let things happen, let time pass, look at the counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select

from backend.authoring import drafts
from backend.authoring.publish import Published, publish
from backend.core.split import contact_split
from backend.db import tables as t
from backend.db.connect import Database
from backend.engine.tick import Engine, Moved
from backend.reports.flow import flow

HOUR = 3_600_000
DAY = 24 * HOUR
NOON = 1_790_000_000_000


class Town:
    """`now` is the town's clock; `pass_time` and `happen` move it on, `tick` runs the engine as of now."""

    def __init__(self, db: Database, **limits: int) -> None:
        self.db = db
        self.now = NOON
        self.engine = Engine(db, **limits)

    def people(self, count: int, **fields: Any) -> list[int]:
        """New people who all have these fields; returns their ids."""
        with self.db.write() as conn:
            first = (conn.execute(select(func.max(t.contact.c.id))).scalar() or 0) + 1
            rows = [
                {
                    "id": n,
                    "user_id": f"person-{n}",
                    "email": f"person-{n}@example.com",
                    "fields": fields,
                    "split": contact_split(f"person-{n}"),
                    "created_at": self.now,
                }
                for n in range(first, first + count)
            ]
            conn.execute(insert(t.contact), rows)
        return [row["id"] for row in rows]

    def publish(self, document: dict[str, Any], journey: int | None = None) -> int:
        """A live journey of this document: a new one, or the next version of one."""
        with self.db.write() as conn:
            if journey is None:
                journey = drafts.create(conn, document, self.now)
            else:
                drafts.save(conn, journey, document, drafts.find(conn, journey).revision, self.now)
        done = publish(self.db, journey, "ada", self.now)
        assert isinstance(done, Published), done
        return journey

    def happen(self, name: str, people: Sequence[int], **properties: Any) -> None:
        """One event for each of these people, an instant after what happened last."""
        self.now += 1
        with self.db.write() as conn:
            rows = [
                {"contact_id": who, "name": name, "at": self.now, "engine_at": self.now, "properties": properties}
                for who in people
            ]
            conn.execute(insert(t.event), rows)

    def pass_time(self, *, days: int = 0, hours: int = 0) -> Moved:
        self.now += days * DAY + hours * HOUR
        return self.tick()

    def tick(self) -> Moved:
        return self.engine.tick(self.now)

    def flow(self, journey: int) -> dict[str, Any]:
        with self.db.read() as conn:
            return flow(conn, journey, at_ms=self.now)

    def inside(self, journey: int) -> dict[str, int]:
        """node -> how many are there, where anybody is."""
        return {node: n["inside"] for node, n in self.flow(journey)["nodes"].items() if n["inside"]}

    def outcomes(self, journey: int) -> dict[str, int]:
        found: dict[str, int] = self.flow(journey)["outcomes"]
        return found

    def messages(self, journey: int) -> dict[str, int]:
        """state (reason) -> how many."""
        m = t.message
        with self.db.read() as conn:
            rows = conn.execute(
                select(m.c.state, m.c.reason, func.count())
                .where(m.c.journey_id == journey)
                .group_by(m.c.state, m.c.reason)
            )
            return {f"{state}({reason})" if reason else state: n for state, reason, n in rows}

    def rows(self, table: Any) -> list[tuple[Any, ...]]:
        with self.db.read() as conn:
            return [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key))]
