"""Rules every table keeps, so that the next one keeps them too."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, Column, Table
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.tables import metadata

# Grow with the number of people; each can be partitioned or sharded by its contact.
HOT = ("event", "enrollment", "move", "message", "contact_tag", "contact_alias", "consent")
TABLES = metadata.sorted_tables


def is_instant(column: Column[object]) -> bool:
    return column.name == "at" or column.name.endswith("_at")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_instants_are_wide_integers(table: Table) -> None:
    for column in table.c:
        if is_instant(column):
            assert isinstance(column.type, BigInteger), f"{table.name}.{column.name} is no BIGINT"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_json_is_jsonb_and_ids_are_handed_out_by_either_database(table: Table) -> None:
    for column in table.c:
        on_postgres = column.type.compile(postgresql.dialect())
        assert on_postgres != "JSON", f"{table.name}.{column.name}: json is parsed again at every read"
        if column.autoincrement is True:
            assert on_postgres == "BIGINT", f"{table.name}.{column.name}"
            assert column.type.compile(sqlite.dialect()) == "INTEGER", f"{table.name}.{column.name}"


@pytest.mark.parametrize("name", HOT)
def test_hot_tables_carry_the_contact_and_hang_on_nothing(name: str) -> None:
    table = metadata.tables[name]
    assert "contact_id" in table.c
    assert not table.foreign_keys, "deleting a contact never changes history"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_a_key(table: Table) -> None:
    assert list(table.primary_key), table.name
