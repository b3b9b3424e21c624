from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.compare import check, compare
from tests.oracle.files import Case, Inputs
from tests.oracle.interpreter import Outcome
from tests.oracle.moments import iso
from tests.oracle.stories import at, end, instant, journey, on, pause, send


def a_case() -> Case:
    return Case(
        journey=journey(on("Order", "hello"), send("hello", "pause"), pause("pause", 4, "done"), end()),
        contacts=[{"user_id": "ada", "email": "ada@shop.example"}, {"user_id": "ben"}],
        events=[at(1, "Order"), at(2, "Order", "ben")],
        start_ms=instant(0),
        until_ms=instant(5),
    )


def written(outcome: Outcome, inputs: Inputs) -> None:
    """The files a replay that agrees leaves behind."""
    inputs.out.mkdir()
    steps = [(*step[:4], iso(step[4])) for step in outcome.steps]
    messages = [
        (*row[:3], iso(row[3]), iso(row[4]) if row[4] else "", *row[5:], "Hello", "Hello") for row in outcome.messages
    ]
    write(inputs.out / "steps.csv", "user_id,enrollment,node,port,at", steps)
    write(inputs.out / "messages.csv", "user_id,enrollment,node,at,sent_at,channel,state,reason,subject,body", messages)
    write_flow(inputs, outcome.flow)


def write(path: Path, header: str, rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def write_flow(inputs: Inputs, flow: dict[str, Any]) -> None:
    (inputs.out / "flow.json").write_text(json.dumps({"version": 1, "seq": 1, "at": inputs.until, **flow}))


def test_a_replay_that_agrees_passes(tmp_path: Path) -> None:
    check(a_case(), tmp_path, lambda inputs: written(a_case().expected(), inputs))


def test_messages_may_come_in_any_order(tmp_path: Path) -> None:
    outcome = a_case().expected()
    other = Outcome(outcome.steps, outcome.messages[::-1], outcome.flow)
    check(a_case(), tmp_path, lambda inputs: written(other, inputs))


def test_steps_must_come_in_the_pages_order(tmp_path: Path) -> None:
    outcome = a_case().expected()
    other = Outcome([outcome.steps[1], outcome.steps[0], *outcome.steps[2:]], outcome.messages, outcome.flow)
    with pytest.raises(AssertionError, match="from row 1 on they differ"):
        check(a_case(), tmp_path, lambda inputs: written(other, inputs))


def test_the_first_rows_that_differ_are_shown(tmp_path: Path) -> None:
    outcome = a_case().expected()
    assert outcome.messages[1][0] == "ben"
    wrong = (*outcome.messages[1][:6], "sent", "")
    with pytest.raises(AssertionError) as raised:
        check(
            a_case(), tmp_path, lambda i: written(Outcome(outcome.steps, [outcome.messages[0], wrong], outcome.flow), i)
        )
    assert str(raised.value).splitlines() == [
        "messages.csv: the referee has 2 rows, the product 2; from row 2 on they differ",
        "  referee  ben, 1, hello, 2024-01-01T02:00:00.000Z, None, email, skipped, no_address",
        "  product  ben, 1, hello, 2024-01-01T02:00:00.000Z, None, email, sent, ",
    ]


def test_a_missing_row_is_a_difference(tmp_path: Path) -> None:
    outcome = a_case().expected()
    fewer = Outcome(outcome.steps[:-1], outcome.messages, outcome.flow)
    with pytest.raises(AssertionError, match="the referee has 7 rows, the product 6; from row 7"):
        check(a_case(), tmp_path, lambda inputs: written(fewer, inputs))


def test_a_wrong_or_missing_count_is_a_difference(tmp_path: Path) -> None:
    outcome = a_case().expected()
    edges = {port: n for port, n in outcome.flow["edges"].items() if port != "pause:next"}
    with pytest.raises(AssertionError, match="edges pause:next: referee 1, product None"):
        check(
            a_case(),
            tmp_path,
            lambda i: written(Outcome(outcome.steps, outcome.messages, {**outcome.flow, "edges": edges}), i),
        )


def test_an_instant_in_another_form_is_a_difference(tmp_path: Path) -> None:
    def run(inputs: Inputs) -> None:
        written(a_case().expected(), inputs)
        steps = inputs.out / "steps.csv"
        steps.write_text(steps.read_text().replace(".000Z", "Z"))

    with pytest.raises(AssertionError, match="not in the form"):
        check(a_case(), tmp_path, run)


def test_the_flow_must_be_of_the_end(tmp_path: Path) -> None:
    def run(inputs: Inputs) -> None:
        outcome = a_case().expected()
        written(outcome, inputs)
        write_flow(inputs, {**outcome.flow, "at": iso(instant(4))})

    with pytest.raises(AssertionError, match=r"flow\.json is of"):
        check(a_case(), tmp_path, run)


def test_rows_alone_can_be_compared(tmp_path: Path) -> None:
    case = a_case()
    check(case, tmp_path, lambda inputs: written(case.expected(), inputs))
    compare(case.expected(), tmp_path / "out")
