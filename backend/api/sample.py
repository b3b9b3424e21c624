"""The sample: a record shop's real purchases, played at a chosen speed."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused
from backend.api.parts import parts
from backend.api.schemas.account import WorkspaceShown
from backend.api.schemas.common import Strict
from backend.api.workspace import find_workspace

blueprint = Blueprint("sample", __name__, url_prefix="/api/sample", description="The sample workspace")

FASTEST = 60  # days a second


SampleShown = Schema.from_dict(
    {
        "mode": fields.String(),
        "at": fields.String(),
        "playing": fields.Boolean(),
        "speed": fields.Float(metadata={"description": "Days a second."}),
        "from": fields.String(),
        "until": fields.String(),
        "done": fields.Boolean(),
        "events_total": fields.Integer(),
        "events_played": fields.Integer(),
        "contacts": fields.Integer(),
    },
    name="SampleShown",
)


class Play(Strict):
    speed = fields.Float(validate=validate.Range(min=0, max=FASTEST, min_inclusive=False))


class StartForReal(Strict):
    confirm = fields.String(required=True, validate=validate.Equal("start for real"))


def _player() -> Any:
    player = parts().player
    if player is None:
        raise Refused(409, "Nothing plays the sample here: the clock of this process is off.")
    with parts().db.read() as conn:
        if find_workspace(conn)["mode"] != "sample":
            raise Refused(409, "This workspace works for real; there is no sample to play.")
    return player


@blueprint.route("")
class SampleView(MethodView):
    @blueprint.response(200, SampleShown)
    @blueprint.alt_response(409, description="The workspace works for real.")
    def get(self) -> dict[str, Any]:
        """Where the sample stands."""
        state: dict[str, Any] = _player().state()
        return state


@blueprint.route("/play")
class PlayView(MethodView):
    @blueprint.arguments(Play)
    @blueprint.response(200, SampleShown)
    def post(self, given: dict[str, float]) -> dict[str, Any]:
        """Play on, at this speed if one is given."""
        state: dict[str, Any] = _player().play(given.get("speed"))
        return state


@blueprint.route("/pause")
class PauseView(MethodView):
    @blueprint.response(200, SampleShown)
    def post(self) -> dict[str, Any]:
        """Sample time stands still."""
        state: dict[str, Any] = _player().pause()
        return state


@blueprint.route("/restart")
class RestartView(MethodView):
    @blueprint.response(200, SampleShown)
    def post(self) -> dict[str, Any]:
        """Back to the first day: passages, messages and purchases are taken out."""
        state: dict[str, Any] = _player().restart()
        return state


@blueprint.route("/start-for-real")
class StartForRealView(MethodView):
    @blueprint.arguments(StartForReal)
    @blueprint.response(200, WorkspaceShown)
    def post(self, _: dict[str, str]) -> dict[str, Any]:
        """Leave the sample for good: an empty workspace on the wall clock. Journeys somebody drew stay, as drafts."""
        _player().start_for_real()
        with parts().db.read() as conn:
            return find_workspace(conn)
