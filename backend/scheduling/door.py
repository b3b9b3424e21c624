"""Our own public door, reached as any program reaches it: a write key and POST /v1/batch over HTTP on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

CALLS_MAX = 500  # about 100 kB; the door takes 500 kB
SECONDS_MAX = 30
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - where we reach ourselves


class DoorClosed(Exception):
    """The events could not be handed over; nothing is known to be stored, and sending them again is harmless."""


def own_url(host: str, port: int) -> str:
    """Where this process reaches its own server."""
    host = EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{port}"


class Door:
    """Sends track calls with a write key. `url`: http://host:port, without the path."""

    def __init__(self, url: str) -> None:
        self._url = url + "/v1/batch"
        self._opener = build_opener(ProxyHandler({}))  # ourselves, never through a proxy

    def send(self, key: str, calls: Sequence[dict[str, Any]]) -> None:
        """Hand over all of them, in order. Raises DoorClosed."""
        for first in range(0, len(calls), CALLS_MAX):
            self._post(key, calls[first : first + CALLS_MAX])

    def _post(self, key: str, calls: Sequence[dict[str, Any]]) -> None:
        request = Request(  # noqa: S310 - the URL is our own
            self._url,
            data=json.dumps({"batch": list(calls)}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
            },
        )
        try:
            with self._opener.open(request, timeout=SECONDS_MAX) as response:
                answer = json.load(response)
        except HTTPError as problem:
            raise DoorClosed(f"/v1/batch answered {problem.code}") from problem
        except (URLError, OSError, ValueError) as problem:
            raise DoorClosed(f"/v1/batch could not be reached: {problem}") from problem
        if answer.get("rejected"):
            raise DoorClosed(f"/v1/batch rejected {answer['rejected'][0]}")
