"""The field registry: what is known of contacts, and of what type it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy import ColumnElement, Connection, insert, select
from sqlalchemy.exc import IntegrityError

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, not_found
from backend.api.parts import parts, wall_ms
from backend.api.schemas.common import Strict
from backend.db.tables import contact, field

blueprint = Blueprint("fields", __name__, url_prefix="/api/fields", description="What is known of contacts")

TYPES = ("text", "number", "boolean", "date", "datetime", "list")
BUILT_IN = (
    ("user_id", "text", "User ID"),
    ("email", "text", "E-mail"),
    ("phone", "text", "Phone"),
    ("timezone", "text", "Time zone"),
    ("unsubscribed", "boolean", "Unsubscribed"),
    ("created_at", "datetime", "Created"),
)
VALUES_MOST = 50
LOOKED_AT_MOST = 20_000  # contacts whose values are counted: a hint for typing, not a report


class FieldShown(Schema):
    name = fields.String()
    type = fields.String(validate=validate.OneOf(TYPES))
    label = fields.String()
    built_in = fields.Boolean()


class FieldList(Schema):
    items = fields.List(fields.Nested(FieldShown))
    next = fields.String(allow_none=True)


class NewField(Strict):
    name = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z_][A-Za-z0-9_ .-]{0,99}\Z"))
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    label = fields.String(load_default="", validate=validate.Length(max=200))


class ValueQuery(Strict):
    q = fields.String(load_default="", validate=validate.Length(max=200))


class ValueShown(Schema):
    value = fields.Raw()
    n = fields.Integer()


class ValueList(Schema):
    items = fields.List(fields.Nested(ValueShown))
    next = fields.String(allow_none=True)


def _registered(conn: Connection) -> list[dict[str, Any]]:
    rows = conn.execute(select(field.c.name, field.c.type, field.c.label).order_by(field.c.name))
    return [{"name": row.name, "type": row.type, "label": row.label or row.name, "built_in": False} for row in rows]


@blueprint.route("")
class FieldsView(MethodView):
    @blueprint.response(200, FieldList)
    def get(self) -> dict[str, Any]:
        """Built-in fields first, then those contacts brought, by name."""
        built_in = [{"name": name, "type": kind, "label": label, "built_in": True} for name, kind, label in BUILT_IN]
        with parts().db.read() as conn:
            return {"items": built_in + _registered(conn), "next": None}

    @blueprint.arguments(NewField)
    @blueprint.response(201, FieldShown)
    def post(self, given: dict[str, str]) -> dict[str, Any]:
        """Name a field before any contact has it, so that its type is settled."""
        taken = Refused(
            409, f"There is a field {given['name']} already.", errors=[{"field": "name", "message": "Taken."}]
        )
        if any(given["name"] == name for name, _, _ in BUILT_IN):
            raise taken
        try:
            with parts().db.write() as conn:
                conn.execute(insert(field).values(**given, created_at=wall_ms()))
        except IntegrityError:
            raise taken from None
        return {**given, "label": given["label"] or given["name"], "built_in": False}


@blueprint.route("/<string:name>/values")
class FieldValuesView(MethodView):
    @blueprint.arguments(ValueQuery, location="query")
    @blueprint.response(200, ValueList)
    def get(self, asked: dict[str, str], name: str) -> dict[str, Any]:
        """The most frequent values a field has, among the newest contacts; for suggesting while somebody types."""
        column: ColumnElement[Any]
        with parts().db.read() as conn:
            if name in contact.c and name in {built_in for built_in, _, _ in BUILT_IN}:
                column = contact.c[name]
            elif conn.execute(select(field.c.name).where(field.c.name == name)).first():
                column = contact.c.fields
            else:
                raise not_found("field")
            rows = conn.execute(select(column).order_by(contact.c.id.desc()).limit(LOOKED_AT_MOST)).scalars()
            found = Counter(
                value
                for row in rows
                for value in _plain(row.get(name) if isinstance(row, dict) else row)
                if asked["q"].lower() in str(value).lower()
            )
        items = [{"value": value, "n": n} for value, n in found.most_common(VALUES_MOST)]
        return {"items": items, "next": None}


def _plain(value: Any) -> list[Any]:
    """The value, or those in a list, as far as they can be counted."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str | int | float) and one != ""]
