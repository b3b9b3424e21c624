"""The server as a process, for tests that end it in every way."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from tests.support.app import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30


def run(*arguments: str, data_dir: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command of app.py, to its end."""
    return subprocess.run(
        [sys.executable, "app.py", *arguments, "--data-dir", str(data_dir)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * 2,
        check=False,
    )


def until(claim: Any, seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait for something of another process to become true; what it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(requests.ConnectionError, OSError):
            found = claim()
            if found:
                return found
        threading.Event().wait(0.02)
    raise AssertionError("it did not come true in time")


class Server:
    """`app.py serve` on a free port; `said` is what it has printed so far."""

    def __init__(self, data_dir: Path, *arguments: str, port: int = 0) -> None:
        self._data_dir, self._arguments = data_dir, arguments
        self._start(port)

    def _start(self, port: int) -> None:
        command = [sys.executable, "app.py", "serve", "--data-dir", str(self._data_dir), "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *self._arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = str(until(self._find_url))
        self.wait_until_ready()

    def start_again(self) -> None:
        """After its end: on the same data and the same port."""
        self._start(self.port)

    def wait_until_ready(self) -> None:
        until(lambda: requests.get(f"{self.url}/readyz", timeout=5).ok)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    def _find_url(self) -> str | None:
        assert self.process.poll() is None, self.said
        found = re.search(r"runs at (http://\S+)\n", self.said)
        return found[1] if found else None

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def setup_link(self) -> str:
        """What it printed for the first account; empty when there is one already."""
        found = re.search(r"^\s*(http\S+/setup\?token=\S+)$", self.said, re.MULTILINE)
        return found[1] if found else ""

    def worker(self) -> int:
        """The process that answers; 0 while there is none."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return next((int(pid) for pid in listed.split() if is_alive(int(pid))), 0)

    def kill(self) -> None:
        """As a power cut ends it: SIGKILL, and its worker is gone too, so that the port is free again."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        self.signal(signal.SIGKILL)
        for worker in workers:
            until(lambda pid=int(worker): not is_alive(pid))
        self.end()

    def log_in(self, email: str = "ada@example.com") -> requests.Session:
        """A browser's session; CSRF token included."""
        session = requests.Session()
        answer = session.post(f"{self.url}/api/session", json={"email": email, "password": PASSWORD}, timeout=10)
        assert answer.ok, answer.text
        session.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return session

    def signal(self, number: int) -> float:
        """Send it to the parent and wait for its end; seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE_SECONDS)
        return time.monotonic() - began

    def end(self) -> None:
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        self._reader.join(PATIENCE_SECONDS)
        if self.process.stdout:
            self.process.stdout.close()


def is_alive(pid: int) -> bool:
    """Whether any thread of it still runs: the first one may be gone while others hold the files and the port."""
    try:
        is_over = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        return not is_over or len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def serving(data_dir: Path, *arguments: str) -> Iterator[Server]:
    server = Server(data_dir, *arguments)
    try:
        yield server
    finally:
        server.end()
