"""The PostgreSQL server of the tests, and databases on it that live as long as a test or a session.

`make test` names the server in SOJOURN_TEST_POSTGRES; run by hand, one on this machine that asks no password is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from backend.settings import Settings

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@cache
def _server() -> URL | str:
    """The server's URL, or why there is none."""
    given = os.environ.get("SOJOURN_TEST_POSTGRES")
    url = make_url(given or LOCAL).set(drivername="postgresql+psycopg")
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return url
    except OperationalError as problem:
        return f"no PostgreSQL at {url}: {problem.orig}"
    finally:
        engine.dispose()


def server_url() -> URL:
    """Where databases can be made. Skips the test when there is no server; fails it when one was named."""
    found = _server()
    if isinstance(found, URL):
        return found
    if os.environ.get("SOJOURN_TEST_POSTGRES"):
        pytest.fail(found)
    pytest.skip(found)


@contextmanager
def fresh_database() -> Iterator[Settings]:
    """Settings of an empty database, which is dropped in the end, whoever is still connected."""
    name = f"sojourn_test_{uuid4().hex[:12]}"
    url = server_url()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
        yield Settings(
            data_dir=Path("/nonexistent"), database_url=url.set(database=name).render_as_string(hide_password=False)
        )
    finally:
        with engine.connect() as conn:
            conn.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()
