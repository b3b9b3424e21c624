"""The same doors over PostgreSQL: one way through all of them, so that no statement speaks SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from backend.boot import create_app
from backend.core.split import contact_split
from backend.db.tables import contact, event
from backend.settings import Settings
from tests.support.app import NOW, Client, by_hand

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def client(postgres_settings: Settings) -> Iterator[Client]:
    joined = create_app(postgres_settings, with_clock=False)
    yield Client(joined).log_in("ada@example.com")
    joined.close()


def test_a_journey_from_its_drawing_to_its_numbers(client: Client) -> None:
    place = f"/api/journeys/{client.must('POST', '/api/journeys', 201, by_hand())['id']}"
    client.must("PUT", f"{place}/draft", 200, by_hand("Renamed"), headers={"If-Match": '"1"'})
    client.must("PUT", f"{place}/draft", 412, by_hand("Lost"), headers={"If-Match": '"1"'})
    client.must("POST", f"{place}/publish", 200)
    with client.db.write() as conn:
        row = {"user_id": "ann", "email": "ann@example.com", "email_key": "ann@example.com", "created_at": NOW}
        ann = conn.execute(
            insert(contact).values(**row, split=contact_split("ann"), fields={"plan": "pro"}).returning(contact.c.id)
        ).scalar_one()
        happened: dict[str, Any] = {"name": "Signed Up", "at": NOW, "engine_at": NOW, "properties": {"plan": "pro"}}
        conn.execute(insert(event).values(contact_id=ann, **happened))
    assert client.must("POST", f"{place}/enroll", 200, {"contacts": [{"email": "Ann@example.com"}]})["enrolled"] == 1
    assert client.must("GET", f"{place}/flow", 200)["nodes"]["pause"]["inside"] == 1
    assert len(client.must("GET", f"{place}/nodes/pause/contacts", 200)["items"]) == 1
    client.must("GET", f"{place}/deliveries", 200)
    item = client.must("GET", "/api/journeys?q=renam&limit=1", 200)["items"][0]
    assert (item["name"], item["inside"], item["messages"]) == ("Renamed", 1, 0)
    assert client.must("POST", f"{place}/stop", 200)["people"] == 1


def test_every_list_can_be_read(client: Client) -> None:
    client.must("POST", "/api/fields", 201, {"name": "plan", "type": "text"})
    client.must("POST", "/api/keys", 201, {"kind": "write"})
    for path in (
        "journeys", "kinds", "fields", "fields/plan/values", "tags", "events", "events/names", "events/rejected",
        "contacts", "messages", "keys", "users", "workspace", "channels/email",
    ):  # fmt: skip
        client.must("GET", f"/api/{path}", 200)
    client.must("GET", "/readyz", 200)
    assert client.get("/metrics").status_code == 200
