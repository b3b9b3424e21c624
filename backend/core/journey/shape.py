"""The building blocks of document shapes: marshmallow fields that speak to a marketer, and their JSON Schema.

A shape never raises to its caller: `shape_problems` turns whatever marshmallow found into Problems with a dotted path.
Fields refuse with `Fault`, which carries the code and the fix that marshmallow's plain texts can't.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from backend.core.duration import read_duration
from backend.core.problem import Problem, error

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
"""Ids of nodes and names of ports: they stand in paths, files and `node:port` keys."""

_MISSING, _UNKNOWN, _SHAPE, _LIST = "missing", "unknown", "not an object", "not a list"


@dataclass(frozen=True)
class Fault:
    """A refusal inside a shape: field is relative to the refused value."""

    code: str
    message: str
    fix: str = ""
    field: str = ""


def refuse(code: str, message: str, fix: str = "") -> ValidationError:
    return ValidationError([Fault(code, message, fix)])


class Shape(Schema):
    """An object with exactly its declared keys."""

    error_messages = {"unknown": _UNKNOWN, "type": _SHAPE}  # noqa: RUF012 - marshmallow's way

    class Meta:
        unknown = RAISE


class _Said(fields.Field[Any]):
    """missing, fix: what its absence is called; without them the key is named, which a marketer doesn't know."""

    default_error_messages = {"required": _MISSING, "null": _MISSING}  # noqa: RUF012 - marshmallow's way

    def __init__(self, *, missing: str = "", fix: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if missing:
            self.error_messages |= {key: [Fault("missing", missing, fix)] for key in ("required", "null")}

    def json_schema(self) -> dict[str, Any]:
        raise NotImplementedError


class Text(_Said):
    """Text of at most `longest` characters, and not blank unless `blank`."""

    def __init__(self, *, longest: int = 1000, blank: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.blank = blank

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refuse("invalid_value", "This must be text.", "Write a text.")
        if not self.blank and not value.strip():
            raise self.make_error("required")
        if len(value) > self.longest:
            raise refuse("too_large", f"This text has at most {self.longest:,} characters.", "Shorten it.")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest} | ({} if self.blank else {"minLength": 1})


class Name(_Said):
    """An id or a port's name."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not NAME.match(value):
            fix = "Use 1 to 64 letters, digits, - and _."
            raise refuse("invalid_name", "A name here has letters a–z, digits, - and _ only, at most 64.", fix)
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}


class Choice(_Said):
    """One of a few words."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise refuse("invalid_value", f"This must be {' or '.join(self.words)}.", f"Use {' or '.join(self.words)}.")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Number(_Said):
    """Any finite number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise refuse("invalid_value", "This must be a number.", "Write a number.")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "number"}


class Duration(_Said):
    """{"amount": 2, "unit": "days"}; loaded as it stands."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        _, problems = read_duration(value, field="")
        if problems:
            raise ValidationError([Fault(p.code, p.message, p.fix, p.field or "") for p in problems])
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/duration"}


class Condition(_Said):
    """A condition. Only that it is there is asked here; `Kind.conditions` says where it is, the document parses it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/condition"}


class AnyValue(_Said):
    """Whatever it is, carried untouched."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return value

    def json_schema(self) -> dict[str, Any]:
        return {}


class NotBuilt(_Said):
    """A designed setting that is not built yet: null or absent."""

    def __init__(self, what: str) -> None:
        super().__init__(allow_none=True)
        self.what = what

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        raise refuse("not_available", f"{self.what} can't be used yet.", "Take it out for now.")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "null"}


class Values(_Said):
    """An object from names to plain values, {name: text | number | true/false | null | list of text}."""

    def __init__(self, *, fewest: int, most: int, thing: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fewest, self.most, self.thing = fewest, most, thing

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError(_SHAPE)
        if len(value) < self.fewest:
            raise refuse("missing", f"At least {self.fewest} of the {self.thing} must be here.", "Add one.")
        if len(value) > self.most:
            raise refuse("too_large", f"There can be at most {self.most:,} {self.thing} here.", "Take some out.")
        return value

    def json_schema(self) -> dict[str, Any]:
        plain = {"type": ["string", "number", "boolean", "null", "array"], "items": {"type": "string"}}
        return {
            "type": "object",
            "minProperties": self.fewest,
            "maxProperties": self.most,
            "additionalProperties": plain,
        }


class Items(fields.List[Any]):
    """A list of at least `fewest` and at most `most` things."""

    default_error_messages = {"required": _MISSING, "null": _MISSING, "invalid": _LIST}  # noqa: RUF012 - marshmallow's way

    def __init__(self, inner: fields.Field[Any], *, fewest: int = 0, most: int, thing: str, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.fewest, self.most, self.thing = fewest, most, thing

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and len(value) > self.most:
            raise refuse("too_large", f"There can be at most {self.most:,} {self.thing} here.", "Take some out.")
        if isinstance(value, list) and len(value) < self.fewest:
            raise refuse("missing", f"At least {self.fewest} {self.thing} must be here.", "Add one.")
        return super()._deserialize(value, *args, **kwargs)

    def json_schema(self) -> dict[str, Any]:
        sizes = {"maxItems": self.most} | ({"minItems": self.fewest} if self.fewest else {})
        return {"type": "array", "items": _field_schema(self.inner)} | sizes


class Part(fields.Nested):
    """An object inside an object."""

    default_error_messages = {"required": _MISSING, "null": _MISSING, "type": _SHAPE}  # noqa: RUF012 - marshmallow's way

    def json_schema(self) -> dict[str, Any]:
        return json_schema_of(self.schema)


def shape_problems(schema: Schema, data: object, *, field: str, node: str | None) -> list[Problem]:
    """What keeps `data` from having the shape; paths start at `field`."""
    return [
        error(fault.code, fault.message, node=node, field=_join(field, *path, fault.field) or None, fix=fault.fix)
        for path, fault in shape_faults(schema, data)
    ]


def shape_faults(schema: Schema, data: object) -> Iterator[tuple[tuple[str, ...], Fault]]:
    """(path inside the data, fault), in marshmallow's order."""
    yield from _flatten(schema.validate(data if isinstance(data, dict) else _NO_OBJECT), ())


def json_schema_of(schema: Schema) -> dict[str, Any]:
    """JSON Schema of an object with exactly these keys."""
    keys = {item.data_key or name: item for name, item in schema.fields.items()}
    required = [key for key, item in keys.items() if item.required]
    described: dict[str, Any] = {
        "type": "object",
        "properties": {key: _field_schema(item) for key, item in keys.items()},
    }
    if required:
        described["required"] = required
    return described | {"additionalProperties": False}


_NO_OBJECT: list[Any] = []  # marshmallow answers anything that is no mapping with its "type" error


def _field_schema(item: fields.Field[Any]) -> dict[str, Any]:
    assert isinstance(item, _Said | Items | Part), f"{item} has no JSON Schema"
    described = item.json_schema()
    if item.allow_none and described and described.get("type") != "null":
        described = {"anyOf": [described, {"type": "null"}]}
    label = item.metadata.get("title")
    return described | {"title": label} if label else described


def _flatten(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Fault]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flatten(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(messages, Iterable) and not isinstance(messages, str):
        for inner in messages:
            yield from _flatten(inner, path)
    else:
        yield path, messages if isinstance(messages, Fault) else _standard(str(messages), path)


def _standard(message: str, path: tuple[str, ...]) -> Fault:
    """marshmallow's own refusals, in our words."""
    name = next((key for key in reversed(path) if not key.isdigit()), "this")
    match message:
        case "missing":
            return Fault("missing", f"“{name}” is missing.", "Fill it in.")
        case "unknown":
            return Fault("unknown_key", f"“{name}” is not known here.", "Take it out, or mend its spelling.")
        case "not an object":
            return Fault("invalid_value", f"“{name}” must be an object.", "Write it as {…}.")
        case "not a list":
            return Fault("invalid_value", f"“{name}” must be a list.", "Write it as […].")
        case _:
            return Fault("invalid_value", f"“{name}” is not right: {message}", "Mend it.")


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)
