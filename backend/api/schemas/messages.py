"""Messages, as the API speaks of them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.api.schemas.common import Page, Strict
from backend.core.enrollment import MESSAGE_MOVES

STATES = tuple(MESSAGE_MOVES)
ID_MAX = 2**63 - 1
_id = validate.Range(min=0, max=ID_MAX)


class MessageQuery(Page):
    journey = fields.Integer(validate=_id)
    contact = fields.Integer(validate=_id)
    state = fields.String(validate=validate.OneOf(STATES))


class JourneyOf(Schema):
    id = fields.Integer()
    name = fields.String()


class ContactOf(Schema):
    id = fields.Integer()
    user_id = fields.String(allow_none=True)
    email = fields.String(allow_none=True)


class MessageShown(Schema):
    id = fields.Integer()
    journey = fields.Nested(JourneyOf)
    node = fields.String()
    contact = fields.Nested(ContactOf)
    channel = fields.String()
    purpose = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    reason = fields.String(allow_none=True)
    error = fields.String(allow_none=True)
    subject = fields.String(allow_none=True)
    at = fields.String()
    send_at = fields.String(allow_none=True)
    sent_at = fields.String(allow_none=True)
    opened_at = fields.String(allow_none=True)
    clicked_at = fields.String(allow_none=True)


class MessageFull(MessageShown):
    address = fields.String(allow_none=True)
    body = fields.String(allow_none=True, metadata={"description": "As rendered, before MJML became HTML."})
    html = fields.String(allow_none=True)
    text = fields.String(allow_none=True)
    receipt = fields.String(allow_none=True, metadata={"description": "The server's answer."})
    headers = fields.Dict(keys=fields.String(), values=fields.String())


class MessageList(Schema):
    items = fields.List(fields.Nested(MessageShown))
    next = fields.String(allow_none=True)


Resolve = Strict.from_dict(
    {"as": fields.String(required=True, validate=validate.OneOf(["resend", "sent"]))}, name="Resolve"
)
