"""Work that takes a while, and how far it is."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from backend.api.blueprint import Blueprint
from backend.api.errors import not_found
from backend.api.parts import parts
from backend.db.tables import task

blueprint = Blueprint("tasks", __name__, url_prefix="/api/tasks", description="Work that takes a while")


class TaskShown(Schema):
    id = fields.Integer()
    kind = fields.String()
    state = fields.String(validate=validate.OneOf(["running", "done", "failed", "canceled"]))
    done = fields.Integer()
    total = fields.Integer(allow_none=True)
    report = fields.Dict()


@blueprint.route("/<int:task_id>")
class TaskView(MethodView):
    @blueprint.response(200, TaskShown)
    def get(self, task_id: int) -> dict[str, Any]:
        """How far it is, and its report so far."""
        wanted = select(task.c.id, task.c.kind, task.c.state, task.c.done, task.c.total, task.c.report)
        with parts().db.read() as conn:
            row = conn.execute(wanted.where(task.c.id == task_id)).mappings().one_or_none()
        if row is None:
            raise not_found("task")
        return dict(row)
