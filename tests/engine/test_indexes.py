"""No statement of a plan reads a large table from end to end."""

from __future__ import annotations

import re

import pytest

from backend.compiler.compile import compile_graph
from backend.core.journey.check import check
from backend.db.connect import connect
from backend.engine.listing import statements
from backend.engine.staging import prepare
from backend.settings import Settings
from tests.engine.test_cost import EVERYTHING
from tests.engine.test_tick import WELCOME, WIN_BACK
from tests.support.builder import a_journey

OVERLAPPING = a_journey().on("A").waits_for("B", days=1).with_settings(reentry={"allow": "always"}).build()
LARGE = ("contact", "contact_tag", "event", "enrollment", "move", "message")


@pytest.mark.slow
@pytest.mark.parametrize("document", [WELCOME, WIN_BACK, EVERYTHING, OVERLAPPING])
def test_every_statement_finds_its_rows_by_an_index(sqlite_settings: Settings, document: dict[str, object]) -> None:
    graph, _ = check(document)
    assert graph is not None
    db = connect(sqlite_settings)
    with db.write() as conn:
        prepare(conn)
        cursor = conn.connection.cursor()
        for purpose, sql in statements(compile_graph(graph), is_sqlite=True):
            given = dict.fromkeys(re.findall(r"(?<![:\w]):(\w+)", sql), 1)
            cursor.execute("EXPLAIN QUERY PLAN " + sql, given)
            steps = [row[3] for row in cursor.fetchall()]
            assert steps or "SELECT" in sql
            for step in steps:
                scanned = re.match(r"SCAN (\w+?)(_\d+)?( |$)", step)
                assert not (scanned and scanned[1] in LARGE), f"{purpose}: {step}"
    db.dispose()
