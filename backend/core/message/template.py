"""A message's template, from the author's text to the rendered message of one contact.

Rendering happens in the process that sends, without a child process around it; what keeps it harmless is that the gate
(gate.py) lets nothing through that could reach Python or grow unseen, that every value a template makes is charged to a
budget before or as it is made (problem.Budget: 4 million characters, 100,000 loop steps), and that output is counted
while it is written and cut off at 1 MB. The worst a template can do is use up its budget, a fraction of a second.

Tokens: `contact` (fields and built-ins), `event` (properties of the triggering event), `unsubscribe_url`, `workspace`.
Source: semantics.md "Sending" and "Fine print", reliability-security.md 4.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from traceback import walk_tb
from typing import Any

from jinja2 import Template, UndefinedError, nodes

from backend.core.message.filters import BUDGET
from backend.core.message.format import Format, format_of
from backend.core.message.language import compile_source, parse_source
from backend.core.message.problem import Budget, Stopped, TemplateProblem

__all__ = ["CompiledMessage", "Rendered", "TemplateProblem", "compile_message", "tokens", "unknown_tokens"]

OUTPUT_MAX = 1_000_000
PARTS = ("subject", "preheader", "body")
ROOTS = ("contact", "event", "unsubscribe_url", "workspace")

_BREAKS = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")  # whatever a mail header would take for a line's end


@dataclass(frozen=True)
class Rendered:
    """One contact's message. body: as written, before MJML is turned into HTML; format: which of the three it is."""

    subject: str
    body: str
    preheader: str = ""
    format: Format = "text"


@dataclass(frozen=True)
class CompiledMessage:
    """A message's parts, ready to be rendered by any thread, any number of times."""

    subject: Template
    preheader: Template
    body: Template
    format: Format

    def render(self, context: Mapping[str, Any]) -> Rendered:
        """The message for a context of plain data. TemplateProblem when it can't be made for this contact."""
        budget = Budget()
        parts = {name: _render(name, getattr(self, name), context, budget) for name in PARTS}
        subject, preheader = (_BREAKS.sub(" ", parts[name]) for name in ("subject", "preheader"))
        return Rendered(subject, parts["body"], preheader, self.format)


def compile_message(content: Mapping[str, Any]) -> CompiledMessage:
    """Read the subject, body and preheader of a send node's config; TemplateProblem names the part and the line."""
    body = _part(content, "body")
    written = format_of(body)
    return CompiledMessage(
        subject=_compiled("subject", _part(content, "subject"), False),
        preheader=_compiled("preheader", _part(content, "preheader"), False),
        body=_compiled("body", body, written != "text"),
        format=written,
    )


def tokens(content: Mapping[str, Any]) -> frozenset[str]:
    """The values a message asks for, with dots ("contact.first_name", "unsubscribe_url"). TemplateProblem as above."""
    return frozenset(".".join(path) for name in PARTS for path in _paths(name, _part(content, name)))


def unknown_tokens(content: Mapping[str, Any]) -> frozenset[str]:
    """Those of the tokens that no message ever has a value for, since they begin with none of ROOTS."""
    unknown = set()
    for name in PARTS:
        tree = parse_source(_part(content, name), field=name)
        own = {found.name for found in tree.find_all(nodes.Name) if found.ctx in ("store", "param")}
        known = own | {*ROOTS, "loop", "range"}
        unknown |= {".".join(path) for path in _paths(name, _part(content, name)) if path[0] not in known}
    return frozenset(unknown)


@lru_cache(maxsize=256)
def _compiled(name: str, source: str, is_markup: bool) -> Template:
    """Kept, because a message is checked again and again while its journey is drawn."""
    return compile_source(source, field=name, is_markup=is_markup)


def _part(content: Mapping[str, Any], name: str) -> str:
    part = content.get(name)
    return part if isinstance(part, str) else ""


def _render(name: str, template: Template, context: Mapping[str, Any], budget: Budget) -> str:
    values = {root: context.get(root) for root in ROOTS} | {BUDGET: budget}
    pieces: list[str] = []
    size = 0
    try:
        for piece in template.root_render_func(template.new_context(values, shared=True)):
            size += len(piece)
            if size > OUTPUT_MAX:
                raise Stopped(f"This makes more than {OUTPUT_MAX // 1_000_000} MB of text.")
            pieces.append(piece)
    except Exception as fault:  # whatever goes wrong, it is this message's own failure
        raise TemplateProblem(name, _line(template, fault), _said(fault)) from fault
    return "".join(pieces)


def _line(template: Template, fault: Exception) -> int | None:
    """The template's line the generated code was at."""
    code = template.root_render_func.__globals__
    lines = [line for frame, line in walk_tb(fault.__traceback__) if frame.f_globals is code]
    return template.get_corresponding_lineno(lines[-1]) if lines else None


def _said(fault: Exception) -> str:
    if isinstance(fault, Stopped):
        return str(fault)
    if isinstance(fault, ZeroDivisionError):
        return "This divides by zero."
    if isinstance(fault, UndefinedError):
        return "A value this needs is missing."
    if isinstance(fault, TypeError | ValueError | OverflowError):
        return "A value here is of the wrong kind for what is done with it."
    return f"This could not be filled in ({type(fault).__name__})."


def _paths(name: str, source: str) -> Iterator[tuple[str, ...]]:
    """Every chain of names from its root, `contact.address.city` once as a whole."""
    tree = parse_source(source, field=name)
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        path = _path(node)
        if path is not None:
            yield path
        elif not isinstance(node, nodes.Name):
            waiting.extend(node.iter_child_nodes())


def _path(node: nodes.Node) -> tuple[str, ...] | None:
    """The names of a chain, or None when it doesn't start at a token."""
    match node:
        case nodes.Name(ctx="load"):
            return (node.name,)
        case nodes.Getattr():
            before = _path(node.node)
            return None if before is None else (*before, node.attr)
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            before = _path(node.node)
            return None if before is None else (*before, key)
    return None
