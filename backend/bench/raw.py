"""The bare SQL that `bench` compares with: the leanest text that leaves the same rows in the same tables.

It knows everything beforehand (one journey, one event a person, ids without gaps) and does each thing in one statement
for everybody: no batches, no scratch tables, no plan. Two transactions, as many as there are moments in the workload.
"""

from __future__ import annotations

from sqlalchemy import Connection

from backend.bench.workload import DAY_MS, START_MS, WAIT_MS
from backend.compiler.plan import Plan

PLAN_FIELD = {"sqlite": "json_extract(c.fields, '$.plan')", "postgresql": "c.fields ->> 'plan'"}


def enter(conn: Connection, plan: Plan) -> None:
    """Everybody who has signed up comes to the wait."""
    leg = next(leg.id for leg in plan.legs if leg.arrives == "pause")
    now = START_MS + DAY_MS
    for text in (
        f"""INSERT INTO enrollment (id, journey_id, version_id, contact_id, no, state, rest, rest_at, due_at, moves,
                                    start_seq, event_id, entered_at)
            SELECT id, 1, 1, contact_id, 1, 0, 0, engine_at, engine_at + {WAIT_MS}, 1, id, id, engine_at
            FROM event WHERE name = 'Signed Up' ORDER BY id""",
        f"""INSERT INTO move (enrollment_id, no, contact_id, leg, at)
            SELECT id, 0, contact_id, {leg}, entered_at FROM enrollment ORDER BY id""",
        f"INSERT INTO counter (version_id, leg, n) SELECT 1, {leg}, count(*) FROM enrollment",
        f"""UPDATE journey SET event_watermark = (SELECT max(id) FROM event), last_moved_at = {now}""",
        f"UPDATE engine_state SET event_watermark = (SELECT max(id) FROM event), reached_at = {now}",
    ):
        conn.exec_driver_sql(text)


def pass_on(conn: Connection, plan: Plan) -> None:
    """Everybody's time is up: those on Pro get a message, all are done."""
    sends, skips = (next(leg.id for leg in plan.legs if ("plan", port) in leg.steps) for port in ("pro", "else"))
    now = START_MS + DAY_MS + WAIT_MS
    is_pro = f"{PLAN_FIELD[conn.dialect.name]} = 'pro'"
    due = f"enrollment e JOIN contact c ON c.id = e.contact_id WHERE e.version_id = 1 AND e.due_at <= {now}"
    for text in (
        f"""INSERT INTO move (enrollment_id, no, contact_id, leg, at)
            SELECT e.id, 1, e.contact_id, CASE WHEN {is_pro} THEN {sends} ELSE {skips} END, e.due_at
            FROM {due} ORDER BY e.id""",
        f"""INSERT INTO message (enrollment_id, node, visit, journey_id, version_id, contact_id, channel, purpose,
                                 state, at, send_at, position)
            SELECT e.id, 'hello', 1, 1, 1, e.contact_id, 'email', 'transactional', 'pending', e.due_at, e.due_at, 0
            FROM {due} AND {is_pro} ORDER BY e.id""",
        f"""UPDATE enrollment SET state = 1, rest = -1, rest_at = due_at, due_at = NULL, moves = 2
            WHERE version_id = 1 AND due_at <= {now}""",
        "INSERT INTO counter (version_id, leg, n) SELECT 1, leg, count(*) FROM move WHERE no = 1 GROUP BY leg",
        f"UPDATE journey SET last_moved_at = {now}",
        f"UPDATE engine_state SET reached_at = {now}",
    ):
        conn.exec_driver_sql(text)
