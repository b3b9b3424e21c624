"""A small app with some of the doors, over a database a test has at hand, and no guard in front."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from flask import Flask
from flask_smorest import Api
from sqlalchemy import insert

from backend.accounts.secrets import Secrets
from backend.api import errors
from backend.api.json_body import StrictJson
from backend.api.parts import Parts
from backend.db.connect import Database
from backend.db.tables import api_key
from backend.settings import Settings
from tests.ingestion.conftest import NOW

KEY = "sj_write_test"


class ProblemApi(Api):
    def _register_error_handlers(self) -> None:
        """Ours are registered by hand."""


def an_app(db: Database, folder: Path, *, doors: tuple[Any, ...] = (), described: tuple[Any, ...] = ()) -> Flask:
    app = Flask("doors", static_folder=None)
    app.json = StrictJson(app)
    app.config.update(API_TITLE="Doors", API_VERSION="1", OPENAPI_VERSION="3.0.3")
    app.extensions["sojourn"] = Parts(Settings(data_dir=folder), db, Secrets(os.urandom(32)), now_ms=lambda: NOW)
    errors.register(app)
    api = ProblemApi(app)
    for door in described:
        api.register_blueprint(door)
    for door in doors:
        app.register_blueprint(door)
    return app


def a_write_key(db: Database, key: str = KEY, **values: Any) -> str:
    row = {"kind": "write", "hint": "…", "key_hash": hashlib.sha256(key.encode()).hexdigest(), "created_at": NOW}
    with db.write() as conn:
        conn.execute(insert(api_key).values(**{**row, **values}))
    return key
