"""For machines that watch us: alive, ready, and the numbers.

/healthz fails when the clock of this process stands still, so that a supervisor starts it anew; /readyz also when the
database does not answer. Metrics hold totals only, no names: they need no login.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, make_response
from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import Connection, func, select, text

from backend.api.parts import Parts, parts
from backend.core.enrollment import Passage
from backend.db.tables import counter, event, journey, leg, message

blueprint = Blueprint("health", __name__)


def _answer(is_well: bool, document: dict[str, Any]) -> Response:
    response = make_response({"ok": is_well, **document}, 200 if is_well else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    clock = parts().health()
    return _answer(bool(clock.get("ok", True)), {"clock": clock})


@blueprint.get("/readyz")
def readyz() -> Response:
    clock = parts().health()
    try:
        with parts().db.read() as conn:
            conn.execute(text("SELECT 1"))
    except Exception:
        current_app.logger.exception("the database does not answer")
        return _answer(False, {"database": False, "clock": clock})
    return _answer(bool(clock.get("ok", True)), {"database": True, "clock": clock})


class _Numbers:
    """Totals as Prometheus wants them; each is a small query, none counts a big table."""

    def __init__(self, joined: Parts) -> None:
        self._joined = joined

    def collect(self) -> Iterator[Metric]:
        clock = self._joined.health()
        yield GaugeMetricFamily("sojourn_clock_ok", "1 while the clock runs.", value=float(clock.get("ok", True)))
        with self._joined.db.read() as conn:
            yield _by("sojourn_journeys", "Journeys by status.", "status", _journeys(conn))
            yield CounterMetricFamily("sojourn_events_stored", "Events stored so far.", value=_newest_event(conn))
            yield _outcomes(conn)
            yield _by("sojourn_messages_waiting", "Messages not handed over yet.", "state", _waiting(conn))


def _by(name: str, said: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for key, n in values.items():
        family.add_metric([key], n)
    return family


def _journeys(conn: Connection) -> dict[str, int]:
    found = conn.execute(select(journey.c.status, func.count().label("n")).group_by(journey.c.status))
    return {row.status: row.n for row in found}


def _newest_event(conn: Connection) -> int:
    """Ids are handed out in order, so the newest one says how many there were (gaps aside)."""
    return int(conn.execute(select(func.coalesce(func.max(event.c.id), 0))).scalar_one())


def _outcomes(conn: Connection) -> Metric:
    by_state = (
        select(leg.c.state, leg.c.is_entry, func.sum(counter.c.n))
        .join_from(counter, leg, (leg.c.version_id == counter.c.version_id) & (leg.c.leg == counter.c.leg))
        .group_by(leg.c.state, leg.c.is_entry)
    )
    totals = {"entered": 0, "completed": 0, "exited": 0, "failed": 0}
    for state, is_entry, n in conn.execute(by_state):
        if is_entry:
            totals["entered"] += int(n)
        if state != Passage.INSIDE:
            totals[Passage(state).name.lower()] += int(n)
    family = CounterMetricFamily("sojourn_passages", "Passages by what became of them.", labels=["outcome"])
    for outcome, n in totals.items():
        family.add_metric([outcome], n)
    return family


def _waiting(conn: Connection) -> dict[str, int]:
    states = ("pending", "sending", "data")
    wanted = (
        select(message.c.state, func.count().label("n")).where(message.c.state.in_(states)).group_by(message.c.state)
    )
    return {**dict.fromkeys(states, 0), **{row.state: row.n for row in conn.execute(wanted)}}


@blueprint.get("/metrics")
def metrics() -> Response:
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(_Numbers(parts()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
