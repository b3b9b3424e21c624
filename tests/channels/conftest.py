"""The same databases as the tests of ingestion."""

from tests.ingestion.conftest import sqlite_db, statements

__all__ = ["sqlite_db", "statements"]
