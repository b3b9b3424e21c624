"""How many people are where: a journey's flow, who stands at a node, what became of its messages."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from backend.api import paging
from backend.api.blueprint import Blueprint
from backend.api.errors import not_found
from backend.api.parts import parts
from backend.api.schemas.common import ContactShort, Page, Strict
from backend.authoring import drafts
from backend.core.enrollment import MESSAGE_MOVES
from backend.reports.deliveries import delivery_counts
from backend.reports.flow import flow
from backend.reports.people import people_at

blueprint = Blueprint("numbers", __name__, url_prefix="/api/journeys", description="How many people are where")


class FlowQuery(Strict):
    version = fields.Integer(validate=validate.Range(min=1, max=2**31 - 1))


class NodeCount(Schema):
    entered = fields.Integer()
    inside = fields.Integer()
    left = fields.Integer()


class Outcomes(Schema):
    entered = fields.Integer()
    inside = fields.Integer()
    completed = fields.Integer()
    exited = fields.Integer()
    failed = fields.Integer()
    converted = fields.Integer()


class FlowShown(Schema):
    """The flow document; a gap in `seq` of those told live means: read it again."""

    version = fields.Integer(allow_none=True)
    seq = fields.Integer()
    at = fields.String()
    nodes = fields.Dict(keys=fields.String(), values=fields.Nested(NodeCount))
    edges = fields.Dict(keys=fields.String(), values=fields.Integer())
    outcomes = fields.Nested(Outcomes)


class PersonThere(Schema):
    contact = fields.Nested(ContactShort)
    since = fields.String()
    due_at = fields.String(allow_none=True, metadata={"description": "When time moves them on; null: only an event."})
    passage = fields.Integer()


class PeopleThere(Schema):
    items = fields.List(fields.Nested(PersonThere))
    next = fields.String(allow_none=True)


class DeliveryReason(Schema):
    node = fields.String()
    state = fields.String()
    reason = fields.String(allow_none=True)
    n = fields.Integer()


class Deliveries(Schema):
    """Messages by node and state, opened and clicked beside them; and why, where something was not sent."""

    nodes = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()))
    reasons = fields.List(fields.Nested(DeliveryReason))


@blueprint.route("/<int:journey_id>/flow")
class FlowView(MethodView):
    @blueprint.arguments(FlowQuery, location="query")
    @blueprint.response(200, FlowShown)
    def get(self, asked: dict[str, int], journey_id: int) -> dict[str, Any]:
        """The counts on every node and edge, of all versions or of one."""
        seq = parts().seq_of(journey_id)  # before the counts: told again rather than missed
        now = parts().now_ms()
        with parts().db.read() as conn:
            drafts.find(conn, journey_id)
            found = flow(conn, journey_id, version=asked.get("version"), at_ms=now)
        if "version" in asked and found["version"] is None:
            raise not_found("version")
        return {**found, "seq": seq}


@blueprint.route("/<int:journey_id>/nodes/<string:node>/contacts")
class PeopleView(MethodView):
    @blueprint.arguments(Page, location="query")
    @blueprint.response(200, PeopleThere)
    def get(self, asked: dict[str, Any], journey_id: int, node: str) -> dict[str, Any]:
        """Who rests at a node just now, in any version."""
        after = paging.place(asked.get("after"), str)
        with parts().db.read() as conn:
            drafts.find(conn, journey_id)
            found = people_at(conn, journey_id, node, after=after[0] if after else None, limit=asked["limit"])
        return {**found, "next": paging.cursor(found["next"]) if found["next"] else None}


@blueprint.route("/<int:journey_id>/deliveries")
class DeliveriesView(MethodView):
    @blueprint.response(200, Deliveries)
    def get(self, journey_id: int) -> dict[str, Any]:
        """What became of the journey's messages, per send node, zeros included."""
        with parts().db.read() as conn:
            drafts.find(conn, journey_id)
            found = delivery_counts(conn, journey_id)
        nodes = {node: {**dict.fromkeys(MESSAGE_MOVES, 0), **counts} for node, counts in found["nodes"].items()}
        return {"nodes": nodes, "reasons": found["reasons"]}
