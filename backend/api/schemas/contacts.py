"""Contacts, as the API speaks of them."""

from __future__ import annotations

import json
import math
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from backend.api.schemas.account import a_zone
from backend.api.schemas.common import Page, Strict
from backend.core.moment import instant_ms
from backend.ingestion.csv_import import EMAIL
from backend.ingestion.segment_api import ID_CHARS_MAX, NAME_CHARS_MAX

FIELDS_MAX = 200
FIELD_BYTES_MAX = 32 * 1024


def an_address(text: str) -> None:
    if text.strip() and (len(text) > 254 or not EMAIL.match(text.strip())):
        raise ValidationError("This is not an e-mail address.")


def a_zone_or_none(text: str) -> None:
    if text:
        a_zone(text)


def an_instant(text: str) -> None:
    if instant_ms(text, "UTC") is None:
        raise ValidationError("Must be a date and time like 2026-01-31T09:00:00Z.")


def some_fields(values: dict[str, Any]) -> None:
    """Custom fields of a size that can be kept, by name."""
    if len(values) > FIELDS_MAX:
        raise ValidationError(f"At most {FIELDS_MAX} fields can be set at once.")
    wrong = {name[:40]: [reason] for name, value in values.items() if (reason := _wrong(name, value))}
    if wrong:
        raise ValidationError(wrong)


def _wrong(name: str, value: Any) -> str | None:
    if not name.strip() or len(name) > NAME_CHARS_MAX:
        return f"A field's name has 1 to {NAME_CHARS_MAX} characters."
    if isinstance(value, float) and not math.isfinite(value):
        return "Must be a finite number."
    if len(json.dumps(value)) > FIELD_BYTES_MAX:
        return f"A value has at most {FIELD_BYTES_MAX // 1024} KB."
    return None


def _text(limit: int, **more: Any) -> fields.String:
    return fields.String(allow_none=True, validate=[validate.Length(max=limit), *more.pop("validate", [])], **more)


class ConsentGiven(Strict):
    unsubscribed = fields.Boolean(required=True, truthy={True}, falsy={False})


class ContactGiven(Strict):
    """A contact to be stored or changed. What is left out stays; null removes."""

    user_id = _text(ID_CHARS_MAX)
    email = _text(254, validate=[an_address])
    phone = _text(64)
    timezone = _text(64, validate=[a_zone_or_none])
    created_at = fields.String(validate=an_instant)
    unsubscribed = fields.Boolean(truthy={True}, falsy={False})
    consent = fields.Nested(ConsentGiven, metadata={"description": "The same as `unsubscribed`, in the shown shape."})
    tags = fields.List(
        fields.String(validate=validate.Length(min=1, max=NAME_CHARS_MAX)), validate=validate.Length(max=FIELDS_MAX)
    )
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Raw(allow_none=True), data_key="fields", validate=some_fields
    )

    @post_load
    def flat(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As ingestion.contacts takes it."""
        if "consent" in data:
            data["unsubscribed"] = data.pop("consent")["unsubscribed"]
        if "fields_" in data:
            data["fields"] = data.pop("fields_")
        return data


class ConsentShown(Schema):
    unsubscribed = fields.Boolean()
    at = fields.String(allow_none=True)
    source = fields.String(allow_none=True)


ContactShown = Schema.from_dict(
    {
        "id": fields.Integer(),
        "user_id": fields.String(allow_none=True),
        "email": fields.String(allow_none=True),
        "phone": fields.String(allow_none=True),
        "timezone": fields.String(allow_none=True),
        "tags": fields.List(fields.String()),
        "consent": fields.Nested(ConsentShown),
        "fields": fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True)),
        "created_at": fields.String(allow_none=True),
    },
    name="ContactShown",
)


class JourneyNamed(Schema):
    id = fields.Integer()
    name = fields.String()


class Whereabouts(Schema):
    """A passage that is not over: where it rests, and until when."""

    journey = fields.Nested(JourneyNamed)
    node = fields.String()
    title = fields.String(metadata={"description": "What the node is called."})
    since = fields.String()
    due_at = fields.String(allow_none=True, metadata={"description": "When time moves them on; null: only an event."})
    passage = fields.Integer(metadata={"description": "1 for the first time in this journey."})


ContactWhole = ContactShown.from_dict(
    {"now": fields.List(fields.Nested(Whereabouts), metadata={"description": "The latest arrival first."})},
    name="ContactWhole",
)


class ContactList(Schema):
    items = fields.List(fields.Nested(ContactShown))
    next = fields.String(allow_none=True)
    total = fields.Integer()


class ContactQuery(Page):
    q = fields.String(load_default="", validate=validate.Length(max=200))


class Happened(Schema):
    at = fields.String()
    kind = fields.String(validate=validate.OneOf(["event", "step", "message", "consent"]))
    title = fields.String()
    journey = fields.Nested(JourneyNamed, allow_none=True)
    node = fields.String(allow_none=True)
    detail = fields.Raw(allow_none=True)


class Timeline(Schema):
    items = fields.List(fields.Nested(Happened))
    next = fields.String(allow_none=True)


class ColumnShown(Schema):
    name = fields.String()
    guess = fields.String(allow_none=True)
    type = fields.String()
    samples = fields.List(fields.String())


class PreviewShown(Schema):
    columns = fields.List(fields.Nested(ColumnShown))
    rows = fields.Integer()
    encoding = fields.String()
