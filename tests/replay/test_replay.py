"""`replay` over files: what it leaves, and what it refuses."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from backend.replay.command import add_arguments, run
from backend.settings import Settings
from tests.support.builder import a_journey

WIN_BACK = (
    a_journey("Win back")
    .on("Order Completed")
    .waits_for("Order Completed", days=90, id="quiet")
    .at("quiet", "timeout")
    .sends("miss-you", subject="We miss you, {{ contact.first_name | default('you') }}")
    .with_settings(reentry={"allow": "after_exit"})
    .build()
)
SIMPLE = a_journey().on("Bought").sends("thanks", body="{{ event.amount }} for {{ contact.name }}").build()
ORDERS = Path(__file__).parents[2] / "backend/sample/cdnow_sample.csv"
PERIOD = ("--from", "2024-01-01T00:00:00Z", "--until", "2024-02-01T00:00:00Z")


class Files:
    """A folder with the files of one replay, each of which can be put wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put("journey.json", json.dumps(SIMPLE))
        self.put("contacts.csv", "user_id,email,name\nada,ada@example.com,Ada\n")
        self.put(
            "events.csv", 'user_id,event,timestamp,properties\nada,Bought,2024-01-05T00:00:00Z,"{""amount"": 5}"\n'
        )

    def put(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def replay(self, *more: str, period: tuple[str, ...] = PERIOD) -> int:
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        names = [str(self.folder / name) for name in ("journey.json", "contacts.csv", "events.csv", "out")]
        words = [names[0], "--contacts", names[1], "--events", names[2], "--out", names[3], *period, *more]
        return run(parser.parse_args(words), Settings(data_dir=self.folder))

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "out" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def flow(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "out" / "flow.json").read_text())
        return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_the_files_are_as_the_page_says(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.replay() == 0
    summary = json.loads(capsys.readouterr().out)
    assert list(summary) == ["contacts", "events", "steps", "messages", "seconds", "steps_per_second"]
    assert (summary["contacts"], summary["events"], summary["steps"], summary["messages"]) == (1, 1, 3, 1)
    at = "2024-01-05T00:00:00.000Z"
    assert [list(row.values()) for row in files.rows("steps.csv")] == [
        ["ada", "1", "start", "next", at],
        ["ada", "1", "thanks", "next", at],
        ["ada", "1", "done", "", at],
    ]
    assert files.rows("messages.csv") == [
        {
            "user_id": "ada", "enrollment": "1", "node": "thanks", "at": at, "sent_at": at, "channel": "email",
            "state": "sent", "reason": "", "subject": "Hello", "body": "5 for Ada",
        }
    ]  # fmt: skip
    assert files.flow()["at"] == "2024-02-01T00:00:00.000Z"


@pytest.mark.slow
def test_the_record_shop_is_won_back(files: Files) -> None:
    with ORDERS.open(newline="") as source:
        orders = list(csv.DictReader(source))
    files.put("journey.json", json.dumps(WIN_BACK))
    people = dict.fromkeys(order["customer_id"] for order in orders)
    files.put("contacts.csv", "user_id,email\n" + "".join(f"{who},{who}@example.com\n" for who in people))
    rows = (f"{order['customer_id']},Order Completed,{order['date']}T00:00:00Z,\n" for order in orders)
    files.put("events.csv", "user_id,event,timestamp,properties\n" + "".join(rows))
    assert files.replay(period=("--from", "1997-01-01T00:00:00Z", "--until", "1998-07-01T00:00:00Z")) == 0
    flow = files.flow()
    assert flow["outcomes"]["entered"] == 6_919
    assert flow["edges"]["quiet:happened"] == 3_477
    assert flow["outcomes"]["inside"] == 297
    assert len(files.rows("messages.csv")) == 3_145


EVENTS = "user_id,event,timestamp,properties\n"
DEEP = '{""a"": ' * 40 + "1" + "}" * 40  # quoted as a cell
WRONG = [
    ("contacts.csv", "user_id,email\nada,a@b.c\nada,a@b.c\n", "row 3: user_id 'ada' is already in row 2"),
    ("contacts.csv", "email\na@b.c\n", "row 1: the column user_id is missing"),
    ("contacts.csv", "user_id,email\nada\n", "row 2: has 1 cells, the header has 2"),
    ("contacts.csv", "", ": is empty"),
    ("contacts.csv", "user_id\n\xff\n".encode("latin-1"), ": is not UTF-8 (byte 9)"),
    ("contacts.csv", 'user_id\n"ada\n', "row 2: unexpected end of data"),
    ("contacts.csv", "user_id,unsubscribed\nada,maybe\n", "row 2: unsubscribed must be true or false"),
    ("events.csv", f"{EVENTS}ada,Bought,2024-01-05T00:00:00,\n", "row 2: timestamp: '2024-01-05T00:00:00' has no zone"),
    ("events.csv", f"{EVENTS}ada,Bought,2024-01-05,\n", "row 2: timestamp: '2024-01-05' has no zone"),
    ("events.csv", f"{EVENTS}ada,Bought,soon,\n", "row 2: timestamp: 'soon' is no ISO 8601"),
    ("events.csv", f"{EVENTS}ada,Bought,2024-01-05T00:00Z,{{\n", "row 2: properties: not JSON"),
    ("events.csv", f"{EVENTS}ada,Bought,2024-01-05T00:00Z,[]\n", "row 2: properties: must be a JSON object"),
    ("events.csv", f"{EVENTS},Bought,2024-01-05T00:00Z,\n", "row 2: user_id is empty"),
    (
        "events.csv",
        f'{EVENTS}ada,Bought,2024-01-05T00:00Z,"{{""a"": 1e400}}"\n',
        "row 2: properties: not JSON: the number",
    ),
    ("events.csv", f"{EVENTS}ada,Bought,2024-01-05T00:00Z,{'[' * 50_000}\n", "row 2: properties: not JSON: nested too"),
    ("events.csv", f'{EVENTS}ada,Bought,2024-01-05T00:00Z,"{DEEP}"\n', "row 2: properties: nested more than 32 deep"),
    ("journey.json", "{", ": not JSON"),
    ("journey.json", "[" * 50_000, ": not JSON: nested too deeply"),
    ("journey.json", b"\xff\xfe{}", ": is not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "said"), WRONG)
def test_a_wrong_file_is_named_with_its_row(
    files: Files, capsys: pytest.CaptureFixture[str], name: str, content: str | bytes, said: str
) -> None:
    files.put(name, content)
    assert files.replay() == 1
    told = capsys.readouterr().err
    assert name in told
    assert said in told
    assert not (files.folder / "out").exists()


def test_a_row_ends_where_a_line_ends_and_nowhere_else(files: Files) -> None:
    files.put("contacts.csv", "user_id,email,name\r\nada,ada@example.com,Ada\u2028Lovelace\x85\r\n")
    assert files.replay() == 0
    assert files.rows("messages.csv")[0]["body"] == "5 for Ada\u2028Lovelace\x85"


def test_text_that_no_database_holds_is_mended_as_the_event_api_does(files: Files) -> None:
    row = r"""ada,Bought,2024-01-05T00:00:00Z,"{""amount"": ""5\u0000\ud800!""}" """
    files.put("events.csv", EVENTS + row.strip() + "\n")
    assert files.replay() == 0
    assert files.rows("messages.csv")[0]["body"] == "5\ufffd! for Ada"


def test_a_wrong_journey_is_told_problem_by_problem(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.put("journey.json", json.dumps(a_journey().on("Bought").waits(days=1).build(is_open=True)))
    assert files.replay() == 1
    codes = {json.loads(line)["code"] for line in capsys.readouterr().err.splitlines()}
    assert "port_without_edge" in codes


def test_types_can_be_overridden(files: Files) -> None:
    branching = a_journey().on("Bought").branches("zip", same={"field": "zip", "op": "is", "value": "12345"}).build()
    files.put("journey.json", json.dumps(branching))
    files.put("contacts.csv", "user_id,zip\nada,12345\n")
    assert files.replay() == 0
    assert files.flow()["edges"]["zip:same"] == 0
    assert files.replay("--fields", '{"zip": "text"}') == 0
    assert files.flow()["edges"]["zip:same"] == 1


def test_an_unknown_type_is_refused(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.replay("--fields", '{"zip": "postcode"}') == 1
    assert "--fields: zip: the type must be one of" in capsys.readouterr().err


def test_people_are_enrolled_only_when_asked(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.put("journey.json", json.dumps(a_journey().by_hand().waits(days=1).build()))
    assert files.replay() == 0
    assert files.rows("steps.csv") == []
    assert files.replay("--enroll", "all") == 0
    assert files.rows("steps.csv")[0]["at"] == "2024-01-01T00:00:00.000Z"
    files.put("who.csv", "user_id\nada\n")
    assert files.replay("--enroll", str(files.folder / "who.csv")) == 0
    assert len(files.rows("steps.csv")) == 3
    files.put("who.csv", "user_id\nnobody\n")
    assert files.replay("--enroll", str(files.folder / "who.csv")) == 1
    assert "'nobody' is not known" in capsys.readouterr().err
    files.put("who.csv", 'email,user_id\nada@example.com,"ada"\n')
    assert files.replay("--enroll", str(files.folder / "who.csv")) == 0
    assert len(files.rows("steps.csv")) == 3
    files.put("who.csv", b"\xff")
    assert files.replay("--enroll", str(files.folder / "who.csv")) == 1
    assert "who.csv: is not UTF-8" in capsys.readouterr().err
