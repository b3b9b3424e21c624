"""Builders: a journey that sends, contacts, and messages waiting to leave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from backend.channels import settings
from backend.channels.pump import Pumped, pump
from backend.channels.senders import Senders
from backend.db.connect import Database
from backend.db.tables import contact, event, journey, message, version, workspace
from backend.ingestion.people import email_key
from tests.ingestion.conftest import NOW

BASE = "https://app.example.org"
CONTENT = {"subject": "Hi {{ contact.first_name | default('there') }}", "body": "Hello, {{ contact.first_name }}!"}


def purpose_key(name: str) -> bytes:
    return hashlib.sha256(b"test" + name.encode()).digest()


def a_journey(db: Database, content: dict[str, Any] | None = None, *, id: int = 1, status: str = "live") -> None:
    """A journey with one version and the send node `hello`, both under the same id."""
    document = {"nodes": [{"id": "hello", "type": "send.email", "config": content or CONTENT}]}
    with db.write() as conn:
        conn.execute(update(workspace).values(postal_address="1 Main St"))
        common = {"draft": "{}", "revision": 1, "created_at": 0, "updated_at": 0}
        conn.execute(insert(journey).values(id=id, name=f"Journey {id}", status=status, **common))
        conn.execute(
            insert(version).values(
                id=id, journey_id=id, number=1, document=json.dumps(document), plan="{}", published_at=NOW
            )
        )


def a_contact(db: Database, name: str, **values: Any) -> int:
    row = {
        "user_id": name,
        "email": f"{name}@example.org",
        "fields": {"first_name": name.title()},
        "split": 0,
        **values,
    }
    with db.write() as conn:
        added = insert(contact).values(**row, email_key=email_key(row["email"]), created_at=NOW)
        return conn.execute(added.returning(contact.c.id)).scalar_one()


def messages(db: Database, contact_ids: Sequence[int], *, journey_id: int = 1, **values: Any) -> list[int]:
    row = {
        "node": "hello", "visit": 0, "journey_id": journey_id, "version_id": journey_id, "channel": "email",
        "purpose": "marketing", "state": "pending", "at": NOW, "send_at": NOW, "position": 0, **values,
    }  # fmt: skip
    with db.write() as conn:
        start = conn.execute(select(message.c.id).order_by(message.c.id.desc())).scalar() or 0
        added = insert(message).returning(message.c.id, sort_by_parameter_order=True)
        rows = [{**row, "enrollment_id": start + n, "contact_id": who} for n, who in enumerate(contact_ids, 1)]
        return list(conn.execute(added, rows).scalars())


def one(db: Database, message_id: int) -> Any:
    with db.read() as conn:
        return conn.execute(select(message).where(message.c.id == message_id)).one()


def states(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.execute(select(message.c.state).order_by(message.c.id)).scalars())


def senders(db: Database, **options: Any) -> Senders:
    return Senders(db, purpose_key, base_url=BASE, **options)


def turn(db: Database, channels: Senders, *, now: int = NOW, wall: int = NOW) -> Pumped:
    return pump(db, channels, now_ms=now, purpose_key=purpose_key, base_url=BASE, wall_ms=lambda: wall)


def use_server(db: Database, port: int, **values: Any) -> None:
    """Set up SMTP on loopback; plain text unless told otherwise."""
    row = {
        "mode": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "from_name": "The Shop",
        "from_email": "shop@example.com", **values,
    }  # fmt: skip
    with db.write() as conn:
        settings.save(conn, row, purpose_key=purpose_key, now_ms=NOW)


def set_contact(db: Database, contact_id: int, **values: Any) -> None:
    with db.write() as conn:
        conn.execute(update(contact).where(contact.c.id == contact_id).values(**values))


def an_event(db: Database, contact_id: int, properties: dict[str, Any]) -> int:
    with db.write() as conn:
        row = {"contact_id": contact_id, "name": "Signed Up", "at": NOW, "engine_at": NOW, "properties": properties}
        return conn.execute(insert(event).values(**row).returning(event.c.id)).scalar_one()
