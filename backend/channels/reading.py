"""Messages as they are shown: in lists, and one as its reader sees it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from backend.channels.email.compose import Mail, compose
from backend.channels.email.mime import Letterhead
from backend.channels.links import Place, PurposeKey, message_id, unsubscribe_url
from backend.channels.rendering import body_format, content_of, read_workspace
from backend.core.message.template import Rendered, TemplateProblem
from backend.db.tables import contact, journey, message, version
from backend.db.types import iso

INSTANTS = ("at", "send_at", "sent_at", "opened_at", "clicked_at")
PLAIN = ("id", "node", "channel", "purpose", "state", "reason", "error", "subject")


def search(
    conn: Connection,
    *,
    journey_id: int | None,
    contact_id: int | None,
    state: str | None,
    before_id: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest messages that match; those before an id."""
    wanted: ColumnElement[bool] = true()
    for column, value in (
        (message.c.journey_id, journey_id),
        (message.c.contact_id, contact_id),
        (message.c.state, state),
    ):
        if value is not None:
            wanted = wanted & (column == value)
    if before_id is not None:
        wanted = wanted & (message.c.id < before_id)
    return [shown(row) for row in conn.execute(_rows().where(wanted).order_by(message.c.id.desc()).limit(limit))]


def _rows() -> Any:
    columns = [message.c[name] for name in (*PLAIN, *INSTANTS, "journey_id", "contact_id")]
    return (
        select(*columns, journey.c.name.label("journey_name"), contact.c.user_id, contact.c.email)
        .select_from(message)
        .outerjoin(journey, journey.c.id == message.c.journey_id)
        .outerjoin(contact, contact.c.id == message.c.contact_id)
    )


def shown(row: Any) -> dict[str, Any]:
    """A row of the list; the contact's names are null once it is erased."""
    return {
        **{name: getattr(row, name) for name in PLAIN},
        **{name: iso(getattr(row, name)) for name in INSTANTS},
        "journey": {"id": row.journey_id, "name": row.journey_name or ""},
        "contact": {"id": row.contact_id, "user_id": row.user_id, "email": row.email},
    }


def one(
    conn: Connection, wanted: int, *, letterhead: Letterhead, purpose_key: PurposeKey, base_url: str
) -> dict[str, Any] | None:
    """A message with what its reader sees and the headers that went with it; None when there is none."""
    row = conn.execute(_rows().where(message.c.id == wanted)).one_or_none()
    if row is None:
        return None
    kept = conn.execute(
        select(message.c.address, message.c.body, message.c.receipt, version.c.document)
        .outerjoin(version, version.c.id == message.c.version_id)
        .where(message.c.id == wanted)
    ).one()
    full = {**shown(row), "address": kept.address, "body": kept.body, "receipt": kept.receipt}
    if kept.body is None:
        return {**full, "html": None, "text": None, "headers": {}}
    content = content_of(json.loads(kept.document or "{}"), row.node)
    link = unsubscribe_url(base_url, purpose_key, Place(row.contact_id, wanted)) if row.purpose == "marketing" else None
    mail = _mail(
        Rendered(row.subject or "", kept.body, "", body_format(content or {"body": kept.body})),
        link,
        read_workspace(conn).postal_address,
    )
    sender = letterhead.overruled_by(str(content.get("from") or ""))
    headers = {
        "From": f"{sender.from_name} <{sender.from_email}>".strip() if sender.from_email else sender.from_name,
        "To": kept.address or "",
        "Subject": mail.subject,
        "Message-ID": message_id(purpose_key, wanted, sender.domain),
    }
    if link is not None:
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {**full, "html": mail.html, "text": mail.text, "headers": headers}


def _mail(rendered: Rendered, link: str | None, postal_address: str) -> Mail:
    try:
        return compose(rendered, unsubscribe_url=link, postal_address=postal_address)
    except TemplateProblem:
        return Mail(rendered.subject, rendered.body, None)
