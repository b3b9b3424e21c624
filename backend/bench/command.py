"""`python app.py bench`: the standard workload by the engine and as bare SQL, in turn, in one run."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from sqlalchemy import text

from backend.bench.workload import fill
from backend.db.connect import Database, connect
from backend.db.migrate import migrate
from backend.replay.scratch import in_schema
from backend.settings import Settings

ROUNDS = 3
TABLES = {
    "enrollment": "*",
    "move": "*",
    "counter": "*",
    # Ids are handed out in the order of arrival, which is nobody's contract.
    "message": "enrollment_id, node, visit, journey_id, version_id, contact_id, channel, purpose, state, at, send_at, "
    "position",
    "engine_state": "*",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--contacts", type=int, default=1_000_000, help="how many people (default 1,000,000)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.contacts < 1:
        print("bench: --contacts must be at least 1", file=sys.stderr)
        return 1
    stage = on_sqlite if settings.url.startswith("sqlite") else on_postgres
    with stage(settings, args.contacts) as place:
        results: dict[str, list[dict[str, float]]] = {"engine": [], "raw": []}
        for number in range(ROUNDS):
            for how in ("engine", "raw"):
                print(f"bench: round {number + 1} of {ROUNDS}, {how} …", file=sys.stderr, flush=True)
                results[how].append(place.measure(how))
            place.compare()
        print(json.dumps(_summary(args.contacts, place.steps(), results)))
    return 0


def _summary(contacts: int, steps: int, results: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    engine = {name: median(row[name] for row in results["engine"]) for name in results["engine"][0]}
    raw_seconds = median(row["seconds"] for row in results["raw"])
    ratio = median(a["seconds"] / b["seconds"] for a, b in zip(results["engine"], results["raw"], strict=True))
    return {
        "contacts": contacts,
        "steps": steps,
        "seconds": round(engine["seconds"], 3),
        "steps_per_second": round(steps / engine["seconds"]),
        "raw_seconds": round(raw_seconds, 3),
        "ratio_to_raw": round(ratio, 3),
        "peak_rss_mb": round(max(row["peak_rss_mb"] for row in results["engine"]), 1),
        "cpu_seconds_per_1000": round(engine["cpu_seconds"] / contacts * 1000, 5),
        "statements": int(engine["statements"]),
    }


class Place(Protocol):
    """Where the runs take place, each on a fresh copy of the same prepared database."""

    def measure(self, how: str) -> dict[str, float]: ...
    def compare(self) -> None: ...
    def steps(self) -> int: ...


def _child(how: str, data_dir: Path, url: str, schema: str) -> dict[str, float]:
    env = {**os.environ, "SOJOURN_BENCH_SCHEMA": schema}
    words = [sys.executable, "-m", "backend.bench.measure", how, str(data_dir), url]
    done = subprocess.run(  # noqa: S603 - our own module
        words, env=env, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, check=True, text=True
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _steps(db: Database) -> int:
    """Node visits, from the rows the engine's run has left."""
    with db.read() as conn:
        steps = int(conn.exec_driver_sql(STEPS).scalar_one())
    db.dispose()
    return steps


STEPS = (
    # entered and left the trigger, came to the wait: 2; branch and exit: 2 more; the message of those on Pro: 1 more
    "SELECT (SELECT count(*) FROM move) * 2 + (SELECT count(*) FROM message)"
)


class _Sqlite:
    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    def measure(self, how: str) -> dict[str, float]:
        home = self.folder / how
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        shutil.copy(self.folder / "base" / "sojourn.db", home / "sojourn.db")
        return _child(how, home, "", "")

    def compare(self) -> None:
        db = connect(replace(self.settings, data_dir=self.folder / "engine", database_url=""))
        with db.read() as conn:
            conn.exec_driver_sql(f"ATTACH '{self.folder / 'raw' / 'sojourn.db'}' AS bare")
            _same(conn, "main", "bare")
        db.dispose()

    def steps(self) -> int:
        return _steps(connect(replace(self.settings, data_dir=self.folder / "engine", database_url="")))


@contextmanager
def on_sqlite(settings: Settings, contacts: int) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as name:
        folder = Path(name)
        print(f"bench: preparing {contacts:,} people …", file=sys.stderr, flush=True)
        base = replace(settings, data_dir=folder / "base", database_url="", sync="OFF")
        db = connect(base)
        migrate(db)
        fill(db, contacts)
        with db.engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.dispose()
        yield _Sqlite(folder, settings)


class _Postgres:
    def __init__(self, settings: Settings, folder: Path, base: str, schemas: dict[str, str]) -> None:
        self.settings, self.folder, self.base, self.schemas = settings, folder, base, schemas

    def measure(self, how: str) -> dict[str, float]:
        schema = self.schemas[how]
        db = in_schema(self.settings, schema)
        with db.write() as conn:
            names = conn.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": self.base}
            ).scalars()
            for name in names:
                if name != "alembic_version":
                    conn.exec_driver_sql(f"TRUNCATE {schema}.{name} CASCADE")
                    conn.exec_driver_sql(f"INSERT INTO {schema}.{name} SELECT * FROM {self.base}.{name}")
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM ANALYZE")
            conn.exec_driver_sql("CHECKPOINT")
        db.dispose()
        return _child(how, self.folder, self.settings.database_url, schema)

    def compare(self) -> None:
        db = connect(self.settings)
        with db.read() as conn:
            _same(conn, self.schemas["engine"], self.schemas["raw"])
        db.dispose()

    def steps(self) -> int:
        return _steps(in_schema(self.settings, self.schemas["engine"]))


@contextmanager
def on_postgres(settings: Settings, contacts: int) -> Iterator[Place]:
    token = secrets.token_hex(4)
    schemas = {how: f"bench_{token}_{how}" for how in ("base", "engine", "raw")}
    outer = connect(settings)
    print(f"bench: preparing {contacts:,} people …", file=sys.stderr, flush=True)
    try:
        for schema in schemas.values():
            with outer.write() as conn:
                conn.execute(text(f"CREATE SCHEMA {schema}"))
            inner = in_schema(settings, schema)
            migrate(inner)
            if schema == schemas["base"]:
                fill(inner, contacts)
            inner.dispose()
        with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as folder:
            yield _Postgres(settings, Path(folder), schemas["base"], schemas)
    finally:
        for schema in schemas.values():
            with outer.write() as conn:
                conn.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        outer.dispose()


def _same(conn: Any, one: str, other: str) -> None:
    """Assert that both left the same rows."""
    for table, columns in TABLES.items():
        for left, right in ((one, other), (other, one)):
            extra = conn.exec_driver_sql(
                f"SELECT count(*) FROM (SELECT {columns} FROM {left}.{table} "
                f"EXCEPT SELECT {columns} FROM {right}.{table}) AS extra"
            ).scalar_one()
            if extra:
                raise AssertionError(f"{table}: {extra} rows of {left} are not in {right}")
