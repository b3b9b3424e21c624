"""The palette: every node kind, with the form its config has."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields

from backend.api.blueprint import Blueprint
from backend.core.journey.kinds import load_all
from backend.core.journey.kinds.designed import DESIGNED

blueprint = Blueprint("kinds", __name__, url_prefix="/api/kinds", description="Node kinds")


class KindShown(Schema):
    type = fields.String()
    family = fields.String()
    title = fields.String()
    help = fields.String()
    ports = fields.List(fields.String(), metadata={"description": "Of a node whose config is still empty."})
    schema = fields.Dict(metadata={"description": "JSON Schema of the config."})
    available = fields.Boolean(metadata={"description": "False: designed, not built yet; publishing refuses it."})


class KindList(Schema):
    items = fields.List(fields.Nested(KindShown))
    next = fields.String(allow_none=True)


def _kinds() -> list[dict[str, Any]]:
    built = [
        {
            "type": kind.name,
            "family": kind.family,
            "title": kind.title,
            "help": kind.help,
            "ports": list(kind.ports({})),
            "schema": kind.json_schema(),
            "available": True,
        }
        for kind in load_all().values()
    ]
    designed = [
        {
            "type": kind.name,
            "family": kind.family,
            "title": kind.title,
            "help": kind.help,
            "ports": [],
            "schema": {},
            "available": False,
        }
        for kind in DESIGNED.values()
    ]
    return built + designed


@blueprint.route("")
class KindsView(MethodView):
    @blueprint.response(200, KindList)
    def get(self) -> dict[str, Any]:
        """Every kind, in the palette's order; then those that are designed and not built yet."""
        return {"items": _kinds(), "next": None}
