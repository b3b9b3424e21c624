"""What is wrong with what an author wrote: data, never an exception."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing to mend, with its place.

    severity: "error" blocks publishing, "warning" asks. code: stable, snake_case. node: the node's id or None for the
    journey itself. field: the dotted place inside the node ("config.branches.0.when", "ports.else", "position.x"), or
    inside the document when there is no node and for edges ("settings.exit.any.0", "edges.3.to"). message and fix:
    sentences for the marketer; fix may be empty.
    """

    severity: str
    code: str
    node: str | None
    field: str | None
    message: str
    fix: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def error(code: str, message: str, *, node: str | None = None, field: str | None = None, fix: str = "") -> Problem:
    """A problem that blocks publishing."""
    return Problem("error", code, node, field, message, fix)
