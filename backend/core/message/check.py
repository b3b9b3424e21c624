"""What is wrong with a message's content, as problems of its node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.message.format import format_of
from backend.core.message.mail import to_html
from backend.core.message.template import PARTS, TemplateProblem, compile_message, tokens, unknown_tokens
from backend.core.problem import Problem, error

UNSUBSCRIBE = "unsubscribe_url"


def content_problems(content: Mapping[str, Any], *, node: str, is_marketing: bool) -> list[Problem]:
    """Parts that can't be read, each by itself; warnings only for a message that can."""
    problems = [
        _error(fault, node)
        for name in PARTS
        for fault in _faults({name: content.get(name)})
        if isinstance(content.get(name), str)
    ]
    return problems or [*_unknown(content, node), *_without_way_out(content, node, is_marketing)]


def _faults(content: Mapping[str, Any]) -> list[TemplateProblem]:
    """MJML is tried with nothing filled in: what it can't hold then it never can.

    A message that can't even be made without values (it calculates with one) is no fault: it may well have them.
    """
    try:
        message = compile_message(content)
    except TemplateProblem as fault:
        return [fault]
    if message.format != "mjml":
        return []
    try:
        body = message.render({}).body
    except TemplateProblem:
        return []
    try:
        to_html(body, "mjml")
    except TemplateProblem as fault:
        return [fault]
    return []


def _error(fault: TemplateProblem, node: str) -> Problem:
    place = f"Line {fault.line}: " if fault.field == "body" and fault.line is not None else ""
    fix = "Mend it, or delete that part and type it again."
    return error("invalid_template", f"{place}{fault.sentence}", node=node, field=f"config.{fault.field}", fix=fix)


def _unknown(content: Mapping[str, Any], node: str) -> list[Problem]:
    return [
        Problem(
            "warning",
            "unknown_token",
            node,
            f"config.{name}",
            f"“{token}” is always empty.",
            f"Did you mean contact.{token} or event.{token}?",
        )
        for name in PARTS
        for token in sorted(unknown_tokens({name: content.get(name)}))
    ]


def _without_way_out(content: Mapping[str, Any], node: str, is_marketing: bool) -> list[Problem]:
    """People must be able to leave in the message itself, not only by their mail program's button."""
    body = content.get("body")
    if not is_marketing or not isinstance(body, str) or not body.strip() or UNSUBSCRIBE in tokens({"body": body}):
        return []
    example = (
        "{{ unsubscribe_url }}" if format_of(body) == "text" else '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
    )
    message = "This marketing message holds no link to unsubscribe."
    return [Problem("warning", "no_unsubscribe_link", node, "config.body", message, f"Put {example} at its end.")]
