"""What the nodes of a version are called."""

from __future__ import annotations

import json
from functools import lru_cache

from backend.core.journey.kinds import kind_of


@lru_cache(maxsize=256)
def names_of(document: str) -> dict[str, str]:
    """node -> its own name, else what its kind is called; from a version's `document` column."""
    named = {}
    for node in json.loads(document).get("nodes", []):
        kind = kind_of(node["type"])
        named[node["id"]] = node.get("name") or (kind.title if kind else node["type"])
    return named
