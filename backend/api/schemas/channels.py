"""The e-mail channel's settings, as the API speaks of them."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from backend.api.schemas.account import an_email
from backend.api.schemas.common import Strict
from backend.channels.channel import NotDelivered
from backend.channels.email.mime import mailbox
from backend.channels.settings import SECURITIES

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,252}[A-Za-z0-9])?\.?\Z|\Z")


def an_address_or_none(text: str) -> None:
    if not text:
        return
    try:
        mailbox(text)
    except NotDelivered:
        raise ValidationError("This is not an e-mail address.") from None


def one_line(text: str) -> None:
    if not text.isprintable():
        raise ValidationError("Must be one line of text.")


class EmailGiven(Strict):
    """password: left out or empty keeps the one that is stored; another host or port forgets it."""

    mode = fields.String(required=True, validate=validate.OneOf(["test", "smtp"]))
    host = fields.String(load_default="", validate=validate.Regexp(_HOST, error="This is not a host name."))
    port = fields.Integer(load_default=587, validate=validate.Range(min=1, max=65_535))
    security = fields.String(load_default="starttls", validate=validate.OneOf(SECURITIES))
    username = fields.String(load_default="", validate=[validate.Length(max=320), one_line])
    password = fields.String(load_only=True, load_default="", validate=[validate.Length(max=1_000), one_line])
    from_name = fields.String(load_default="", validate=[validate.Length(max=200), one_line])
    from_email = fields.String(load_default="", validate=an_address_or_none)
    reply_to = fields.String(load_default="", validate=an_address_or_none)

    @pre_load
    def plain(self, data: Any, **_: Any) -> Any:
        """What GET shows may be sent back as it is."""
        if not isinstance(data, dict):
            return data
        kept = {key: value for key, value in data.items() if key != "has_password"}
        return {key: value.strip() if key in ("host", "from_email", "reply_to") and isinstance(value, str) else value
                for key, value in kept.items()}  # fmt: skip

    @validates_schema(skip_on_field_errors=True)
    def complete(self, data: dict[str, Any], **_: Any) -> None:
        """Nothing can leave without a server and a sender."""
        if data["mode"] == "smtp":
            missing = {name: ["Needed to send by SMTP."] for name in ("host", "from_email") if not data[name]}
            if missing:
                raise ValidationError(missing)


class EmailShown(Schema):
    mode = fields.String(validate=validate.OneOf(["test", "smtp"]))
    host = fields.String()
    port = fields.Integer()
    security = fields.String(validate=validate.OneOf(SECURITIES))
    username = fields.String()
    has_password = fields.Boolean()
    from_name = fields.String()
    from_email = fields.String()
    reply_to = fields.String()


class EmailTried(Strict):
    to = fields.String(required=True, validate=an_email)


class EmailAnswer(Schema):
    ok = fields.Boolean()
    answer = fields.String(metadata={"description": "What the server said, or why it could not be asked."})
