"""Serving from our own process: gunicorn, one worker of threads, the clock inside that worker.

The worker is ended by the system when its parent dies, however it dies, so a killed server leaves nothing behind and
the port is free at once; a killed worker is started anew by the parent. A stopping worker hangs up the websockets
itself, because nobody else would end them within the grace period.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from backend.boot import Sojourn, create_app
from backend.settings import Settings, SettingsError

THREADS = 64
GRACE_SECONDS = 5
HUNG_SECONDS = 120  # a worker whose main thread does not stir for so long is started anew
PR_SET_PDEATHSIG = 1


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker that ends its own websockets when it is told to stop."""

    sojourn: Sojourn | None = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        threading.Thread(target=self._hang_up, daemon=True).start()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        threading.Thread(target=self._hang_up, daemon=True).start()
        super().handle_quit(sig, frame)

    def _hang_up(self) -> None:
        if self.sojourn is not None:
            self.sojourn.hang_up()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings only: neither its files nor its environment variables are read."""

    def __init__(self, settings: Settings, on_ready: Callable[[], None]) -> None:
        self.settings = settings
        self.on_ready = on_ready
        self.sojourn: Sojourn | None = None
        super().__init__()

    def load_config(self) -> None:
        host = self.settings.host
        chosen = {
            "bind": f"[{host}]:{self.settings.port}" if ":" in host else f"{host}:{self.settings.port}",
            "workers": 1,
            "worker_class": Worker,
            "threads": THREADS,
            "timeout": HUNG_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 5,
            "loglevel": "warning",
            "forwarded_allow_ips": "",  # proxies are trusted by number (settings.proxy_hops), not by gunicorn
            "control_socket_disable": True,
            "when_ready": lambda arbiter: self.on_ready(),
            "post_fork": self._bind_to_parent,
            "worker_exit": self._leave,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """In the worker, after the fork: no connection and no thread is ever shared with the parent."""
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.sojourn = create_app(self.settings, with_clock=True)
        Worker.sojourn = self.sojourn
        return self.sojourn.app

    @staticmethod
    def _bind_to_parent(arbiter: Arbiter, worker: Worker) -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != arbiter.pid:  # it died before we asked
            os._exit(1)

    def _leave(self, arbiter: Arbiter, worker: Worker) -> None:
        """The clock finishes what it does and lets go; threads that still wait on a client are not waited for."""
        if self.sojourn is not None:
            self.sojourn.close()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


def with_free_port(settings: Settings) -> Settings:
    """The settings, port 0 replaced by a free one. Raises SettingsError where we cannot listen."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            probe.listen(1)
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            raise SettingsError(f"Cannot listen at {place}: {error.strerror}. Choose another with --port.") from None
        return replace(settings, port=probe.getsockname()[1])


def shown_url(settings: Settings) -> str:
    """Where a browser on this machine finds us."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return replace(settings, host=f"[{host}]" if ":" in host and "[" not in host else host).base_url


def serve(settings: Settings, *, on_ready: Callable[[], None]) -> int:
    """Serve until told to stop; the exit code. `on_ready` is called once we listen."""
    try:
        Arbiter(Server(settings, on_ready)).run()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
