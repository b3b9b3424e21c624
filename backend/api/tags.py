"""The tags contacts wear."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy import func, select

from backend.api.blueprint import Blueprint
from backend.api.parts import parts
from backend.db.tables import contact_tag

blueprint = Blueprint("tags", __name__, url_prefix="/api/tags", description="Tags of contacts")


class TagShown(Schema):
    tag = fields.String()
    n = fields.Integer()


class TagList(Schema):
    items = fields.List(fields.Nested(TagShown))
    next = fields.String(allow_none=True)


@blueprint.route("")
class TagsView(MethodView):
    @blueprint.response(200, TagList)
    def get(self) -> dict[str, Any]:
        """Every tag and how many contacts wear it, by name."""
        wanted = select(contact_tag.c.tag, func.count().label("n")).group_by(contact_tag.c.tag).order_by("tag")
        with parts().db.read() as conn:
            return {"items": [dict(row) for row in conn.execute(wanted).mappings()], "next": None}
