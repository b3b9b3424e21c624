"""A PostgreSQL for the tests: the one named, the one running here, or one of our own for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import PYTHON
from tools.step import StepError, apt_install, run, say

RUNNING = "postgresql://postgres@127.0.0.1:5432/postgres"
LETS_US_IN = (
    "import sys, psycopg\n"
    "with psycopg.connect(sys.argv[1], connect_timeout=3) as connection:\n"
    "    mine = 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user'\n"
    "    row = connection.execute(mine).fetchone()\n"
    "sys.exit(0 if row and row[0] else 1)"
)
SETTINGS = {"listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@contextmanager
def test_server() -> Iterator[str]:
    """The URL of a server on which we may create databases. Raises: StepError."""
    given = os.environ.get("SOJOURN_TEST_POSTGRES")
    if given:
        if not _lets_us_in(given):
            raise StepError(
                "the PostgreSQL named in SOJOURN_TEST_POSTGRES does not let us create databases",
                "Start it, or correct the variable, or unset it to use another server.",
            )
        yield given
    elif _lets_us_in(RUNNING):
        yield RUNNING
    else:
        with _private_cluster(_programs()) as url:
            yield url


test_server.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def _lets_us_in(url: str) -> bool:
    return subprocess.run([PYTHON, "-c", LETS_US_IN, url], capture_output=True, check=False).returncode == 0


def _programs() -> Path:
    """The folder with initdb and pg_ctl, installed if need be."""
    found = _find_programs()
    if not found and apt_install("postgres", ["postgresql"]):
        found = _find_programs()
    if not found:
        raise StepError(
            "the tests need PostgreSQL and none could be installed",
            "Install it (on Debian: sudo apt-get install postgresql) or name a server in SOJOURN_TEST_POSTGRES.",
        )
    return found


def _find_programs() -> Path | None:
    on_path = shutil.which("initdb")
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    candidates = [*([Path(on_path).parent] if on_path else []), *newest_first, Path("/opt/homebrew/bin")]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@contextmanager
def _private_cluster(programs: Path) -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="sojourn-postgres-"))
    become: list[str | Path] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = _ordinary_account()
        os.chown(home, account.pw_uid, account.pw_gid)
        become = ["runuser", "-u", account.pw_name, "--"]
    port = _free_port()
    settings = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": home}.items())
    data, log = home / "data", home / "log"
    say("postgres", f"starting one for the tests on port {port}")
    try:
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        make = [*become, programs / "initdb", "-D", data, *options]
        run("postgres", "making a PostgreSQL cluster", make, cwd=home)
        server = [*become, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", f"-p {port} {settings}"]
        run("postgres", "starting PostgreSQL", [*server, "start"], cwd=home)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        stop = [*map(str, become), str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, cwd="/", capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def _ordinary_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StepError("PostgreSQL refuses to run as root and there is no account postgres", "Run it as an ordinary user.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
