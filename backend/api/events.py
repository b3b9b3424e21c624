"""What contacts did: names to choose from, a log to look through, and what was refused."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection, func, select

from backend.api import paging
from backend.api.blueprint import Blueprint
from backend.api.parts import parts
from backend.api.schemas.common import ContactShort, Page
from backend.db.tables import contact, event, event_rejected
from backend.db.types import iso

blueprint = Blueprint("events", __name__, url_prefix="/api/events", description="What contacts did")

LOOKED_AT_MOST = 200_000  # a list to choose from must not read a log of millions
SAMPLE = 200  # newest events of a name whose properties are listed
INTERNAL = "$"  # names that start so are our own notes


class EventName(Schema):
    name = fields.String()
    n = fields.Integer()
    last_at = fields.String()
    properties = fields.List(fields.String(), metadata={"description": "Names seen in the newest ones."})


class EventNames(Schema):
    items = fields.List(fields.Nested(EventName))
    next = fields.String(allow_none=True)


class EventShown(Schema):
    id = fields.Integer()
    name = fields.String()
    at = fields.String()
    contact = fields.Nested(ContactShort, allow_none=True)
    properties = fields.Dict(allow_none=True)


class EventList(Schema):
    items = fields.List(fields.Nested(EventShown))
    next = fields.String(allow_none=True)


class EventQuery(Page):
    contact = fields.Integer(validate=validate.Range(min=0, max=2**63 - 1))
    name = fields.String(validate=validate.Length(max=1000))


class RejectedShown(Schema):
    at = fields.String()
    field = fields.String(allow_none=True)
    reason = fields.String()
    payload = fields.String()


class RejectedList(Schema):
    items = fields.List(fields.Nested(RejectedShown))
    next = fields.String(allow_none=True)


@blueprint.route("/names")
class EventNamesView(MethodView):
    @blueprint.response(200, EventNames)
    def get(self) -> dict[str, Any]:
        """The names events had lately (among the newest 200,000), the most frequent first."""
        newest = select(event.c.name, event.c.at).order_by(event.c.id.desc()).limit(LOOKED_AT_MOST).subquery()
        wanted = (
            select(newest.c.name, func.count().label("n"), func.max(newest.c.at).label("last_at"))
            .where(newest.c.name.not_like(f"{INTERNAL}%"))
            .group_by(newest.c.name)
            .order_by(func.count().desc(), newest.c.name)
            .limit(500)
        )
        with parts().db.read() as conn:
            seen = _properties(conn)
            items = [
                {
                    "name": row.name,
                    "n": row.n,
                    "last_at": iso(row.last_at),
                    "properties": sorted(seen.get(row.name, ())),
                }
                for row in conn.execute(wanted)
            ]
        return {"items": items, "next": None}


def _properties(conn: Connection) -> dict[str, set[str]]:
    """Event name → property names, among the newest events of each name."""
    newest = select(event.c.id, event.c.name, event.c.properties).order_by(event.c.id.desc()).limit(20_000).subquery()
    place = func.row_number().over(partition_by=newest.c.name, order_by=newest.c.id.desc()).label("place")
    ranked = select(newest.c.name, newest.c.properties, place).subquery()
    seen: dict[str, set[str]] = {}
    for row in conn.execute(select(ranked.c.name, ranked.c.properties).where(ranked.c.place <= SAMPLE)):
        seen.setdefault(row.name, set()).update(row.properties or ())
    return seen


@blueprint.route("")
class EventsView(MethodView):
    @blueprint.arguments(EventQuery, location="query")
    @blueprint.response(200, EventList)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The log, newest first; of one contact or one name when asked."""
        wanted = (
            select(event.c.id, event.c.name, event.c.at, event.c.properties)
            .add_columns(contact.c.id.label("contact_id"), contact.c.user_id, contact.c.email)
            .outerjoin_from(event, contact, contact.c.id == event.c.contact_id)
            .where(event.c.name.not_like(f"{INTERNAL}%"))
            .order_by(event.c.id.desc())
            .limit(asked["limit"] + 1)
        )
        if "contact" in asked:
            wanted = wanted.where(event.c.contact_id == asked["contact"])
        if "name" in asked:
            wanted = wanted.where(event.c.name == asked["name"])
        after = paging.place(asked.get("after"), int)
        if after:
            wanted = wanted.where(event.c.id < after[0])
        with parts().db.read() as conn:
            rows, following = paging.page(conn.execute(wanted).all(), asked["limit"], "id")
        return {"items": [_shown(row) for row in rows], "next": following}


def _shown(row: Any) -> dict[str, Any]:
    who = {"id": row.contact_id, "user_id": row.user_id, "email": row.email} if row.contact_id is not None else None
    return {"id": row.id, "name": row.name, "at": iso(row.at), "contact": who, "properties": row.properties or {}}


@blueprint.route("/rejected")
class RejectedView(MethodView):
    @blueprint.arguments(Page, location="query")
    @blueprint.response(200, RejectedList)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What was sent to us and could not be stored, with the reason, newest first."""
        wanted = select(event_rejected).order_by(event_rejected.c.id.desc()).limit(asked["limit"] + 1)
        after = paging.place(asked.get("after"), int)
        if after:
            wanted = wanted.where(event_rejected.c.id < after[0])
        with parts().db.read() as conn:
            rows, following = paging.page(conn.execute(wanted).all(), asked["limit"], "id")
        items = [
            {"at": iso(row.received_at), "field": row.field, "reason": row.reason, "payload": row.payload}
            for row in rows
        ]
        return {"items": items, "next": following}
