"""The e-mail channel: where messages go, and whether that works."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.api.blueprint import Blueprint
from backend.api.guard import a_person
from backend.api.parts import parts, wall_ms
from backend.api.schemas.channels import EmailAnswer, EmailGiven, EmailShown, EmailTried
from backend.channels import settings
from backend.channels.check import try_out

blueprint = Blueprint("channels", __name__, url_prefix="/api/channels", description="Where messages go")


@blueprint.route("/email")
class EmailView(MethodView):
    @blueprint.response(200, EmailShown)
    def get(self) -> dict[str, Any]:
        """The settings; the password itself is never shown."""
        with parts().db.read() as conn:
            return settings.load(conn).shown()

    @blueprint.arguments(EmailGiven)
    @blueprint.response(200, EmailShown)
    def put(self, given: dict[str, Any]) -> dict[str, Any]:
        """Set up the channel. An empty password keeps the stored one, unless host or port change."""
        a_person()
        joined = parts()
        with joined.db.write() as conn:
            saved = settings.save(conn, given, purpose_key=joined.secrets.purpose_key, now_ms=wall_ms())
        joined.wake()
        return saved.shown()


@blueprint.route("/email/test")
class EmailTestView(MethodView):
    @blueprint.arguments(EmailTried)
    @blueprint.response(200, EmailAnswer)
    def post(self, given: dict[str, str]) -> dict[str, Any]:
        """Send one test message by the channel as it is set up, and say what came of it."""
        is_ok, answer = try_out(parts().senders, given["to"].strip(), now_ms=wall_ms())
        return {"ok": is_ok, "answer": answer}
