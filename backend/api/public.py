"""The public pages behind signed links: leaving a mailing, with one button.

Anybody who holds the message may open them; there is no login, no cookie, no script. A GET changes nothing, because
mail programs and scanners open every link; the button's POST does, and so does a mail program's own (RFC 8058).
/t/o/… and /t/c/… are kept for opens and clicks.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import select

from backend.api.parts import parts
from backend.api.public_page import POLICY, page
from backend.channels.links import UNSUBSCRIBE, Place, read_token
from backend.db.tables import contact, workspace
from backend.ingestion.contacts import withdraw

blueprint = Blueprint("public", __name__, url_prefix="/t")


@blueprint.after_request
def _bare(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/u/<token>")
def ask(token: str) -> Response:
    """The page with the button."""
    place = read_token(parts().secrets.purpose_key, UNSUBSCRIBE, token)
    if place is None:
        return _unknown()
    if _is_gone(place):
        return _done()
    text = f"You will get no more messages from {_sender()} at this address."
    return page("Unsubscribe?", text, button="Unsubscribe")


@blueprint.post("/u/<token>")
def leave(token: str) -> Response:
    """Unsubscribe; once or ten times is the same."""
    joined = parts()
    request.max_content_length = 10_000
    place = read_token(joined.secrets.purpose_key, UNSUBSCRIBE, token)
    if place is None:
        return _unknown()
    is_one_click = request.form.get("List-Unsubscribe") == "One-Click"
    detail = {"message": place.message_id, "agent": (request.user_agent.string or "")[:200]}
    with joined.db.write() as conn:
        source = "one_click" if is_one_click else "page"
        withdraw(conn, place.contact_id, source=source, detail=detail, now_ms=joined.now_ms())
    joined.wake()
    return _done()


def _is_gone(place: Place) -> bool:
    """Unsubscribed already, or deleted."""
    with parts().db.read() as conn:
        row = conn.execute(select(contact.c.unsubscribed).where(contact.c.id == place.contact_id)).one_or_none()
    return row is None or row.unsubscribed


def _sender() -> str:
    with parts().db.read() as conn:
        return conn.execute(select(workspace.c.name)).scalar() or "us"


def _done() -> Response:
    return page("You are unsubscribed", f"You will get no more messages from {_sender()} at this address.")


def _unknown() -> Response:
    text = "Please open the link in the message once more, or copy all of it into the address bar."
    return page("This link is not complete", text, status=404)
