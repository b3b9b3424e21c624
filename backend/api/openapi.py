"""The API's description as a file: `python -m backend.api.openapi > frontend/openapi.json`.

The front end's types are generated from that copy; a test says when it is no longer current.
"""

from __future__ import annotations

import json
import sys

from backend.api import doors


def text() -> str:
    """What the committed copy holds."""
    return (
        json.dumps(doors.description(doors.make(is_https=False)), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    sys.stdout.write(text())
