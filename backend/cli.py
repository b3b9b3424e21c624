"""The commands: each a function that gets the parsed arguments and answers the exit code.

Results go to stdout, problems to stderr; 0 only on success. What is heavy is imported inside the command that needs it,
so that `check` and `create-key` start at once.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend import settings as settings_of
from backend.settings import Settings, SettingsError

if TYPE_CHECKING:
    from backend.db.connect import Database


class Failed(Exception):
    """The command cannot do what it was asked; the sentence goes to stderr."""


@dataclass(frozen=True)
class Command:
    """`describe` adds the command's own arguments to its parser."""

    help: str
    run: Callable[[argparse.Namespace], int]
    describe: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def _settings(args: argparse.Namespace) -> Settings:
    given = {name: getattr(args, name, None) for name in ("data_dir", "database_url", "host", "port")}
    return settings_of.load(**given)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _database(settings: Settings) -> Database:
    """The database, set up on first use; a new data folder is ours alone to read."""
    from sqlalchemy.exc import SQLAlchemyError

    from backend.accounts import workspace
    from backend.db.connect import connect
    from backend.db.migrate import migrate

    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        db = connect(settings)
        migrate(db)
        workspace.ensure(db, now_ms=_now_ms())
    except OSError as error:
        raise Failed(f"{error.filename or settings.data_dir}: {error.strerror}") from None
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        raise Failed(f"The database cannot be used: {cause}") from None
    return db


# --- serve ----------------------------------------------------------------------------------------------------------


def _describe_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen at (8080); 0 takes a free one")
    parser.add_argument(
        "--sample-if-new", action="store_true", help="fill a workspace nobody has used yet with the sample"
    )


def serve(args: argparse.Namespace) -> int:
    from backend import serving

    settings = _settings(args)
    settings = serving.with_free_port(settings)
    db = _database(settings)
    try:
        if args.sample_if_new:
            _seed_if_new(db)
        link = _setup_link(db, settings)
    finally:
        db.dispose()

    def announce() -> None:
        print(f"Sojourn runs at {serving.shown_url(settings)}", flush=True)
        if link:
            print(f"Create the first account (the link works once, for 30 minutes):\n  {link}", flush=True)

    return serving.serve(settings, on_ready=announce)


def _seed_if_new(db: Database) -> None:
    from backend.accounts.setup import needs_setup
    from backend.sample import seed

    with db.read() as conn:
        is_new = needs_setup(conn) and seed.is_new(conn)
    if is_new:
        print("Filling the new workspace with the sample …", flush=True)
        seed.seed(db, _now_ms())


def _setup_link(db: Database, settings: Settings) -> str | None:
    from backend.accounts import setup
    from backend.serving import shown_url

    token = setup.issue(db, now_ms=_now_ms())
    return f"{shown_url(settings)}/setup?token={token}" if token else None


# --- the workspace --------------------------------------------------------------------------------------------------


def migrate(args: argparse.Namespace) -> int:
    _database(_settings(args)).dispose()
    return 0


def seed_sample(args: argparse.Namespace) -> int:
    from backend.sample.seed import NotNew, seed

    db = _database(_settings(args))
    try:
        ids = seed(db, _now_ms())
    except NotNew as error:
        raise Failed(str(error)) from None
    finally:
        db.dispose()
    print(f"The sample workspace has {len(ids)} journeys. Start the server and play it.")
    return 0


def _describe_create_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--name", default="", help="how others see them")


def create_user(args: argparse.Namespace) -> int:
    from backend.accounts import passwords, users

    if not users.looks_like_email(args.email):
        raise Failed(f"{args.email} is not an e-mail address.")
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    db = _database(_settings(args))
    try:
        users.create(db, args.email, password, args.name, now_ms=_now_ms())
    except (passwords.WeakPassword, users.EmailTaken) as error:
        raise Failed(f"{error}") from None
    finally:
        db.dispose()
    return 0


def _describe_create_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind", choices=("api", "write"), default="api", help="api (default): the REST API; write: send events"
    )
    parser.add_argument("--name", default="", help="what it is for")


def create_key(args: argparse.Namespace) -> int:
    from backend.accounts import keys

    db = _database(_settings(args))
    try:
        with db.write() as conn:
            _, key = keys.create(conn, args.kind, args.name, now_ms=_now_ms())
    finally:
        db.dispose()
    print(key)
    return 0


# --- journeys -------------------------------------------------------------------------------------------------------


def _describe_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="JOURNEY.json", type=Path)


def _read_json(path: Path) -> Any:
    """A file's JSON. Raises Failed naming the file and the place."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Failed(f"{path}: not UTF-8, byte {error.start} cannot be read") from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Failed(f"{path}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise Failed(f"{path}: not JSON: {error}") from None


def check(args: argparse.Namespace) -> int:
    from backend.core.journey.check import check as problems_of

    _, problems = problems_of(_read_json(args.file))
    for problem in problems:
        print(json.dumps(problem.as_dict(), ensure_ascii=False))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def explain(args: argparse.Namespace) -> int:
    data = _read_json(args.file)
    from backend.compiler.compile import compile_graph
    from backend.compiler.explain import explain as read_aloud
    from backend.core.journey.check import check as problems_of
    from backend.engine.listing import statements

    graph, problems = problems_of(data)
    errors = [problem for problem in problems if problem.severity == "error"]
    if graph is None or errors:
        for problem in errors:
            print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)
        return 1
    plan = compile_graph(graph)
    print(read_aloud(plan))
    for purpose, sql in statements(plan, is_sqlite=_settings(args).url.startswith("sqlite")):
        print(f"\n-- {purpose}\n{sql};")
    return 0


# --- import ---------------------------------------------------------------------------------------------------------


def _describe_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("contacts", "journey"))
    parser.add_argument("file", metavar="FILE", type=Path)


def import_file(args: argparse.Namespace) -> int:
    return _import_journey(args) if args.what == "journey" else _import_contacts(args)


def _import_journey(args: argparse.Namespace) -> int:
    from backend.authoring import drafts
    from backend.core.journey import document

    data, problems = document.load_shape(_read_json(args.file))
    if data is None or problems:
        for problem in problems:
            print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)
        return 1
    db = _database(_settings(args))
    try:
        with db.write() as conn:
            journey_id = drafts.create(conn, data, _now_ms())
    finally:
        db.dispose()
    print(json.dumps({"id": journey_id, "name": data["name"]}, ensure_ascii=False))
    return 0


def _import_contacts(args: argparse.Namespace) -> int:
    from backend.ingestion import csv_import

    try:
        stream = args.file.open("rb")
    except OSError as error:
        raise Failed(f"{args.file}: {error.strerror}") from None
    db = _database(_settings(args))
    try:
        with stream:
            now = _now_ms()
            report = csv_import.import_csv(db, stream, None, csv_import.start(db, now), now)
    finally:
        db.dispose()
    if report.error is not None:
        raise Failed(f"{args.file}: {report.error}")
    for bad in report.rejected:
        place = f"row {bad['row']}" + (f", {bad['field']}" if bad["field"] else "")
        print(f"{args.file}: {place}: {bad['reason']}", file=sys.stderr)
    counts = {name: getattr(report, name) for name in ("created", "updated", "unchanged", "rejected_total")}
    print(json.dumps(counts))
    return 1 if report.rejected_total else 0


# --- headless -------------------------------------------------------------------------------------------------------


def _describe_replay(parser: argparse.ArgumentParser) -> None:
    from backend.replay.command import add_arguments

    add_arguments(parser)


def replay(args: argparse.Namespace) -> int:
    from backend.replay.command import run

    return int(run(args, _settings(args)))


def _describe_bench(parser: argparse.ArgumentParser) -> None:
    from backend.bench.command import add_arguments

    add_arguments(parser)


def bench(args: argparse.Namespace) -> int:
    from backend.bench.command import run

    return int(run(args, _settings(args)))


COMMANDS = {
    "serve": Command("migrate, then serve the app with its clock", serve, _describe_serve),
    "migrate": Command("set up the database or bring it up to date", migrate),
    "seed-sample": Command("fill an unused workspace with the sample", seed_sample),
    "create-user": Command("let somebody log in; the password is read from stdin", create_user, _describe_create_user),
    "create-key": Command("make a key for programs and print it", create_key, _describe_create_key),
    "check": Command("say what is wrong with a journey, one JSON problem a line", check, _describe_file),
    "explain": Command("print the plan a journey compiles to", explain, _describe_file),
    "import": Command("bring in contacts (CSV) or a journey (JSON)", import_file, _describe_import),
    "replay": Command("run a journey over files on a virtual clock", replay, _describe_replay),
    "bench": Command("measure the engine against bare SQL", bench, _describe_bench),
}


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """All commands by name; only what may have been asked for is described in full."""
    parser = argparse.ArgumentParser(prog="app.py", description="Sojourn: customer journeys.")
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    for one in (parser, shared):
        one.add_argument("--data-dir", help="where our files are (SOJOURN_DATA_DIR, else .sojourn)")
        one.add_argument("--database-url", help="the database, if not a SQLite file in the data folder")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        made = commands.add_parser(name, help=command.help, parents=[shared], conflict_handler="resolve")
        if name in argv:
            command.describe(made)
    return parser


def main(argv: Sequence[str]) -> int:
    args = _parser(argv).parse_args(argv)
    try:
        return COMMANDS[args.command].run(args)
    except (Failed, SettingsError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1
