"""What the running application clears away by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from backend.api.parts import wall_ms
from backend.boot import create_app
from backend.db.connect import Database, connect
from backend.db.tables import event_receipt, event_rejected, workspace
from backend.ingestion.events import RECEIPT_KEPT_MS
from backend.scheduling import clockwork
from backend.settings import Settings
from tests.support.app import NOW
from tests.support.server import until

MINUTE_MS = 60_000


def kept(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.execute(select(event_receipt.c.message_id).order_by(event_receipt.c.message_id)).scalars())


def store(db: Database, now_ms: int) -> None:
    """A receipt and a refusal that are a minute too old, and a receipt that is not."""
    old, young = now_ms - RECEIPT_KEPT_MS - MINUTE_MS, now_ms - RECEIPT_KEPT_MS + MINUTE_MS
    with db.write() as conn:
        rows = [{"message_id": "old", "received_at": old}, {"message_id": "young", "received_at": young}]
        conn.execute(insert(event_receipt), rows)
        conn.execute(insert(event_rejected).values(reason="Missing.", payload="{}", received_at=old))


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["live", "sample"])
def test_receipts_of_long_ago_are_forgotten_by_the_workspaces_clock(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(clockwork, "HOUSEKEEPING_SECONDS", 0.02)
    db = connect(settings)
    with db.write() as conn:
        conn.execute(update(workspace).values(mode=mode, sample_at=NOW))
    store(db, wall_ms() if mode == "live" else NOW)
    sojourn = create_app(settings, with_clock=True)
    try:
        until(lambda: "old" not in kept(db))
        assert kept(db) == ["young"]
        with db.read() as conn:
            assert conn.execute(select(event_rejected)).all() == []
    finally:
        sojourn.close()
        db.dispose()
