"""One small page that needs nothing but itself: no script, no font, no picture, light and dark."""

from __future__ import annotations

import base64
from hashlib import sha256

from flask import Response
from markupsafe import escape

STYLE = """
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1f2328; --soft: #656d76; --line: #e4e2dc;
  --act: #2f5bd7; --on-act: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #131519; --card: #1c1f25; --ink: #eceef2; --soft: #9aa3ae;
  --line: #2c3038; --act: #86a4ff; --on-act: #10131a; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--ground);
  color: var(--ink); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 440px; padding: 40px 36px; background: var(--card); border: 1px solid var(--line);
  border-radius: 20px; box-shadow: 0 12px 40px rgb(0 0 0 / 6%); text-align: center; }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.3; letter-spacing: -0.01em; text-wrap: balance; }
p { margin: 0; color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere; }
form { margin: 28px 0 0; }
button { width: 100%; padding: 13px 20px; border: 0; border-radius: 12px; background: var(--act); color: var(--on-act);
  font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.07); }
button:focus-visible { outline: 3px solid var(--act); outline-offset: 3px; }
"""
_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(title: str, text: str, *, button: str | None = None, status: int = 200) -> Response:
    """The page; with a button that sends the page's own address a POST."""
    form = f'<form method="post"><button type="submit">{escape(button)}</button></form>' if button else ""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{form}</main></body></html>"
    )
    return Response(html, status=status, mimetype="text/html")
