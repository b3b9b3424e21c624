"""The only place that joins the parts: one `Sojourn` per process.

Knows every room so that the rooms need not know each other: the clock is handed the engine and a callback that tells
the canvas, the doors get what they may reach as one `Parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.accounts import secrets, workspace
from backend.api import doors, errors
from backend.api.parts import Parts, wall_ms
from backend.channels.pump import pump
from backend.channels.senders import Senders
from backend.db.connect import connect
from backend.engine.tick import Engine
from backend.ingestion import csv_import, events
from backend.live.canvas import Live
from backend.scheduling.clock import WallClock, WorkspaceClock
from backend.scheduling.clockwork import Clockwork
from backend.scheduling.door import own_url
from backend.scheduling.player import NotASample, Player
from backend.scheduling.seldom import hourly
from backend.settings import Settings

IDS_TOLD_MAX = 100


@dataclass
class Sojourn:
    """A joined application. `close` ends what runs in the background and lets go of the database."""

    app: Flask
    parts: Parts
    live: Live
    endings: list[Callable[[], None]] = field(default_factory=list)

    def hang_up(self) -> None:
        """End every websocket; browsers come back by themselves."""
        connections = self.live.socketio.server.eio
        for sid in list(connections.sockets):
            with suppress(KeyError):
                connections.disconnect(sid)

    def close(self) -> None:
        while self.endings:
            self.endings.pop()()
        self.parts.db.dispose()


def create_app(settings: Settings, *, with_clock: bool) -> Sojourn:
    """The application over a migrated database. Without a clock nothing moves by itself (commands, tests)."""
    db = connect(settings)
    workspace.ensure(db, now_ms=wall_ms())
    clock = WorkspaceClock(db, WallClock())
    keys = secrets.load(settings.data_dir)
    senders = Senders(db, keys.purpose_key, base_url=settings.base_url)
    parts = Parts(settings, db, keys, now_ms=clock.now_ms, engine=Engine(db), senders=senders)
    app = doors.make(is_https=settings.base_url.startswith("https://"))
    app.extensions["sojourn"] = parts
    app.register_error_handler(NotASample, errors.says(409))
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    live = Live(app, db, clock.now_ms)
    parts.announce, parts.seq_of, parts.tell_moved = live.announce, live.seq_of, live.moved
    parts.recheck = live.check_visitors
    sojourn = Sojourn(app, parts, live, endings=[senders.close])
    if with_clock:
        _start_clock(sojourn, clock)
    return sojourn


def _start_clock(sojourn: Sojourn, clock: WorkspaceClock) -> None:
    """Tick, deliver, play and tell from here on, in threads of this process."""
    parts, live = sojourn.parts, sojourn.live
    housekeeping = (live.check_visitors, hourly(_forget(parts)))
    clockwork = Clockwork(parts.db, parts.engine, _deliver(parts), live.moved, clock, housekeeping=housekeeping)
    url = own_url(parts.settings.host, parts.settings.port)
    parts.player = Player(parts.db, clockwork, url, announce=live.announce, refresh=live.refresh)
    parts.wake, parts.health = clockwork.wake, clockwork.health
    csv_import.recover(parts.db, wall_ms())
    live.start()
    clockwork.start()
    sojourn.endings += [live.stop, clockwork.stop]


def _forget(parts: Parts) -> Callable[[int], None]:
    """Drop the receipts of events that no client sends again. They are as old as the workspace's clock says."""

    def forget(_wall_ms: int) -> None:
        now_ms = parts.now_ms()
        with parts.db.write() as conn:
            events.forget_receipts(conn, now_ms)

    return forget


def _deliver(parts: Parts) -> Callable[[int], int]:
    """One batch of what may be sent at that instant; how many messages it handled. The browsers hear of it."""

    def deliver(now_ms: int) -> int:
        pumped = pump(
            parts.db,
            parts.senders,
            now_ms=now_ms,
            purpose_key=parts.secrets.purpose_key,
            base_url=parts.settings.base_url,
        )
        if pumped.claimed:
            ids = [message_id for found in pumped.message_ids.values() for message_id in found]
            parts.announce("message", {"journeys": sorted(pumped.message_ids), "ids": ids[:IDS_TOLD_MAX]})
        return pumped.claimed

    return deliver
