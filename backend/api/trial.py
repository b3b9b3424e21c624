"""Send the author a test of a message."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, invalid, not_found
from backend.api.parts import parts
from backend.api.schemas.account import an_email
from backend.api.schemas.common import Strict
from backend.authoring import drafts, trial
from backend.core.message.template import TemplateProblem

blueprint = Blueprint("trial", __name__, url_prefix="/api/journeys", description="Tests of messages")


class TrialAsked(Strict):
    to = fields.String(required=True, validate=an_email)
    contact = fields.Integer(
        allow_none=True,
        load_default=None,
        validate=validate.Range(min=0, max=2**63 - 1),
        metadata={"description": "Whose fields fill the message in; nobody's when null."},
    )


class TrialShown(Schema):
    state = fields.String(validate=validate.OneOf(["sent", "failed", "unknown"]))
    receipt = fields.String(allow_none=True)
    error = fields.String(allow_none=True)
    subject = fields.String()
    text = fields.String()
    html = fields.String(allow_none=True)


@blueprint.route("/<int:journey_id>/nodes/<string:node>/test")
class TrialView(MethodView):
    @blueprint.arguments(TrialAsked)
    @blueprint.response(200, TrialShown)
    def post(self, asked: dict[str, Any], journey_id: int, node: str) -> dict[str, Any]:
        """Render the draft's message and send it over the channel that is set up; nothing is counted."""
        joined = parts()
        with joined.db.read() as conn:
            draft = drafts.find(conn, journey_id)
        try:
            tried = trial.send(
                joined.db,
                joined.senders,
                draft,
                node,
                to=asked["to"].strip(),
                contact_id=asked["contact"],
                purpose_key=joined.secrets.purpose_key,
                base_url=joined.settings.base_url,
            )
        except trial.NotASend as error:
            raise Refused(404, str(error)) from None
        except LookupError:
            raise not_found("contact") from None
        except TemplateProblem as problem:
            raise invalid(problem.field, str(problem)) from None
        return {
            "state": tried.state,
            "receipt": tried.answer if tried.state == "sent" else None,
            "error": None if tried.state == "sent" else tried.answer,
            "subject": tried.mail.subject,
            "text": tried.mail.text,
            "html": tried.mail.html,
        }
