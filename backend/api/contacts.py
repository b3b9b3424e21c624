"""Contacts: find, store, change, erase, and bring in by file."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import threading
from typing import IO, Any

from flask import request
from flask.views import MethodView
from sqlalchemy import select

from backend.api.blueprint import Blueprint
from backend.api.errors import Refused, invalid, not_found
from backend.api.paging import cursor, place
from backend.api.parts import Parts, parts
from backend.api.schemas.common import Page
from backend.api.schemas.contacts import (
    ContactGiven,
    ContactList,
    ContactQuery,
    ContactWhole,
    PreviewShown,
    Timeline,
)
from backend.api.tasks import TaskShown
from backend.db.tables import contact, task
from backend.engine import leave
from backend.ingestion import contacts, csv_import, reading
from backend.ingestion.csv_columns import BadMapping, checked
from backend.ingestion.csv_read import BadFile, sniff
from backend.reports.timeline import timeline
from backend.reports.whereabouts import whereabouts

log = logging.getLogger("sojourn.api")

blueprint = Blueprint("contacts", __name__, url_prefix="/api/contacts", description="People we may write to")

_importing = threading.Lock()
_CURSOR = re.compile(r"[0-9]{1,15}-[0-9]{1,9}\Z")  # of a timeline: an instant, and how many of it were shown


def _found(contact_id: int) -> dict[str, Any]:
    with parts().db.read() as conn:
        shown = reading.one(conn, contact_id)
        if shown is None:
            raise not_found("contact")
        return {**shown, "now": whereabouts(conn, contact_id)}


@blueprint.route("")
class ContactsView(MethodView):
    @blueprint.arguments(ContactQuery, location="query")
    @blueprint.response(200, ContactList)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The newest first; `q` looks into user_id, e-mail address, phone, first_name, last_name, name and company."""
        after = place(asked.get("after"), int)
        with parts().db.read() as conn:
            found = reading.search(conn, asked["q"], before_id=after[0] if after else None, limit=asked["limit"] + 1)
            total = reading.count(conn, asked["q"])
        items = found[: asked["limit"]]
        return {"items": items, "next": cursor(items[-1]["id"]) if len(found) > len(items) else None, "total": total}

    @blueprint.arguments(ContactGiven)
    @blueprint.response(200, ContactWhole)
    @blueprint.alt_response(201, schema=ContactWhole, description="The contact is new.")
    @blueprint.alt_response(409, description="Several contacts have this e-mail address.")
    def post(self, given: dict[str, Any]) -> Any:
        """Store a contact: the one with this user_id, else the only one with this e-mail address, else a new one."""
        joined = parts()
        try:
            with joined.db.write() as conn:
                contact_id, is_new = contacts.put(conn, given, joined.now_ms())
        except contacts.AmbiguousEmail as error:
            raise _conflict("email", error) from None
        except contacts.Nameless:
            raise invalid("email", "Give a user_id or an e-mail address.") from None
        joined.wake()
        return _found(contact_id), 201 if is_new else 200


@blueprint.route("/<int:contact_id>")
class ContactView(MethodView):
    @blueprint.response(200, ContactWhole)
    def get(self, contact_id: int) -> dict[str, Any]:
        """One contact, and where they are now."""
        return _found(contact_id)

    @blueprint.arguments(ContactGiven)
    @blueprint.response(200, ContactWhole)
    @blueprint.alt_response(409, description="Another contact has this user_id.")
    def patch(self, given: dict[str, Any], contact_id: int) -> dict[str, Any]:
        """Change what is named; null removes, `tags` replaces."""
        joined = parts()
        try:
            with joined.db.write() as conn:
                is_there = contacts.change(conn, contact_id, given, joined.now_ms())
        except contacts.TakenUserId as error:
            raise _conflict("user_id", error) from None
        if not is_there:
            raise not_found("contact")
        joined.wake()
        return _found(contact_id)

    @blueprint.response(204)
    def delete(self, contact_id: int) -> None:
        """Erase a contact. Their passages end as exited; counts and history stay, without a name."""
        joined = parts()
        with joined.db.write() as conn:
            if conn.execute(select(contact.c.id).where(contact.c.id == contact_id)).first() is None:
                raise not_found("contact")
            leave.remove_contact(conn, contact_id, joined.now_ms())
            contacts.erase(conn, contact_id)
        joined.wake()


@blueprint.route("/<int:contact_id>/timeline")
class TimelineView(MethodView):
    @blueprint.arguments(Page, location="query")
    @blueprint.response(200, Timeline)
    def get(self, asked: dict[str, Any], contact_id: int) -> dict[str, Any]:
        """What this contact did and what we did, newest first."""
        _found(contact_id)
        after = asked.get("after")
        if after is not None and not _CURSOR.match(after):
            raise invalid("after", "This is not a cursor that a list gave.")
        with parts().db.read() as conn:
            return timeline(conn, contact_id, after=after, limit=asked["limit"])


@blueprint.route("/import/preview")
class PreviewView(MethodView):
    @blueprint.response(200, PreviewShown)
    @blueprint.alt_response(422, description="The file cannot be read; `detail` says where.")
    def post(self) -> dict[str, Any]:
        """What is in a CSV file (multipart field `file`), and where each column would go. Nothing is stored."""
        with _uploaded() as file:
            try:
                return csv_import.preview(file)
            except BadFile as error:
                raise invalid("file", str(error)) from None


@blueprint.route("/import")
class ImportView(MethodView):
    @blueprint.response(202, TaskShown)
    @blueprint.alt_response(409, description="Another import is still running.")
    @blueprint.alt_response(422, description="The file or the mapping cannot be used; `detail` says where.")
    def post(self) -> dict[str, Any]:
        """Import a CSV file. Multipart: `file`, `mapping` (JSON: column → field, null leaves it out), `dry_run`.

        The task's report lists the rows that were rejected, each with its number, field and reason.
        """
        mapping = _mapping(request.form.get("mapping"))
        is_dry = request.form.get("dry_run", "").lower() in ("1", "true", "yes")
        file = _uploaded()
        try:
            checked(mapping, sniff(file).columns)
        except (BadFile, BadMapping) as error:
            file.close()
            named = isinstance(error, BadMapping) and error.column
            raise invalid(f"mapping.{named}" if named else "file", str(error)) from None
        if not _importing.acquire(blocking=False):
            file.close()
            raise Refused(409, "Another import is still running. Wait until it is done.")
        joined = parts()
        task_id = csv_import.start(joined.db, joined.now_ms())
        threading.Thread(target=_import, args=(joined, file, mapping, task_id, is_dry), daemon=True).start()
        with joined.db.read() as conn:
            return dict(conn.execute(select(task).where(task.c.id == task_id)).mappings().one())


def _import(joined: Parts, file: IO[bytes], mapping: dict[str, str | None] | None, task_id: int, is_dry: bool) -> None:
    """The work itself, in a thread of its own."""

    def progress(document: dict[str, Any]) -> None:
        joined.announce("import", document)
        joined.announce("task", document)
        joined.wake()

    try:
        with file:
            now_ms = joined.now_ms()
            csv_import.import_csv(joined.db, file, mapping, task_id, now_ms, progress, is_dry=is_dry)
    except Exception:
        log.exception("import %d ended early", task_id)
    finally:
        _importing.release()


def _uploaded() -> IO[bytes]:
    """The file of the request, in one of our own that outlives it."""
    given = request.files.get("file")
    if given is None:
        raise invalid("file", "Send the file in the multipart field “file”.")
    file = tempfile.TemporaryFile(prefix="sojourn-import-")  # noqa: SIM115 — whoever called closes it
    shutil.copyfileobj(given.stream, file)
    file.seek(0)
    return file


def _mapping(text: str | None) -> dict[str, str | None] | None:
    if not text:
        return None
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid("mapping", "This is not JSON.") from None
    is_map = isinstance(mapping, dict) and all(value is None or isinstance(value, str) for value in mapping.values())
    if not is_map:
        raise invalid("mapping", "Must be a JSON object: column → field, or null to leave the column out.")
    named: dict[str, str | None] = mapping
    return named


def _conflict(field: str, error: Exception) -> Refused:
    detail = str(error) or str(type(error).__doc__)
    return Refused(409, detail, errors=[{"field": field, "message": detail}])
