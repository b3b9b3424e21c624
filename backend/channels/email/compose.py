"""What the reader sees: a text part, an HTML part where there is one, and always a way out of marketing mail."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from backend.core.message.mail import to_html, to_text, with_preheader
from backend.core.message.template import Rendered


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str | None


def compose(rendered: Rendered, *, unsubscribe_url: str | None, postal_address: str) -> Mail:
    """The parts of a mail. unsubscribe_url: None for transactional mail, which nobody can leave.

    A marketing body that holds no such link gets a footer with it and the postal address.
    Raises: TemplateProblem, when the body is MJML that cannot be turned into HTML.
    """
    html = to_html(rendered.body, rendered.format)
    text = to_text(rendered.body, rendered.format)
    if unsubscribe_url is not None and unsubscribe_url not in rendered.body:
        text = text.rstrip("\n") + _text_footer(unsubscribe_url, postal_address)
        html = html and _before_end(html, _html_footer(unsubscribe_url, postal_address))
    if html is not None:
        html = with_preheader(html, rendered.preheader)
    return Mail(rendered.subject, text, html)


def _text_footer(url: str, postal_address: str) -> str:
    lines = ["", "", "--", f"Unsubscribe: {url}", *postal_address.strip().splitlines()]
    return "\n".join(lines) + "\n"


def _html_footer(url: str, postal_address: str) -> str:
    address = "<br>".join(escape(line) for line in postal_address.strip().splitlines())
    style = (
        "margin:24px auto;padding:0 16px;max-width:600px;font:12px/1.6 Arial,sans-serif;color:#666;text-align:center"
    )
    link = f'<a href="{escape(url)}" style="color:#666">Unsubscribe</a>'
    return f'<div style="{style}">{link}{"<br>" + address if address else ""}</div>'


def _before_end(html: str, footer: str) -> str:
    """The footer at the end of the body, whatever follows."""
    at = html.lower().rfind("</body>")
    return html + footer if at < 0 else html[:at] + footer + html[at:]
