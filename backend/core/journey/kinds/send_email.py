"""Writes one e-mail to each person who comes by."""

from __future__ import annotations

from email.utils import getaddresses
from typing import Any, ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Kind
from backend.core.journey.ops import Send
from backend.core.journey.shape import Choice, Shape, Text
from backend.core.message.check import content_problems
from backend.core.problem import Problem, error

SUBJECT_MAX = 1_000
BODY_MAX = 500_000


class _Config(Shape):
    subject = Text(longest=SUBJECT_MAX, required=True, missing="The message has no subject yet.", fix="Write one.")
    body = Text(longest=BODY_MAX, required=True, missing="The message has no text yet.", fix="Write it.")
    preheader = Text(longest=SUBJECT_MAX, blank=True, allow_none=True)
    sender = Text(longest=320, blank=True, allow_none=True, data_key="from")
    purpose = Choice("marketing", "transactional", allow_none=True)


class SendEmail(Kind):
    name = "send.email"
    family = "send"
    title = "Send an e-mail"
    help = "Sends each person one e-mail and goes on at once."
    schema: ClassVar[Schema] = _Config()

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        return content_problems(node.config, node=node.id, is_marketing=is_marketing(node)) + _wrong_sender(node)

    def lower(self, node: Node, graph: Graph) -> Send:
        content: dict[str, Any] = {key: value for key, value in node.config.items() if value is not None}
        return Send("email", "marketing" if is_marketing(node) else "transactional", content)


def is_marketing(node: Node) -> bool:
    return node.config.get("purpose") != "transactional"


def _wrong_sender(node: Node) -> list[Problem]:
    sender = node.config.get("from")
    if not isinstance(sender, str) or not sender or _is_sender(sender):
        return []
    message = f"“{sender[:60]}” is no sender people could answer."
    fix = "Write an address like Ada <ada@example.org>, or leave it empty to use the one from the settings."
    return [error("invalid_address", message, node=node.id, field="config.from", fix=fix)]


def _is_sender(text: str) -> bool:
    """One address, with or without a name before it, on one line."""
    return text.isprintable() and len(found := getaddresses([text])) == 1 and is_address(found[0][1])


def is_address(text: str) -> bool:
    """Looks like an e-mail address: one @ between a name and a domain, no spaces or line breaks."""
    name, at, domain = text.rpartition("@")
    return bool(name and at and domain) and "@" not in name and not any(letter.isspace() for letter in text)


KIND = SendEmail()
