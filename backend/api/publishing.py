"""A journey's switches: check, publish, pause, resume, stop, enroll, and its versions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from flask.views import MethodView
from sqlalchemy import ColumnElement, Connection, Row, func, select

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, not_found
from backend.api.guard import who
from backend.api.journeys import tell
from backend.api.parts import parts, wall_ms
from backend.api.schemas.journey import (
    Enroll,
    Enrolled,
    Problems,
    PublishedShown,
    Switched,
    VersionList,
    VersionShown,
)
from backend.authoring import drafts
from backend.authoring import publish as publishing
from backend.core.journey.check import check
from backend.db.tables import contact, leg, version
from backend.db.types import iso
from backend.engine.tick import Moved
from backend.ingestion.people import email_key
from backend.reports.flow import flow

blueprint = Blueprint("publishing", __name__, url_prefix="/api/journeys", description="A journey's switches")


@blueprint.route("/<int:journey_id>/check")
class CheckView(MethodView):
    @blueprint.response(200, Problems)
    def post(self, journey_id: int) -> dict[str, Any]:
        """Everything that is wrong with the draft, at once."""
        with parts().db.read() as conn:
            draft = drafts.find(conn, journey_id)
        _, problems = check(draft.data)
        return {"problems": [problem.as_dict() for problem in problems]}


@blueprint.route("/<int:journey_id>/publish")
class PublishView(MethodView):
    @blueprint.response(200, PublishedShown)
    @blueprint.alt_response(422, description="The draft has errors; `problems` lists them.")
    def post(self, journey_id: int) -> dict[str, Any]:
        """Freeze the draft as the next version and let people in."""
        answer = publishing.publish(parts().db, journey_id, who().label, wall_ms())
        if isinstance(answer, publishing.Refused):
            problems = [problem.as_dict() for problem in answer.problems]
            errors = [problem for problem in problems if problem["severity"] == "error"]
            raise Refused(422, _count(len(errors)), problems=problems)
        parts().wake()
        tell(journey_id)
        return {"version": answer.number, "published_at": iso(answer.published_at)}


def _count(errors: int) -> str:
    thing = "One thing has" if errors == 1 else f"{errors} things have"
    return f"{thing} to be mended before this journey can be published."


def _inside(conn: Connection, journey_id: int) -> int:
    inside: int = flow(conn, journey_id, at_ms=parts().now_ms())["outcomes"]["inside"]
    return inside


def _switched(journey_id: int, people: int | None = None) -> dict[str, Any]:
    """Wake the clock, tell the browsers, and answer how many people it concerns."""
    parts().wake()
    tell(journey_id)
    with parts().db.read() as conn:
        status = drafts.find(conn, journey_id).status
        return {"status": status, "people": _inside(conn, journey_id) if people is None else people}


@blueprint.route("/<int:journey_id>/pause")
class PauseView(MethodView):
    @blueprint.response(200, Switched)
    def post(self, journey_id: int) -> dict[str, Any]:
        """Hold everybody where they are; nobody enters."""
        publishing.pause(parts().db, journey_id)
        return _switched(journey_id)


@blueprint.route("/<int:journey_id>/resume")
class ResumeView(MethodView):
    @blueprint.response(200, Switched)
    def post(self, journey_id: int) -> dict[str, Any]:
        """Let everybody go on."""
        publishing.resume(parts().db, journey_id)
        return _switched(journey_id)


@blueprint.route("/<int:journey_id>/stop")
class StopView(MethodView):
    @blueprint.response(200, Switched)
    def post(self, journey_id: int) -> dict[str, Any]:
        """End the journey for everybody inside; what was not sent yet is skipped."""
        people = publishing.stop(parts().db, journey_id, parts().now_ms())
        return _switched(journey_id, people)


def _contact_ids(conn: Connection, named: list[int | dict[str, str]]) -> list[int]:
    """The ids of those that can be told: an address that several contacts have names none of them."""
    by_id = {one for one in named if isinstance(one, int)}
    by_user = {one["user_id"] for one in named if isinstance(one, dict) and "user_id" in one}
    by_email = {email_key(one["email"]) for one in named if isinstance(one, dict) and "email" in one}
    found = {row.id for row in _among(conn, contact.c.id, by_id)}
    found |= {row.id for row in _among(conn, contact.c.user_id, by_user)}
    addressed: dict[str, list[int]] = {}
    for row in _among(conn, contact.c.email_key, by_email):
        addressed.setdefault(row.key, []).append(row.id)
    return sorted(found | {ids[0] for ids in addressed.values() if len(ids) == 1})


def _among(conn: Connection, column: ColumnElement[Any], values: Collection[Any]) -> Iterator[Row[Any, Any]]:
    """(id, key) of the contacts whose column has one of the values; a statement per 1,000."""
    wanted = list(values)
    for start in range(0, len(wanted), 1_000):
        part = column.in_(wanted[start : start + 1_000])
        yield from conn.execute(select(contact.c.id, column.label("key")).where(part))


def _entries(conn: Connection, moved: Moved) -> int:
    """How many passages began: the moves along legs that lead in."""
    along = {version_id: legs for versions in moved.journeys.values() for version_id, legs in versions.items()}
    entries = select(leg.c.version_id, leg.c.leg).where(leg.c.version_id.in_(along), leg.c.is_entry.is_(True))
    return sum(along[row.version_id].get(row.leg, 0) for row in conn.execute(entries))


@blueprint.route("/<int:journey_id>/enroll")
class EnrollView(MethodView):
    @blueprint.arguments(Enroll)
    @blueprint.response(200, Enrolled)
    def post(self, given: dict[str, Any], journey_id: int) -> dict[str, Any]:
        """Let contacts in by hand, through the journey's manual trigger. Its re-entry rule may refuse some."""
        db = parts().db
        ids: list[int] | None = None
        asked = 0
        with db.read() as conn:
            draft = drafts.find(conn, journey_id)
            _refuse_unless_open(conn, draft)
            if "contacts" in given:
                asked = len(given["contacts"])
                ids = _contact_ids(conn, given["contacts"])
            else:
                asked = conn.execute(select(func.count()).select_from(contact)).scalar_one()
        moved = parts().engine.enroll(journey_id, ids, parts().now_ms())
        parts().tell_moved(moved)
        parts().wake()
        with db.read() as conn:
            enrolled = _entries(conn, moved)
        return {"enrolled": enrolled, "refused": max(asked - enrolled, 0)}


def _refuse_unless_open(conn: Connection, draft: drafts.Draft) -> None:
    if draft.status != "live" or draft.published is None:
        raise Refused(409, f"{draft.name} is {draft.status}; only a live journey lets people in.")
    if not any(node["type"] == "trigger.manual" for node in json.loads(draft.published)["nodes"]):
        raise Refused(409, f"{draft.name} has no manual trigger, so nobody can be enrolled by hand.")


@blueprint.route("/<int:journey_id>/versions")
class VersionsView(MethodView):
    @blueprint.response(200, VersionList)
    def get(self, journey_id: int) -> dict[str, Any]:
        """What was published, newest first."""
        wanted = (
            select(version.c.number, version.c.published_at, version.c.published_by)
            .where(version.c.journey_id == journey_id)
            .order_by(version.c.number.desc())
        )
        with parts().db.read() as conn:
            drafts.find(conn, journey_id)
            rows = conn.execute(wanted).all()
        items = [
            {"number": row.number, "published_at": iso(row.published_at), "published_by": row.published_by}
            for row in rows
        ]
        return {"items": items, "next": None}


@blueprint.route("/<int:journey_id>/versions/<int:number>")
class VersionView(MethodView):
    @blueprint.response(200, VersionShown)
    def get(self, journey_id: int, number: int) -> dict[str, Any]:
        """A version's document, as it was published."""
        wanted = select(version.c.document).where(version.c.journey_id == journey_id, version.c.number == number)
        with parts().db.read() as conn:
            text = conn.execute(wanted).scalar_one_or_none()
        if text is None:
            raise not_found("version")
        return {"number": number, "document": json.loads(text)}
