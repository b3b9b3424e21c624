"""`python app.py replay`: the arguments, and what is printed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from backend.core.journey.check import check
from backend.core.journey.document import canonical
from backend.replay.files import (
    FileProblem,
    read_contacts,
    read_document,
    read_enrolled,
    read_events,
    read_moment,
    read_types,
)
from backend.replay.run import Case, replay
from backend.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("journey", type=Path, metavar="JOURNEY.json")
    parser.add_argument("--contacts", type=Path, required=True, help="user_id,email,… and custom fields")
    parser.add_argument("--events", type=Path, required=True, help="user_id,event,timestamp,properties")
    parser.add_argument("--from", dest="start", required=True, help="the first instant, with zone offset")
    parser.add_argument("--until", required=True, help="the last instant, with zone offset")
    parser.add_argument("--out", type=Path, required=True, help="folder for messages.csv, steps.csv and flow.json")
    parser.add_argument("--fields", help='types of columns, as JSON or a file: {"plan": "text"}')
    parser.add_argument("--enroll", metavar="all|FILE", help="start trigger.manual for all, or for a file's user_ids")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 only on success; problems go to stderr, one a line."""
    try:
        case = _case(args)
        if case is None:
            return 1
        print(json.dumps(replay(case, settings, args.out)))
    except (FileProblem, OSError) as problem:
        print(f"replay: {problem}", file=sys.stderr)
        return 1
    return 0


def _case(args: argparse.Namespace) -> Case | None:
    start, until = read_moment(args.start, "--from"), read_moment(args.until, "--until")
    if until < start:
        raise FileProblem("--until: lies before --from")
    document = read_document(args.journey)
    graph, problems = check(document)
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors:
        print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)
    if graph is None or errors:
        return None
    return Case(
        graph=graph,
        document=canonical(document),
        people=read_contacts(args.contacts, read_types(args.fields)),
        happenings=read_events(args.events),
        start_ms=start,
        until_ms=until,
        enroll=_enroll(args.enroll),
    )


def _enroll(given: str | None) -> list[str] | str | None:
    """`all`, or a file with one user_id a line or a column of that name."""
    if given is None or given == "all":
        return given
    return read_enrolled(Path(given))
