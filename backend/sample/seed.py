"""Fill a brand-new workspace with the record shop: its customers, its three journeys, published, on sample time.

The purchases are not stored: they come when the sample is played, through the public event API.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from backend.authoring import drafts, publish
from backend.db.connect import Database
from backend.db.tables import contact, field, journey, workspace
from backend.sample.empty import empty_workspace
from backend.sample.people import contact_rows
from backend.sample.purchases import FROM_MS

NAME = "Record shop"
JOURNEYS = ("welcome", "win_back", "thank_big_spenders")
AUTHOR = "Sample"


class NotNew(Exception):
    """The workspace has people or journeys already; the sample would mix with them."""


def documents() -> list[dict[str, Any]]:
    """The three journeys, as their files have them."""
    return [json.loads(text) for text in _texts()]


@cache
def _texts() -> tuple[str, ...]:
    folder = files("backend.sample").joinpath("journeys")
    return tuple(folder.joinpath(f"{name}.json").read_text(encoding="utf-8") for name in JOURNEYS)


def is_new(conn: Connection) -> bool:
    """Nobody has put anything in yet, or a seeding was cut off half-way."""
    return _is_half_seeded(conn) or not (_has_rows(conn, contact) or _has_rows(conn, journey))


def _is_half_seeded(conn: Connection) -> bool:
    row = conn.execute(select(workspace.c.mode, workspace.c.sample_at)).one_or_none()
    return row is not None and row.mode == "sample" and row.sample_at is None


def _has_rows(conn: Connection, table: Table) -> bool:
    return (
        conn.execute(select(func.count()).select_from(select(1).select_from(table).limit(1).subquery())).scalar_one()
        > 0
    )


def seed(db: Database, now_ms: int) -> list[int]:
    """The ids of the sample's journeys. `now_ms` is wall time, for the workspace's own row. Raises NotNew.

    sample_at is written last: a seeding that was cut off is known by its absence and done again from the start.
    """
    with db.write() as conn:
        if not is_new(conn):
            raise NotNew("The workspace has people or journeys already.")
        empty_workspace(conn, keep=frozenset())
        _set_workspace(conn, now_ms)
        conn.execute(insert(contact), contact_rows(FROM_MS))
        conn.execute(insert(field).values(name="first_name", type="text", label="First name", created_at=FROM_MS))
        ids = [drafts.create(conn, document, FROM_MS) for document in documents()]
    for journey_id in ids:
        outcome = publish.publish(db, journey_id, AUTHOR, FROM_MS)
        assert isinstance(outcome, publish.Published), f"sample journey {journey_id}: {outcome}"
    with db.write() as conn:
        conn.execute(update(workspace).values(sample_at=FROM_MS))
    return ids


def _set_workspace(conn: Connection, now_ms: int) -> None:
    values = {"name": NAME, "mode": "sample", "sample_at": None, "sample_playing": False}
    if conn.execute(update(workspace).values(values)).rowcount == 0:
        conn.execute(insert(workspace).values(id=1, created_at=now_ms, **values))
