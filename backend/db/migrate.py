"""Bring a database to the newest schema; a new one is set up."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.db.connect import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _config(db: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = db
    config.attributes["now_ms"] = int(time.time() * 1000)
    return config


def migrate(db: Database, revision: str = "head") -> bool:
    """Run what is missing, in one transaction each. Returns whether anything was."""
    config = _config(db)
    wanted = ScriptDirectory.from_config(config).get_current_head() if revision == "head" else revision
    if current(db) == wanted:
        return False
    command.upgrade(config, revision)
    return True


def downgrade(db: Database, revision: str) -> None:
    command.downgrade(_config(db), revision)


def current(db: Database) -> str | None:
    """The revision the database is at; None for a new one."""
    with db.read() as conn:
        return MigrationContext.configure(conn).get_current_revision()
