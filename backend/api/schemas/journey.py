"""The journey document's outline, as a draft must have it, and what the API answers about journeys.

A draft may be incomplete, so only the shape is asked for here: which parts there are and of what type. What a node's
config and the settings mean is checked when the journey is checked or published.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.errors import Refused
from backend.api.schemas.common import JourneyProblem, Page, Strict
from backend.core.journey import document
from backend.core.problem import Problem

_name: dict[str, Any] = {"validate": validate.Length(max=document.NAME_MAX)}


class Position(Schema):
    x = fields.Float(required=True)
    y = fields.Float(required=True)


class NodeOutline(Schema):
    id = fields.String(required=True)
    type = fields.String(required=True, metadata={"description": "The node's kind."})
    name = fields.String(allow_none=True, **_name)
    position = fields.Nested(Position)
    config = fields.Dict(keys=fields.String())


EdgeOutline = Schema.from_dict(
    {
        "from": fields.String(required=True),
        "port": fields.String(required=True),
        "to": fields.String(required=True),
    },
    name="EdgeOutline",
)


class JourneyDraft(Schema):
    """sojourn/journey@1 as it is while somebody draws it; the fields describe it, core reads it."""

    format = fields.String(required=True, validate=validate.Equal(document.FORMAT))
    name = fields.String(required=True, **_name)
    settings = fields.Dict(keys=fields.String())
    nodes = fields.List(fields.Nested(NodeOutline), required=True)
    edges = fields.List(fields.Nested(EdgeOutline), required=True)
    notes = fields.List(fields.Dict(keys=fields.String()))
    scenarios = fields.List(fields.Dict(keys=fields.String()))

    def load(self, data: Any, **_: Any) -> Any:
        """The document in the newest format. Raises Refused with every problem of its shape."""
        shaped, problems = document.load_shape(data)
        if shaped is None or problems:
            raise _misshapen(problems)
        return shaped


class NewJourney(JourneyDraft):
    """A journey's document, or {} or {name} for an empty one."""

    def load(self, data: Any, **_: Any) -> Any:
        if isinstance(data, dict) and set(data) <= {"name"}:
            data = document.empty(data.get("name", "Untitled journey"))
        return super().load(data)


def _misshapen(problems: list[Problem]) -> Refused:
    errors = [{"field": _place(problem), "message": problem.message} for problem in problems]
    detail = f"{errors[0]['field']}: {errors[0]['message']}" if errors[0]["field"] else errors[0]["message"]
    return Refused(422, detail, errors=errors, problems=[problem.as_dict() for problem in problems])


def _place(problem: Problem) -> str:
    """Where in the document: inside a node it is named by its id, as its author knows it."""
    node = f"nodes.{problem.node}" if problem.node else ""
    return ".".join(filter(None, (node, problem.field)))


class WholeDocument(fields.Nested):
    """A journey's document, described by its outline and given out exactly as it is stored."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return value


class VersionRef(Schema):
    number = fields.Integer()
    published_at = fields.String()


class JourneyShown(Schema):
    """A journey as its editor needs it; `revision` is the draft's and also the ETag."""

    id = fields.Integer()
    name = fields.String()
    status = fields.String(validate=validate.OneOf(["draft", "live", "paused", "stopped"]))
    revision = fields.Integer()
    draft = WholeDocument(JourneyDraft)
    version = fields.Nested(VersionRef, allow_none=True)
    has_changes = fields.Boolean()
    updated_at = fields.String()
    fault = fields.String(allow_none=True)


class ThumbnailNode(Schema):
    x = fields.Float()
    y = fields.Float()
    family = fields.String()


class Thumbnail(Schema):
    """The draft in miniature; an edge is a pair of places in `nodes`."""

    nodes = fields.List(fields.Nested(ThumbnailNode))
    edges = fields.List(fields.List(fields.Integer()))


class JourneyItem(Schema):
    id = fields.Integer()
    name = fields.String()
    status = fields.String()
    inside = fields.Integer()
    entered = fields.Integer()
    completed = fields.Integer()
    converted = fields.Integer()
    messages = fields.Integer()
    version = fields.Integer(allow_none=True)
    has_changes = fields.Boolean()
    last_moved_at = fields.String(allow_none=True)
    updated_at = fields.String()
    fault = fields.String(allow_none=True)
    thumbnail = fields.Nested(Thumbnail)


class JourneyList(Schema):
    items = fields.List(fields.Nested(JourneyItem))
    next = fields.String(allow_none=True)


class JourneyQuery(Page):
    status = fields.String(validate=validate.OneOf(["draft", "live", "paused", "stopped"]))
    q = fields.String(**_name)


class Saved(Schema):
    revision = fields.Integer()
    updated_at = fields.String()


class Problems(Schema):
    problems = fields.List(fields.Nested(JourneyProblem))


class PublishedShown(Schema):
    version = fields.Integer()
    published_at = fields.String()


class Switched(Schema):
    """What a switch did; `people` is how many it touched."""

    status = fields.String()
    people = fields.Integer()


class ContactRef(Strict):
    """One way to name a contact."""

    user_id = fields.String(validate=validate.Length(min=1, max=1000))
    email = fields.String(validate=validate.Length(min=1, max=254))

    @validates_schema
    def _names_one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("Name a contact by user_id or by email.")


class OneContact(fields.Field[Any]):
    """A contact's id, or {user_id} or {email}."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            raise ValidationError("Name a contact by id, {user_id} or {email}.")
        return ContactRef().load(value)


class Enroll(Strict):
    contacts = fields.List(OneContact(), validate=validate.Length(min=1, max=10_000))
    all = fields.Boolean(truthy={True}, falsy={False})

    @validates_schema
    def _says_whom(self, data: dict[str, Any], **_: Any) -> None:
        if ("contacts" in data) == bool(data.get("all")):
            raise ValidationError("Give either contacts or all: true.")


class Enrolled(Schema):
    enrolled = fields.Integer()
    refused = fields.Integer()


class VersionItem(Schema):
    number = fields.Integer()
    published_at = fields.String()
    published_by = fields.String()


class VersionList(Schema):
    items = fields.List(fields.Nested(VersionItem))
    next = fields.String(allow_none=True)


class VersionShown(Schema):
    number = fields.Integer()
    document = WholeDocument(JourneyDraft)
