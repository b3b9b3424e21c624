"""Which journeys of a sample workspace the user drew or changed: those are kept when the sample goes."""

from __future__ import annotations

from sqlalchemy import Connection, select

from backend.core.journey import document
from backend.db.tables import journey
from backend.sample.seed import documents


def own_journeys(conn: Connection) -> set[int]:
    """Ids of the journeys whose draft is not, to the byte, one that the sample brought."""
    brought = {document.canonical(sample) for sample in documents()}
    return {row.id for row in conn.execute(select(journey.c.id, journey.c.draft)) if row.draft not in brought}
