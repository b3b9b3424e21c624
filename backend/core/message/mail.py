"""What a mail program shows: MJML turned into HTML, and a text part for those who read text.

Source: semantics.md "Sending"; MJML by `mrml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser

import mrml

from backend.core.message.format import Format, format_of
from backend.core.message.problem import TemplateProblem

DEPTH_MAX = 100
"""Levels of elements in MJML: its reader works by recursion outside Python, where too deep ends the whole process."""

_TAG = re.compile(r"<(/?)([^\s<>/!?]+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<(?![/!?])")
# mrml knows the elements without an end by their lower-case names only.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)  # fmt: skip
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript"))
_OWN_LINE = frozenset((
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_BODILESS = re.compile(r"(<mjml\b[^>]*>)(.*)(</mjml>)\Z", re.DOTALL)
_POSITION = re.compile(r" at position (\d+)")


def to_html(body: str, format: Format | None = None) -> str | None:
    """The HTML of a rendered body, None for plain text; TemplateProblem when its MJML is none.

    format: as `Rendered.format` says. Without it the body itself decides, so a plain text that begins with what a
    contact wrote could pass for HTML.
    """
    match format or format_of(body):
        case "mjml":
            return _from_mjml(body.strip())
        case "html":
            return body
        case "text":
            return None


def to_text(body: str, format: Format | None = None) -> str:
    """The text part: a plain body as it is, else the words of the HTML, with links as `text (url)`."""
    html = to_html(body, format)
    if html is None:
        return body
    reader = _Words()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # the standard library's answer to a declaration it doesn't know
        return _tidy(re.sub(r"<[^>]*>", " ", html))
    return _tidy("".join(reader.words))


def with_preheader(html: str, preheader: str) -> str:
    """The HTML with the line that mail programs show beside the subject, unseen at the start of the body."""
    if not preheader.strip():
        return html
    hidden = f'<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{escape(preheader)}</div>'
    body = _BODY.search(html)
    at = body.end() if body else 0
    return html[:at] + hidden + html[at:]


def _from_mjml(body: str) -> str:
    if (line := _too_deep(body)) is not None:
        raise TemplateProblem("body", line, f"Elements are nested deeper than {DEPTH_MAX} levels.")
    try:
        return mrml.to_html(_with_body(body), mrml.ParserOptions(include_loader=mrml.noop_loader())).content
    except OSError as fault:
        raise _problem(str(fault), body) from None


def _with_body(mjml: str) -> str:
    """MJML whose author left the frame out gets one, on the same line: <mj-body>, and a column when it is mere text."""
    whole = _BODILESS.match(mjml)
    if whole is None or "<mj-body" in mjml or "<mj-head" in mjml:
        return mjml
    opening, inner, closing = whole.groups()
    if "<mj-" not in inner:
        inner = f"<mj-section><mj-column><mj-text>{inner}</mj-text></mj-column></mj-section>"
    return f"{opening}<mj-body>{inner}</mj-body>{closing}"


def _too_deep(body: str) -> int | None:
    """The line where elements are nested too deeply. What is no proper tag is counted as one that opens."""
    depth = 0
    for tag in _TAG.finditer(body):
        closing, name, rest = tag.groups()
        if name is not None and (name in _VOID or rest.endswith("/")):
            continue
        depth += -1 if closing else 1
        if depth > DEPTH_MAX:
            return body.count("\n", 0, tag.start()) + 1
    return None


def _problem(message: str, body: str) -> TemplateProblem:
    """mrml's complaint with its byte offset as a line."""
    place = _POSITION.search(message)
    line = None if place is None else _line_of(body.encode(), int(place[1]))
    said = message.split(" in root template")[0].strip() or "it can't be read"
    if said == "unexpected end of stream":
        said = "an element is not closed, or closed in the wrong place"
    elif said.startswith("unable to load included template"):
        said = "<mj-include> can't be used, because a message stands alone"
    elif said == "unable to parse next template":
        said = "something that begins with “<” is no element; write &lt; for the sign itself"
    return TemplateProblem("body", line, f"This is no MJML we can read: {said}.")


def _line_of(text: bytes, offset: int) -> int:
    """The line of the first thing at or after the offset that can be seen."""
    before = len(text) - len(text[offset:].lstrip())
    return text.count(b"\n", 0, before) + 1


class _Words(HTMLParser):
    """Collects what a reader of the HTML would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[tuple[str, int]] = []
        self.silent: list[str] = []  # open elements whose content is not shown, with what is inside them

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if self.silent or tag in _SILENT or _HIDDEN.search(named.get("style", "")):
            if tag not in _VOID:
                self.silent.append(tag)
            return
        if tag in _OWN_LINE:
            self.words.append("\n")
        if tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6"):
            self.words.append("\n")
        if tag == "li":
            self.words.append("- ")
        elif tag == "td":
            self.words.append(" ")
        elif tag == "img" and named.get("alt"):
            self.words.append(named["alt"])
        elif tag == "a":
            self.links.append((named.get("href", ""), len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag in self.silent:
                while self.silent.pop() != tag:
                    pass
            return
        if tag == "a" and self.links:
            self.words.extend(self._target(*self.links.pop()))
        elif tag in _OWN_LINE and tag != "br":
            self.words.append("\n")

    def _target(self, url: str, start: int) -> Iterator[str]:
        said = "".join(self.words[start:]).strip()
        if url and not url.startswith("#") and url != said:
            yield f" ({url})" if said else url

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"\s+", " ", data))


def _tidy(text: str) -> str:
    """Single spaces, and at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
