"""The browser's part: one page for every address that is not a door, and the built files it loads."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, send_from_directory
from werkzeug.exceptions import NotFound

blueprint = Blueprint("pages", __name__)

BUILT = Path(__file__).resolve().parents[2] / "static" / "app"
DOORS = ("api", "v1", "t", "static", "socket.io", "healthz", "readyz", "metrics")
FOREVER = "public, max-age=31536000, immutable"

_UNBUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sojourn</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}code{background:#8882;
padding:.15em .4em;border-radius:4px}</style></head>
<body><h1>The server runs; its pages are not built yet</h1>
<p>Run <code>make setup</code> in the project's folder (or <code>npm ci &amp;&amp; npm run build</code> in
<code>frontend/</code>), then load this page again.</p></body></html>
"""


def _built() -> Path:
    return Path(current_app.config.get("SOJOURN_BUILT", BUILT))


@blueprint.get("/static/app/<path:name>")
def asset(name: str) -> Response:
    """A built file. Those in assets/ carry their hash in their name, so browsers keep them for good."""
    response = send_from_directory(_built(), name)
    response.headers["Cache-Control"] = FOREVER if name.startswith("assets/") else "no-cache"
    return response


@blueprint.get("/")
@blueprint.get("/<path:address>")
def page(address: str = "") -> Response:
    """The app; it reads the address itself. An unknown address below a door is a 404, not a page."""
    if address.split("/", 1)[0] in DOORS:
        raise NotFound
    index = _built() / "index.html"
    if not index.is_file():
        return make_response(_UNBUILT, 503)
    response = send_from_directory(index.parent, index.name)
    response.headers["Cache-Control"] = "no-cache"
    return response
