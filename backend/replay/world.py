"""The world of a replay: messages leave at their own instant and arrive, contacts change when the events say so.

The engine may take months of events at once, each contact at a pace of its own. So before it looks at something of a
contact at an instant, the messages of that contact that left earlier are settled here, as a live sender would have.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, bindparam, case, delete, func, or_, select, update

from backend.compiler.plan import Plan, guards_of
from backend.core import events
from backend.core.journey.ops import Tag, Update
from backend.core.message.template import CompiledMessage, TemplateProblem, compile_message
from backend.core.segment.reads import reads
from backend.core.segment.rule import BUILT_IN_FIELDS
from backend.db import tables as t
from backend.engine.staging import inbox

OPENED, CLICKED = "Email Opened", "Email Clicked"
# Aliases, so that choosing messages is a query of its own inside the one that reads them.
_m, _e = t.message.alias("leaving"), t.enrollment.alias("moving")
_CHANGEABLE = ("email", "phone", "timezone", "unsubscribed")


class ReplayWorld:
    """See engine.lane.World. needs_order: messages have to be settled in step with the passages, because something
    depends on them or they depend on fields that change; otherwise all are settled at the end."""

    is_time_kept = True

    def __init__(self, journey_id: int, plan: Plan, *, has_identify: bool) -> None:
        self.journey_id = journey_id
        reads_messages = any(reads(guard.rule).messages for rest in plan.rests for guard in _guards(rest)) or any(
            reads(guard.rule).messages for entry in plan.entries for guard in guards_of(entry.pick)
        )
        if plan.exit is not None:
            reads_messages |= bool(reads(plan.exit).messages)
        changes = has_identify or any(
            isinstance(effect.op, Update | Tag) for leg in plan.legs for effect in leg.effects
        )
        self.needs_order = reads_messages or changes
        self.marks = reads_messages
        self.event_names = frozenset(
            ({events.IDENTIFY} if has_identify else set()) | ({OPENED, CLICKED} if reads_messages else set())
        )
        self._templates: dict[str, CompiledMessage | TemplateProblem] = {}
        for node, send in plan.sends().items():
            try:
                self._templates[node] = compile_message(send.content)
            except TemplateProblem as problem:
                self._templates[node] = problem

    # --- what the engine asks for -------------------------------------------------------------------------------

    def before_round(self, conn: Connection, number: int) -> None:
        if not self.needs_order:
            return
        # A passage that time moves first must find the messages as they are then, not as they are at the event.
        left = and_(
            inbox.c.contact_id == _m.c.contact_id,
            inbox.c.rn == number,
            _m.c.send_at < inbox.c.at,
            or_(self._first_due.is_(None), _m.c.send_at < self._first_due),
        )
        self._settle(conn, select(_m.c.id).where(_m.c.state == "pending", left))

    def at_round(self, conn: Connection, number: int) -> None:
        if self.marks:
            self._mark(conn, number, OPENED, "opened_at")
            self._mark(conn, number, CLICKED, "clicked_at")
        if events.IDENTIFY in self.event_names:
            self._identify(conn, number)

    def before_due(self, conn: Connection, now: int) -> None:
        if not self.needs_order:
            return
        left = and_(_m.c.send_at < self._first_due, self._first_due <= now)
        self._settle(conn, select(_m.c.id).where(_m.c.state == "pending", left))

    @property
    def _first_due(self) -> Any:
        """When time first moves a passage of the message's contact."""
        at = case((_e.c.due_at == 0, _e.c.rest_at), else_=_e.c.due_at)
        mine = and_(_e.c.contact_id == _m.c.contact_id, _e.c.journey_id == self.journey_id)
        return select(func.min(at)).where(mine, _e.c.due_at.is_not(None)).correlate(_m).scalar_subquery()

    def finish(self, conn: Connection, until: int) -> None:
        """Settle all that leaves up to the end."""
        self._settle(conn, select(_m.c.id).where(_m.c.state == "pending", _m.c.send_at <= until))

    # --- messages -----------------------------------------------------------------------------------------------

    def _settle(self, conn: Connection, which: Any) -> None:
        m, c, e = t.message, t.contact, t.event
        rows = conn.execute(
            select(
                m.c.id,
                m.c.node,
                m.c.purpose,
                m.c.send_at,
                *(column for column in c.c if column.name != "id"),
                e.c.properties.label("event_properties"),
            )
            .join(c, c.c.id == m.c.contact_id)
            .join(t.enrollment, t.enrollment.c.id == m.c.enrollment_id)
            .outerjoin(e, e.c.id == t.enrollment.c.event_id)
            .where(m.c.id.in_(which))
        ).all()
        if not rows:
            return
        done = [self._deliver(row) for row in rows]
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in ("state", "reason", "error", "subject", "body", "address")
        }
        conn.execute(
            update(m)
            .where(m.c.id == bindparam("which"))
            .values(**values, sent_at=bindparam("new_sent_at", type_=BigInteger), send_at=None),
            done,
        )

    def _deliver(self, row: Any) -> dict[str, Any]:
        result = dict.fromkeys(
            ("new_state", "new_reason", "new_error", "new_subject", "new_body", "new_address", "new_sent_at")
        )
        result["which"] = row.id
        result["new_address"] = row.email
        if not row.email:
            return {**result, "new_state": "skipped", "new_reason": "no_address"}
        if row.unsubscribed and row.purpose == "marketing":
            return {**result, "new_state": "skipped", "new_reason": "unsubscribed"}
        template = self._templates[row.node]
        try:
            if isinstance(template, TemplateProblem):
                raise template
            rendered = template.render({"contact": contact_values(row), "event": row.event_properties or {}})
        except TemplateProblem as problem:
            return {**result, "new_state": "failed", "new_error": str(problem)}
        return {
            **result,
            "new_state": "sent",
            "new_subject": rendered.subject,
            "new_body": rendered.body,
            "new_sent_at": row.send_at,
        }

    def _mark(self, conn: Connection, number: int, name: str, column: str) -> None:
        """`Email Opened` and `Email Clicked` mark the contact's latest sent message of the node they name."""
        m, e = t.message, t.event
        rows = conn.execute(
            select(inbox.c.contact_id, inbox.c.at, e.c.properties)
            .join(e, e.c.id == inbox.c.event_id)
            .where(inbox.c.rn == number, inbox.c.name == name)
        ).all()
        marks = [
            {"contact": row.contact_id, "marked_at": row.at, "of": row.properties["node"]}
            for row in rows
            if isinstance((row.properties or {}).get("node"), str)
        ]
        if not marks:
            return
        latest = (
            select(m.c.id)
            .where(
                m.c.contact_id == bindparam("contact"),
                m.c.node == bindparam("of"),
                m.c.sent_at.is_not(None),
            )
            .order_by(m.c.sent_at.desc(), m.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        conn.execute(
            update(m).where(m.c.id == latest).values({column: func.coalesce(m.c[column], bindparam("marked_at"))}),
            marks,
        )

    # --- changes of contacts --------------------------------------------------------------------------------------

    def _identify(self, conn: Connection, number: int) -> None:
        """Lay the properties over the contact; what changes nothing is no change, and leaves the round."""
        c, e = t.contact, t.event
        rows = conn.execute(
            select(inbox.c.n, e.c.properties, c)
            .join(e, e.c.id == inbox.c.event_id)
            .join(c, c.c.id == inbox.c.contact_id)
            .where(inbox.c.rn == number, inbox.c.name == events.IDENTIFY)
        ).all()
        changed, idle = [], []
        for row in rows:
            new = laid_over(row, row.properties or {})
            if new is None:
                idle.append(row.n)
            else:
                changed.append({"which": row.id, **{f"new_{name}": value for name, value in new.items()}})
        if changed:
            conn.execute(
                update(c)
                .where(c.c.id == bindparam("which"))
                .values({name: bindparam(f"new_{name}", type_=c.c[name].type) for name in (*_CHANGEABLE, "fields")}),
                changed,
            )
        if idle:
            conn.execute(delete(inbox).where(inbox.c.n == bindparam("which")), [{"which": n} for n in idle])


def contact_values(row: Any) -> dict[str, Any]:
    """What templates see of a contact."""
    values = dict(row.fields)
    values.update({name: getattr(row, name) for name in ("user_id", "email", "phone", "timezone", "unsubscribed")})
    return values


def laid_over(row: Any, properties: dict[str, Any]) -> dict[str, Any] | None:
    """The contact's columns with these properties as fields; None when nothing changes."""
    new: dict[str, Any] = {name: getattr(row, name) for name in _CHANGEABLE}
    fields = dict(row.fields)
    for name, value in properties.items():
        if name == "unsubscribed":
            new[name] = value is True
        elif name in _CHANGEABLE:
            new[name] = value if isinstance(value, str) and value else None
        elif name not in BUILT_IN_FIELDS:
            fields[name] = value
    is_same = _text(fields) == _text(row.fields) and all(new[name] == getattr(row, name) for name in _CHANGEABLE)
    return None if is_same else {**new, "fields": fields}


def _text(fields: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in fields.items() if value is not None}, sort_keys=True)


def _guards(rest: Any) -> Sequence[Any]:
    return [*guards_of(rest.on_due), *guards_of(rest.on_event)]
