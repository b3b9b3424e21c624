"""The real Segment client, pointed at our server, as a shop's own program would use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import segment.analytics.request as segment_request
from segment.analytics.client import Client


@contextmanager
def a_segment_client(url: str, write_key: str, *, upload_size: int = 100) -> Iterator[Client]:
    """Its errors fail the test at the end; until then it retries as it always does."""
    failed: list[object] = []
    client = Client(
        write_key,
        host=url,
        on_error=lambda error, batch: failed.append(error),
        upload_size=upload_size,
        upload_interval=0.02,
        timeout=30,
    )
    try:
        yield client
        client.flush()
    finally:
        client.join()
        segment_request._session.close()
    assert failed == []
