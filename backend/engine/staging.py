"""The engine's scratch tables: temporary, one set per connection, empty between transactions.

inbox:   the events (or people to enroll) of one batch; `rn` orders those of one contact: round 1, 2, …
batch:   the passages that move right now, and by which leg.
changed: contacts whose fields or tags a leg has just changed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, MetaData, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable

_temporary = MetaData()


def _table(name: str, *columns: Column[object] | Index) -> Table:
    return Table(name, _temporary, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DELETE ROWS")


inbox = _table(
    "inbox",
    Column("n", Integer, primary_key=True, autoincrement=False),  # 1, 2, … over the batch
    Column("contact_id", BigInteger, nullable=False),
    Column("event_id", BigInteger),  # null: enrolled by hand
    Column("name", Text),
    Column("at", BigInteger, nullable=False),
    Column("rn", Integer, nullable=False),
    Column("passage", Integer, nullable=False),  # passages of this contact up to here have looked at the event
    Index("ix_inbox_rn", "rn", "contact_id"),
)

batch = _table(
    "batch",
    Column("enrollment_id", Integer().with_variant(BigInteger(), "postgresql"), primary_key=True, autoincrement=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("no", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),  # the instant of the move
    Column("seen", BigInteger, nullable=False),  # events up to this id have been looked at
    Column("start_seq", BigInteger, nullable=False),
    Column("event_id", BigInteger),
    Column("leg", Integer),
)

changed = _table(
    "changed",
    Column("contact_id", Integer().with_variant(BigInteger(), "postgresql"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

TABLES = (inbox, batch, changed)


def prepare(conn: Connection) -> None:
    """Make the scratch tables on this connection where it has none. They are empty: every user leaves them so."""
    if conn.dialect.name == "postgresql":
        # Every statement here goes from a few rows to their partners by an index. Without statistics on the scratch
        # tables PostgreSQL would rather read the large table end to end, once for every batch: 1.7 times as slow at
        # 200,000 people, and worse with more. LOCAL: for this transaction alone.
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
    for table in TABLES:
        conn.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            if conn.dialect.name == "sqlite":
                # SQLAlchemy cannot say `temp.` here, and without it the index would be sought in the main schema.
                columns = ", ".join(column.name for column in index.columns)
                conn.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS temp.{index.name} ON {table.name} ({columns})")
            else:
                conn.execute(CreateIndex(index, if_not_exists=True))


def clear(conn: Connection) -> None:
    """Leave the scratch tables as they were found."""
    for table in TABLES:
        conn.execute(table.delete())
