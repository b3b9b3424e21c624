"""Events go in by our own public door."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from backend.scheduling.door import CALLS_MAX, Door, DoorClosed, own_url


class Listener(HTTPServer):
    """Answers each request with `answer` and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[str, str, dict[str, Any]]] = []
        self.answer: tuple[int, Any] = (200, {"success": True})


class Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, self.headers["Authorization"], body))
        code, answer = self.server.answer
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def door(listener: Listener) -> Door:
    return Door(f"http://127.0.0.1:{listener.server_port}")


def test_calls_arrive_in_order_with_the_key_as_user_name(listener: Listener, door: Door) -> None:
    calls = [{"n": number} for number in range(CALLS_MAX + 1)]
    door.send("sj_write_x", calls)
    (path, authorization, first), (_, _, second) = listener.heard
    assert path == "/v1/batch"
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"sj_write_x:"
    assert first["batch"] + second["batch"] == calls


@pytest.mark.parametrize(
    "answer", [(401, {}), (500, {}), (200, {"success": True, "rejected": [{"index": 0, "reason": "no"}]})]
)
def test_a_refusal_is_an_error(listener: Listener, door: Door, answer: tuple[int, Any]) -> None:
    listener.answer = answer
    with pytest.raises(DoorClosed):
        door.send("sj_write_x", [{"n": 1}])


def test_nobody_at_home_is_an_error() -> None:
    with pytest.raises(DoorClosed, match="could not be reached"):
        Door("http://127.0.0.1:1").send("sj_write_x", [{"n": 1}])


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("10.0.0.5", "http://10.0.0.5:80"),
    ],
)
def test_we_reach_ourselves_wherever_we_listen(host: str, url: str) -> None:
    assert own_url(host, 80) == url
