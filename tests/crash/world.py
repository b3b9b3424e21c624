"""A server that can be killed and comes back, a journey live on it, a mail server, and somebody who watches."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from backend.accounts import keys
from backend.api.parts import wall_ms
from backend.db.connect import connect
from backend.settings import Settings
from tests.crash.checking import flow_problems
from tests.crash.sending import EVENT
from tests.support.app import a_user
from tests.support.builder import a_journey
from tests.support.server import PATIENCE_SECONDS, Server, kill, until
from tests.support.smtp import MailServer

WATCH_SECONDS = 0.05


class World:
    """`kills` so far; `broken` is what a watcher saw that must never be."""

    def __init__(self, settings: Settings, mail: MailServer) -> None:
        self.settings, self.mail = settings, mail
        self.kills = 0
        self.looks = 0
        self.broken: list[str] = []
        self.write_key, self.api_key = self._keys()
        database = ("--database-url", settings.database_url) if settings.database_url else ()
        self.server = Server(settings.data_dir, *database)
        self.url = self.server.url
        self.journey = 0

    def _keys(self) -> tuple[str, str]:
        db = connect(self.settings)
        a_user(db, "ada@example.com")
        with db.write() as conn:
            made = [keys.create(conn, kind, "test", now_ms=wall_ms())[1] for kind in ("write", "api")]
        db.dispose()
        return made[0], made[1]

    def publish(self) -> None:
        """Mail goes to the mail server; the journey is live."""
        channel: Any = {
            "mode": "smtp", "host": "127.0.0.1", "port": self.mail.port, "security": "none",
            "from_name": "The Shop", "from_email": "shop@example.com",
        }  # fmt: skip
        with self.server.log_in() as ada:  # a key may not set up channels
            assert ada.put(f"{self.url}/api/channels/email", json=channel, timeout=PATIENCE_SECONDS).ok
        document = (
            a_journey("Crash").on(EVENT).waits(seconds=1).sends("hello").with_settings(reentry={"allow": "always"})
        )
        made = self.ask("POST", "/api/journeys", document.build())
        self.ask("POST", f"/api/journeys/{made['id']}/publish")
        self.journey = int(made["id"])

    def ask(self, method: str, path: str, json: Any = None) -> Any:
        answer = requests.request(
            method, self.url + path, json=json, headers={"Authorization": f"Bearer {self.api_key}"}, timeout=30
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def flow(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/api/journeys/{self.journey}/flow")
        return found

    def kill(self) -> None:
        """kill -9, and it runs again on the same data and port: every other time the worker alone, which is started
        anew by its parent."""
        self.kills += 1
        if self.kills % 2:
            self.server.kill()
            self.server.start_again()
        else:
            worker = self.server.worker()
            kill(worker)
            until(lambda: self.server.worker() not in (0, worker))
            self.server.wait_until_ready()

    def settle(self, count: int) -> None:
        """So many have entered, nobody is inside any more, and no message waits or is under way."""

        def is_over() -> bool:
            outcomes = self.flow()["outcomes"]
            return bool(outcomes["entered"] >= count and outcomes["inside"] == 0)

        until(is_over, 2 * PATIENCE_SECONDS)
        until(lambda: not self._waiting(), 2 * PATIENCE_SECONDS)

    def _waiting(self) -> int:
        counts = self.ask("GET", f"/api/journeys/{self.journey}/deliveries")["nodes"].get("hello", {})
        return sum(counts.get(state, 0) for state in ("pending", "sending", "data"))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Somebody looks at the counts all the time and notes every look at which they did not add up."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(WATCH_SECONDS):
                try:
                    flow = self.flow()
                except requests.RequestException:
                    continue
                self.looks += 1
                self.broken += flow_problems(flow)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def close(self) -> None:
        self.server.end()


@contextmanager
def a_world(settings: Settings, mail: MailServer) -> Iterator[World]:
    made = World(settings, mail)
    try:
        made.publish()
        yield made
    finally:
        made.close()


def hesitating(seconds: float) -> Any:
    """An answer to each letter that takes its time, so that a kill may fall between taking it and saying so."""

    def answer(letter: object) -> str:
        time.sleep(seconds)
        return "250 2.0.0 kept"

    return answer
