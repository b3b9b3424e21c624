"""Whatever is sent, the answer is an answer: nothing raises, and what was good is stored."""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.db.connect import Database
from backend.db.tables import contact, event
from backend.ingestion import segment_body
from backend.ingestion.csv_import import import_csv, preview, start
from backend.ingestion.csv_read import BadFile
from backend.ingestion.events import accept
from tests.ingestion.conftest import NOW

ANY_TEXT = st.text(st.characters(), max_size=20)  # half pairs and NUL included
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["type", "userId", "anonymousId", "previousId", "messageId", "event", "properties", "traits", "timestamp", "sentAt",
     "groupId", "name", "email", "timezone", "unsubscribed"]
)  # fmt: skip
KINDS = st.sampled_from(["identify", "track", "page", "screen", "group", "alias"])
IDS = st.sampled_from(["a", "b", "c"])
ITEM = ANY_JSON | st.dictionaries(KEYS, ANY_JSON) | st.fixed_dictionaries(
    {"type": KINDS, "userId": IDS | ANY_JSON, "event": ANY_TEXT},
    optional={
        "anonymousId": IDS, "previousId": IDS, "messageId": ANY_JSON, "timestamp": ANY_JSON, "properties": ANY_JSON,
        "traits": st.dictionaries(KEYS | ANY_TEXT, ANY_JSON), "groupId": ANY_JSON,
    },
)  # fmt: skip
SLOW_FIXTURE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW_FIXTURE)
@given(items=st.lists(ITEM, max_size=8))
def test_no_batch_of_calls_breaks_the_door(db: Database, items: list[Any]) -> None:
    accepted = accept(db, items, now_ms=NOW, is_sample=False)
    assert accepted.stored + accepted.duplicates + len(accepted.rejected) == len(items)


@given(raw=st.binary(max_size=200), encoding=st.sampled_from(["", "gzip", "br", "deflate", "identity"]))
@settings(max_examples=60, deadline=None)
def test_no_body_breaks_the_reader(raw: bytes, encoding: str) -> None:
    with suppress(segment_body.Unreadable, segment_body.TooLarge):
        assert isinstance(segment_body.parse(raw, encoding), dict)


CELLS = st.sampled_from(
    ["user_id", "email", "a@b.c", "x", '"', '""', ",", ";", "\n", "\r\n", "\x00", "é", "true", "12"]
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW_FIXTURE)
@given(text=st.lists(CELLS, max_size=40).map("".join), encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_no_file_breaks_the_import(sqlite_db: Database, text: str, encoding: str) -> None:
    data = ("user_id,email\n" + text).encode(encoding)
    report = import_csv(sqlite_db, io.BytesIO(data), None, start(sqlite_db, NOW), NOW)
    assert report.error is None or report.created == 0


@given(data=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_preview(data: bytes) -> None:
    with suppress(BadFile):
        assert preview(io.BytesIO(data))["columns"]


@pytest.mark.slow
def test_the_same_calls_from_many_sides_at_once_take_effect_once(db: Database) -> None:
    batches = [
        [
            {"type": kind, "userId": f"u{n % 7}", "anonymousId": f"a{n % 5}", "event": "X", "traits": {"n": n},
             "messageId": f"{kind}{n}"}
            for kind in ("track", "identify") for n in order
        ]
        for order in (range(30), range(29, -1, -1), range(30), range(15, 45))
    ]  # fmt: skip
    stored: list[int] = []
    failures: list[BaseException] = []

    def send(batch: list[dict[str, Any]]) -> None:
        try:
            stored.append(accept(db, batch, now_ms=NOW, is_sample=False).stored)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=send, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(stored) == 2 * 45
    with db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(event).where(event.c.name == "X")) == 45
        assert conn.scalar(select(func.count()).select_from(contact)) == 7
