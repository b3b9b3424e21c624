"""Messages: what was sent, what was not and why, and the word of a person on the doubtful."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, not_found
from backend.api.paging import cursor, place
from backend.api.parts import parts
from backend.api.schemas.messages import MessageFull, MessageList, MessageQuery, Resolve
from backend.channels import outbox, reading
from backend.channels.senders import letterhead_of
from backend.channels.settings import load

blueprint = Blueprint("messages", __name__, url_prefix="/api/messages", description="What was sent, and what was not")


def _found(message_id: int) -> dict[str, Any]:
    joined = parts()
    with joined.db.read() as conn:
        shown = reading.one(
            conn,
            message_id,
            letterhead=letterhead_of(load(conn)),
            purpose_key=joined.secrets.purpose_key,
            base_url=joined.settings.base_url,
        )
    if shown is None:
        raise not_found("message")
    return shown


@blueprint.route("")
class MessagesView(MethodView):
    @blueprint.arguments(MessageQuery, location="query")
    @blueprint.response(200, MessageList)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The newest first, by journey, contact and state."""
        after = place(asked.get("after"), int)
        with parts().db.read() as conn:
            found = reading.search(
                conn,
                journey_id=asked.get("journey"),
                contact_id=asked.get("contact"),
                state=asked.get("state"),
                before_id=after[0] if after else None,
                limit=asked["limit"] + 1,
            )
        items = found[: asked["limit"]]
        return {"items": items, "next": cursor(items[-1]["id"]) if len(found) > len(items) else None}


@blueprint.route("/<int:message_id>")
class MessageView(MethodView):
    @blueprint.response(200, MessageFull)
    def get(self, message_id: int) -> dict[str, Any]:
        """One message, as its reader sees it."""
        return _found(message_id)


@blueprint.route("/<int:message_id>/resolve")
class ResolveView(MethodView):
    @blueprint.arguments(Resolve)
    @blueprint.response(200, MessageFull)
    @blueprint.alt_response(409, description="The message is neither unknown nor failed.")
    def post(self, given: dict[str, str], message_id: int) -> dict[str, Any]:
        """Decide on a message that is unknown or failed: send it again, or take it as sent."""
        joined = parts()
        _found(message_id)
        with joined.db.write() as conn:
            is_decided = outbox.resolve(conn, message_id, given["as"], joined.now_ms())
        if not is_decided:
            raise Refused(409, "Only a message that is unknown or failed waits for a decision.")
        joined.wake()
        shown = _found(message_id)
        joined.announce("message", {"journeys": [shown["journey"]["id"]], "ids": [message_id]})
        return shown
