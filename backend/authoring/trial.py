"""A message as it would be for somebody, sent to the author: the draft's node, over the channel that is set up.

Nothing is written down and nothing is counted: a trial belongs to no passage. Its unsubscribe link names nobody.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend.authoring.drafts import Draft
from backend.channels.channel import Doubtful, NotDelivered
from backend.channels.email.compose import Mail, compose
from backend.channels.email.mime import envelope
from backend.channels.links import Place, PurposeKey, message_id, unsubscribe_url
from backend.channels.rendering import BUILT_IN, contact_values, content_of, read_workspace
from backend.channels.senders import Senders
from backend.core.message.template import compile_message
from backend.db.connect import Database
from backend.db.tables import contact

NOBODY = Place(0, 0)


class NotASend(LookupError):
    """The draft has no such node that sends e-mail."""


@dataclass(frozen=True)
class Trial:
    """What became of it. state: sent | failed | unknown; `answer` is the receipt or, in words, why not."""

    state: str
    answer: str
    mail: Mail


def example(conn: Connection, contact_id: int | None, to: str) -> dict[str, Any]:
    """What templates see: that contact, or somebody of whom only the address is known. Raises LookupError."""
    if contact_id is None:
        return {**dict.fromkeys((*BUILT_IN, "created_at")), "email": to, "unsubscribed": False}
    columns = [contact.c[name] for name in (*BUILT_IN, "fields", "created_at")]
    row = conn.execute(select(*columns).where(contact.c.id == contact_id)).mappings().one_or_none()
    if row is None:
        raise LookupError("There is no such contact.")
    return contact_values(dict(row))


def send(
    db: Database,
    senders: Senders,
    draft: Draft,
    node: str,
    *,
    to: str,
    contact_id: int | None,
    purpose_key: PurposeKey,
    base_url: str,
) -> Trial:
    """Render and hand over. Raises NotASend, LookupError for the contact, TemplateProblem."""
    kinds = {one["id"]: one["type"] for one in draft.data["nodes"]}
    if kinds.get(node) != "send.email":
        raise NotASend(f"{draft.name} has no step {node!r} that sends e-mail.")
    content = content_of(draft.data, node)
    with db.read() as conn:
        values = example(conn, contact_id, to)
        workspace = read_workspace(conn)
    link = unsubscribe_url(base_url, purpose_key, NOBODY)
    context = {"contact": values, "event": {}, "unsubscribe_url": link, "workspace": workspace.values()}
    rendered = compile_message(content).render(context)
    shown_link = None if content.get("purpose") == "transactional" else link
    mail = compose(rendered, unsubscribe_url=shown_link, postal_address=workspace.postal_address)
    channel, letterhead = senders.email()
    if channel.is_inbox:
        return Trial("sent", "No mail server is used here, so nothing left: this is how it would look.", mail)
    letterhead = letterhead.overruled_by(str(content.get("from") or ""))
    now_ms = time.time_ns() // 1_000_000
    try:
        letter = envelope(
            mail,
            letterhead=letterhead,
            recipient=to,
            message_id=message_id(purpose_key, now_ms, letterhead.domain),
            date_ms=now_ms,
        )
        return Trial("sent", channel.deliver(letter, lambda: True).text, mail)
    except Doubtful as doubt:
        return Trial("unknown", str(doubt), mail)
    except NotDelivered as trouble:
        return Trial("failed", str(trouble), mail)
