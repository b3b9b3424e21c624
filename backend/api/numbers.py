"""How many people are where: a journey's flow, who stands at a node, what became of its messages."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from backend.api.blueprint import Blueprint
from backend.api.errors import not_found
from backend.api.parts import parts
from backend.api.schemas.common import Strict
from backend.authoring import drafts
from backend.reports.flow import flow

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
