"""One measured run in a process of its own: `python -m backend.bench.measure engine|raw DATA_DIR [URL]`.

Prints one JSON line {seconds, cpu_seconds, peak_rss_mb, statements}. CPU seconds are those of this process, plus those
of its PostgreSQL server process where that runs on this machine and can be asked.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from sqlalchemy import event

from backend.bench import raw, workload
from backend.db.connect import Database, connect
from backend.engine.tick import Engine
from backend.replay.scratch import in_schema
from backend.settings import load

NOW_MS = workload.START_MS + workload.DAY_MS


def _server_seconds(db: Database) -> float:
    """CPU of all of this database's server processes; 0 on SQLite or where /proc does not show them."""
    if db.is_sqlite:
        return 0.0
    with db.read() as conn:
        pids = conn.exec_driver_sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        ).scalars()
        return sum(_seconds_of(pid) for pid in pids)


def _seconds_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def _engine(db: Database) -> None:
    engine = Engine(db)
    engine.tick(NOW_MS)
    engine.tick(NOW_MS + workload.WAIT_MS)


def _raw(db: Database) -> None:
    plan = workload.plan()
    with db.write() as conn:
        raw.enter(conn, plan)
    with db.write() as conn:
        raw.pass_on(conn, plan)


def main(how: str, data_dir: str, url: str = "") -> None:
    settings = load(env={}, data_dir=data_dir, database_url=url)
    schema = os.environ.get("SOJOURN_BENCH_SCHEMA")
    db = in_schema(settings, schema) if schema else connect(settings)

    statements = 0

    @event.listens_for(db.engine, "before_cursor_execute")
    def _count(*_: object) -> None:
        nonlocal statements
        statements += 1

    server = _server_seconds(db)
    statements = 0
    began, cpu = time.perf_counter(), time.process_time()
    (_engine if how == "engine" else _raw)(db)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    count = statements
    cpu += _server_seconds(db) - server
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_rss_mb": peak, "statements": count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
