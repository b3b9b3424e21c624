"""The workspace: one per installation."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from sqlalchemy import Connection, select, update

from backend.api.blueprint import Blueprint
from backend.api.parts import parts
from backend.api.schemas.account import WorkspaceChange, WorkspaceShown
from backend.db.tables import workspace
from backend.db.types import iso

blueprint = Blueprint("workspace", __name__, url_prefix="/api/workspace", description="The workspace")


def find_workspace(conn: Connection) -> dict[str, Any]:
    """The workspace as the API shows it."""
    row = conn.execute(
        select(
            workspace.c.name,
            workspace.c.mode,
            workspace.c.timezone,
            workspace.c.postal_address,
            workspace.c.sample_at,
        )
    ).one()
    return {**row._mapping, "sample_at": iso(row.sample_at)}


@blueprint.route("")
class WorkspaceView(MethodView):
    @blueprint.response(200, WorkspaceShown)
    def get(self) -> dict[str, Any]:
        """Name, time zone, postal address, and whether it plays the sample."""
        with parts().db.read() as conn:
            return find_workspace(conn)

    @blueprint.arguments(WorkspaceChange)
    @blueprint.response(200, WorkspaceShown)
    def patch(self, given: dict[str, Any]) -> dict[str, Any]:
        """Change what is given; the rest stays."""
        with parts().db.write() as conn:
            if given:
                conn.execute(update(workspace).values(given))
            return find_workspace(conn)
