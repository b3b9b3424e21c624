"""The journey format's JSON Schema, for editors and other programs."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from backend.core.journey import document

blueprint = Blueprint("schema", __name__)


@blueprint.get("/api/journey.schema.json")
def journey_schema() -> Response:
    response = make_response(document.json_schema())
    response.mimetype = "application/schema+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
