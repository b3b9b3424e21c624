"""Shapes that many routes share."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class Strict(Schema):
    """A body in which an unknown key is an error that names it."""

    class Meta:
        unknown = RAISE


class Page(Strict):
    """Which part of a list: at most `limit` items after the cursor that the last page's `next` gave."""

    after = fields.String(validate=validate.Length(max=200))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=500))


class FieldError(Schema):
    field = fields.String()
    message = fields.String()


class JourneyProblem(Schema):
    """One thing to mend in a journey, with its place."""

    severity = fields.String(validate=validate.OneOf(["error", "warning"]))
    code = fields.String()
    node = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    message = fields.String()
    fix = fields.String()


class ProblemDocument(Schema):
    """An error as RFC 9457 has it."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldError))
    problems = fields.List(fields.Nested(JourneyProblem))


class ContactShort(Schema):
    """A contact by its names."""

    id = fields.Integer()
    user_id = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
