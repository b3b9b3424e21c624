"""Journeys: the list, and the drafts that people edit."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, request
from flask.views import MethodView
from sqlalchemy import Connection, func, select, tuple_

from backend.api import paging
from backend.api.blueprint import Blueprint
from backend.api.errors import Refused
from backend.api.guard import who
from backend.api.parts import parts, wall_ms
from backend.api.schemas.journey import JourneyDraft, JourneyList, JourneyQuery, JourneyShown, NewJourney, Saved
from backend.authoring import drafts
from backend.authoring.drafts import Draft
from backend.core.journey import document
from backend.core.journey.kinds import family_of
from backend.db.tables import counter, journey, leg_send, version
from backend.db.types import iso
from backend.reports.flow import outcomes

blueprint = Blueprint("journeys", __name__, url_prefix="/api/journeys", description="Journeys and their drafts")


def shown(draft: Draft) -> dict[str, Any]:
    """A journey as its editor needs it."""
    return {
        "id": draft.id,
        "name": draft.name,
        "status": draft.status,
        "revision": draft.revision,
        "draft": draft.data,
        "version": {"number": draft.version, "published_at": iso(draft.published_at)} if draft.version else None,
        "has_changes": draft.has_changes,
        "updated_at": iso(draft.updated_at),
        "fault": draft.fault,
    }


def tell(journey_id: int) -> None:
    """Everybody's list and editor hear how the journey stands now."""
    with parts().db.read() as conn:
        draft = drafts.find(conn, journey_id)
    parts().announce("journey", {"id": draft.id, "status": draft.status, "revision": draft.revision})


def _thumbnail(data: dict[str, Any]) -> dict[str, Any]:
    nodes = data.get("nodes", [])
    index = {node["id"]: place for place, node in enumerate(nodes)}
    return {
        "nodes": [
            {
                "x": node.get("position", {}).get("x", 0),
                "y": node.get("position", {}).get("y", 0),
                "family": family_of(node["type"]) or "unknown",
            }
            for node in nodes
        ],
        "edges": [
            [index[edge["from"]], index[edge["to"]]]
            for edge in data.get("edges", [])
            if edge["from"] in index and edge["to"] in index
        ],
    }


def _messages(conn: Connection, ids: list[int]) -> dict[int, int]:
    """How many messages each journey has made: from the legs' counters, never by counting messages."""
    sends = (
        select(leg_send.c.version_id, leg_send.c.leg, func.count().label("n"))
        .group_by(leg_send.c.version_id, leg_send.c.leg)
        .subquery()
    )
    made = (
        select(version.c.journey_id, func.sum(counter.c.n * sends.c.n))
        .join_from(counter, sends, (sends.c.version_id == counter.c.version_id) & (sends.c.leg == counter.c.leg))
        .join(version, version.c.id == counter.c.version_id)
        .where(version.c.journey_id.in_(ids))
        .group_by(version.c.journey_id)
    )
    return {journey_id: int(n) for journey_id, n in conn.execute(made)}


def _item(draft: Draft, messages: int, people: dict[str, int]) -> dict[str, Any]:
    return {
        "id": draft.id,
        "name": draft.name,
        "status": draft.status,
        "messages": messages,
        "version": draft.version,
        "has_changes": draft.has_changes,
        "last_moved_at": iso(draft.last_moved_at),
        "updated_at": iso(draft.updated_at),
        "fault": draft.fault,
        "thumbnail": _thumbnail(draft.data),
        **{name: people.get(name, 0) for name in ("inside", "entered", "completed", "converted")},
    }


@blueprint.route("")
class JourneysView(MethodView):
    @blueprint.arguments(JourneyQuery, location="query")
    @blueprint.response(200, JourneyList)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Journeys, the last edited first."""
        limit = asked["limit"]
        wanted = drafts.DRAFT.order_by(journey.c.updated_at.desc(), journey.c.id.desc()).limit(limit + 1)
        if "status" in asked:
            wanted = wanted.where(journey.c.status == asked["status"])
        if asked.get("q"):
            wanted = wanted.where(func.lower(journey.c.name).contains(asked["q"].lower(), autoescape=True))
        after = paging.place(asked.get("after"), int, int)
        if after:
            wanted = wanted.where(tuple_(journey.c.updated_at, journey.c.id) < after)
        with parts().db.read() as conn:
            rows, following = paging.page(conn.execute(wanted).all(), limit, "updated_at", "id")
            found = [drafts.as_draft(row) for row in rows]
            ids = [draft.id for draft in found]
            messages, people = _messages(conn, ids), outcomes(conn, ids)
        items = [_item(draft, messages.get(draft.id, 0), people.get(draft.id, {})) for draft in found]
        return {"items": items, "next": following}

    @blueprint.arguments(NewJourney)
    @blueprint.response(201, JourneyShown)
    def post(self, data: dict[str, Any]) -> dict[str, Any]:
        """A new draft: from a journey's JSON, or an empty one from {} or {name}."""
        with parts().db.write() as conn:
            made = drafts.create(conn, data, wall_ms())
            draft = drafts.find(conn, made)
        tell(made)
        return shown(draft)


@blueprint.route("/<int:journey_id>")
class JourneyView(MethodView):
    @blueprint.response(200, JourneyShown)
    def get(self, journey_id: int) -> Any:
        """A journey with its draft; the ETag is the draft's revision."""
        with parts().db.read() as conn:
            draft = drafts.find(conn, journey_id)
        return shown(draft), {"ETag": f'"{draft.revision}"'}

    @blueprint.response(204)
    def delete(self, journey_id: int) -> None:
        """Delete a draft or a stopped journey."""
        with parts().db.write() as conn:
            drafts.remove(conn, journey_id)
        parts().announce("journey", {"id": journey_id, "status": "deleted", "revision": 0})


_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?\Z')


def _expected_revision() -> int:
    """The revision the editor started from, out of If-Match."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Refused(428, 'Send the revision you started from as If-Match: "<revision>".')
    match = _TAG.match(given)
    if match is None:
        raise Refused(400, f"If-Match holds {given[:40]!r}, which is not a revision.")
    return int(match[1])


@blueprint.route("/<int:journey_id>/draft")
class DraftView(MethodView):
    @blueprint.arguments(JourneyDraft)
    @blueprint.response(200, Saved)
    @blueprint.alt_response(412, description="Somebody saved meanwhile; `current` holds their draft.")
    @blueprint.alt_response(428, description="If-Match is missing.")
    def put(self, data: dict[str, Any], journey_id: int) -> Any:
        """Save the draft, incomplete as it may be, unless somebody else saved since (If-Match)."""
        revision = _expected_revision()
        now = wall_ms()
        with parts().db.write() as conn:
            saved = drafts.save(conn, journey_id, data, revision, now)
            draft = drafts.find(conn, journey_id)
        if saved != revision:
            parts().announce(
                "journey", {"id": journey_id, "status": draft.status, "revision": saved, "by": who().label}
            )
        return {"revision": saved, "updated_at": iso(draft.updated_at)}, {"ETag": f'"{saved}"'}


@blueprint.route("/<int:journey_id>/duplicate")
class DuplicateView(MethodView):
    @blueprint.response(201, JourneyShown)
    def post(self, journey_id: int) -> dict[str, Any]:
        """A new draft with the same drawing."""
        with parts().db.write() as conn:
            made = drafts.duplicate(conn, journey_id, wall_ms())
            draft = drafts.find(conn, made)
        tell(made)
        return shown(draft)


@blueprint.route("/<int:journey_id>/export")
class ExportView(MethodView):
    @blueprint.response(200, JourneyDraft)
    def get(self, journey_id: int) -> Any:
        """The draft as a file: same graph, same bytes."""
        with parts().db.read() as conn:
            draft = drafts.find(conn, journey_id)
        name = re.sub(r"[^a-z0-9]+", "-", draft.name.lower()).strip("-")[:60] or "journey"
        return as_file(document.canonical(draft.data), f"{name}.json")


def as_file(text: str, name: str) -> Any:
    """A JSON text as a download."""
    response = current_app.response_class(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
