"""Sessions, users, keys and the workspace, as the API speaks of them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from backend.accounts.users import looks_like_email
from backend.api.schemas.common import Strict
from backend.core.moment import zone


def an_email(text: str) -> None:
    if not looks_like_email(text):
        raise ValidationError("This is not an e-mail address.")


def a_zone(text: str) -> None:
    if zone(text) is None:
        raise ValidationError("There is no such time zone; name one like Europe/Berlin.")


_name: dict[str, Any] = {"load_default": "", "validate": validate.Length(max=200)}
_password: dict[str, Any] = {"required": True, "load_only": True, "validate": validate.Length(min=1, max=1000)}


class Login(Strict):
    email = fields.String(required=True, validate=validate.Length(max=254))
    password = fields.String(**_password)


class PasswordChange(Strict):
    current = fields.String(**_password)
    new = fields.String(**_password)


class SetUp(Strict):
    token = fields.String(required=True, validate=validate.Length(max=200))
    email = fields.String(required=True, validate=an_email)
    password = fields.String(**_password)
    name = fields.String(**_name)


class NewUser(Strict):
    email = fields.String(required=True, validate=an_email)
    password = fields.String(**_password)
    name = fields.String(**_name)


class UserShown(Schema):
    id = fields.Integer()
    email = fields.String()
    name = fields.String()
    created_at = fields.String()


class UserList(Schema):
    items = fields.List(fields.Nested(UserShown))
    next = fields.String(allow_none=True)


class NewKey(Strict):
    kind = fields.String(required=True, validate=validate.OneOf(["api", "write"]))
    name = fields.String(**_name)


class KeyShown(Schema):
    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    hint = fields.String()
    created_at = fields.String()
    last_used_at = fields.String(allow_none=True)
    revoked_at = fields.String(allow_none=True)


class KeyMade(KeyShown):
    key = fields.String(metadata={"description": "The key itself, shown this once."})


class KeyList(Schema):
    items = fields.List(fields.Nested(KeyShown))
    next = fields.String(allow_none=True)


class SessionUser(Schema):
    id = fields.Integer()
    email = fields.String()
    name = fields.String()


class SessionWorkspace(Schema):
    name = fields.String()
    mode = fields.String(validate=validate.OneOf(["live", "sample"]))
    timezone = fields.String()
    sample_at = fields.String(allow_none=True)


class SessionShown(Schema):
    user = fields.Nested(SessionUser, allow_none=True)
    csrf = fields.String(allow_none=True)
    needs_setup = fields.Boolean()
    workspace = fields.Nested(SessionWorkspace, allow_none=True)


class WorkspaceShown(SessionWorkspace):
    postal_address = fields.String()


class WorkspaceChange(Strict):
    """The workspace's own settings; mode and sample_at are changed by the sample's routes alone."""

    name = fields.String(validate=validate.Length(min=1, max=200))
    timezone = fields.String(validate=a_zone)
    postal_address = fields.String(validate=validate.Length(max=500))
