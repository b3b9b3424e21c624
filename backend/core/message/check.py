"""What is wrong with a message's content, as problems of its node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.problem import Problem


def content_problems(content: Mapping[str, Any], *, node: str, is_marketing: bool) -> list[Problem]:
    return []
