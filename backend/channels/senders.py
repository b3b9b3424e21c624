"""Which channel sends now: the test inbox until a server is set up, and always on sample time.

Read afresh at every turn, so that a change in the settings needs no restart; a server's connections are kept as long as
its settings stay the same.
"""

from __future__ import annotations

import ssl
import threading

from sqlalchemy import select

from backend.channels.channel import Channel
from backend.channels.email.mime import Letterhead
from backend.channels.email.smtp import Server, Smtp, own_name
from backend.channels.links import PurposeKey
from backend.channels.null.inbox import Inbox
from backend.channels.rendering import Templates
from backend.channels.settings import EmailSettings, decrypt, load
from backend.db.connect import Database
from backend.db.tables import workspace


class Senders:
    """The channels of an installation. `context`: which TLS certificates are good (the system's by default)."""

    def __init__(
        self, db: Database, purpose_key: PurposeKey, *, base_url: str, context: ssl.SSLContext | None = None
    ) -> None:
        self.templates = Templates()
        self.has_recovered = False  # the first turn of a process looks after what an earlier one left behind
        self._db = db
        self._purpose_key = purpose_key
        self._own_name = own_name(base_url)
        self._context = context
        self._inbox = Inbox()
        self._smtp: Smtp | None = None
        self._lock = threading.Lock()

    def email(self) -> tuple[Channel, Letterhead]:
        """The channel that e-mail leaves by just now, and who it is from."""
        with self._db.read() as conn:
            settings = load(conn)
            mode = conn.execute(select(workspace.c.mode)).scalar()
        letterhead = letterhead_of(settings)
        if mode == "sample" or settings.mode != "smtp":
            self.close()
            return self._inbox, letterhead
        return self._server(settings), letterhead

    def _server(self, settings: EmailSettings) -> Smtp:
        server = Server(
            host=settings.host,
            port=settings.port,
            security=settings.security,
            username=settings.username,
            password=decrypt(settings.secret, self._purpose_key),
            own_name=self._own_name,
        )
        with self._lock:
            before = self._smtp
            if before is None or before.server != server:
                self._smtp = Smtp(server, context=self._context)
            current = self._smtp
        if before is not None and before is not current:
            before.close()
        assert current is not None
        return current

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            before, self._smtp = self._smtp, None
        if before is not None:
            before.close()


def letterhead_of(settings: EmailSettings) -> Letterhead:
    return Letterhead(settings.from_name, settings.from_email, settings.reply_to)
