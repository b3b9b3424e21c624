"""The server as a process: websockets work, and it ends quickly and leaves nothing behind, however the end comes."""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from backend.db.connect import connect
from backend.settings import Settings
from tests.support.app import PASSWORD, a_user
from tests.support.server import Server, is_alive, kill, run, serving, until

pytestmark = pytest.mark.slow


def home(folder: Path, migrated_file: Path) -> Path:
    """A data folder with Ada in it."""
    folder.mkdir(exist_ok=True)
    shutil.copy(migrated_file, folder / "sojourn.db")
    db = connect(Settings(data_dir=folder))
    a_user(db, "ada@example.com")
    db.dispose()
    return folder


@pytest.fixture(scope="module")
def server(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that outlives its tests."""
    with serving(home(tmp_path_factory.mktemp("served"), migrated_file)) as running:
        yield running


@pytest.fixture
def doomed(migrated_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server for one test to end, with a websocket open."""
    with serving(home(tmp_path, migrated_file)) as running, connected(running):
        yield running


@contextmanager
def connected(server: Server) -> Iterator[tuple[requests.Session, Any]]:
    """Ada's session and her open websocket."""
    session = server.log_in()
    client = socketio.Client(reconnection=False)
    cookie = {"Cookie": f"session={session.cookies['session']}"}
    client.connect(server.url, headers=cookie, namespaces=["/live"], transports=["websocket"])
    try:
        yield session, client
    finally:
        client.disconnect()
        session.close()


@pytest.fixture
def browser(server: Server) -> Iterator[tuple[requests.Session, Any]]:
    with connected(server) as both:
        yield both


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    return True


def test_a_websocket_hears_what_is_announced(server: Server, browser: tuple[requests.Session, Any]) -> None:
    session, client = browser
    heard: list[Any] = []
    client.on("journey", heard.append, namespace="/live")
    assert client.transport() == "websocket"
    made = session.post(f"{server.url}/api/journeys", json={}, timeout=10).json()
    until(lambda: [told for told in heard if told["id"] == made["id"]])
    assert client.call("watch", {"journey": made["id"]}, namespace="/live")["ok"] is True


def test_logging_out_hangs_up(server: Server) -> None:
    with connected(server) as (session, client):
        session.delete(f"{server.url}/api/session", timeout=10)
        until(lambda: not client.connected)


@pytest.mark.parametrize("headers", [{}, {"Cookie": "session=wrong"}, {"Origin": "http://evil.example"}])
def test_a_websocket_needs_a_session_and_our_origin(
    server: Server, browser: tuple[requests.Session, Any], headers: dict[str, str]
) -> None:
    session, _ = browser
    if "Origin" in headers:
        headers = {**headers, "Cookie": f"session={session.cookies['session']}"}
    stranger = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        stranger.connect(server.url, headers=headers, namespaces=["/live"], transports=["websocket"])
    stranger.disconnect()


def test_sigterm_ends_it_though_a_websocket_is_open(doomed: Server) -> None:
    worker = doomed.worker()
    assert doomed.signal(signal.SIGTERM) < 10
    assert doomed.process.returncode == 0
    assert not is_alive(worker)
    assert is_free(doomed.port)


def test_killing_the_parent_takes_the_worker_along(doomed: Server) -> None:
    worker = doomed.worker()
    doomed.signal(signal.SIGKILL)
    until(lambda: not is_alive(worker))
    assert until(lambda: is_free(doomed.port))


def test_a_killed_worker_is_started_anew(server: Server) -> None:
    with connected(server) as (session, _):
        first = server.worker()
        kill(first)
        until(lambda: requests.get(f"{server.url}/readyz", timeout=5).ok)
        assert server.worker() != first
        assert session.get(f"{server.url}/api/session", timeout=10).json()["user"]["email"] == "ada@example.com"


def test_the_clock_runs_inside(server: Server) -> None:
    clock = requests.get(f"{server.url}/healthz", timeout=10).json()["clock"]
    assert clock["ok"]
    until(lambda: requests.get(f"{server.url}/healthz", timeout=10).json()["clock"]["role"] == "holding")


def test_the_first_start_prints_one_link_that_makes_the_first_account(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        link = next(line.strip() for line in server.said.splitlines() if "/setup?token=" in line)
        assert link.startswith(f"{server.url}/setup?token=")
        body = {"token": link.split("token=")[1], "email": "ada@example.com", "password": PASSWORD}
        made = requests.post(f"{server.url}/api/setup", json=body, timeout=10)
        assert made.status_code == 201
        assert requests.post(f"{server.url}/api/setup", json=body, timeout=10).status_code == 409
    with serving(tmp_path) as again:
        assert "setup" not in again.said


def test_a_port_in_use_is_said_in_a_sentence(server: Server, tmp_path: Path) -> None:
    second = run("serve", "--port", str(server.port), data_dir=tmp_path / "other")
    assert second.returncode == 1
    assert f"Cannot listen at 127.0.0.1:{server.port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_new_workspace_can_begin_with_the_sample(tmp_path: Path) -> None:
    with serving(tmp_path, "--sample-if-new") as server:
        link = next(line.strip() for line in server.said.splitlines() if "/setup?token=" in line)
        body = {"token": link.split("token=")[1], "email": "ada@example.com", "password": PASSWORD}
        made = requests.post(f"{server.url}/api/setup", json=body, timeout=10).json()
        assert made["workspace"]["mode"] == "sample"
        session = server.log_in()
        names = {item["name"] for item in session.get(f"{server.url}/api/journeys", timeout=10).json()["items"]}
        session.close()
        assert len(names) == 3
