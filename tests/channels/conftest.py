"""The same databases as the tests of ingestion."""

from tests.ingestion.conftest import db, postgres, sqlite_db, sqlite_template, statements

__all__ = ["db", "postgres", "sqlite_db", "sqlite_template", "statements"]
