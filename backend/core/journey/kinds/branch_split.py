"""Divides people at random, by shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.branch_if import repeated_ports
from backend.core.journey.kinds.kind import Config, Kind, objects, port_names
from backend.core.journey.ops import Split
from backend.core.journey.shape import Items, Name, Number, Part, Shape, Text
from backend.core.problem import Problem, error

SHARES_MAX = 50


class _Share(Shape):
    port = Name(required=True)
    label = Text(longest=200, blank=True, allow_none=True)
    share = Number(required=True)


class _Config(Shape):
    shares = Items(Part(_Share), fewest=2, most=SHARES_MAX, thing="shares", required=True)


class BranchSplit(Kind):
    name = "branch.split"
    family = "branch"
    title = "Random split"
    help = "Divides people at random by the shares you set; the same person may go another way next time."
    schema: ClassVar[Schema] = _Config()

    def ports(self, config: Config) -> tuple[str, ...]:
        return tuple(dict.fromkeys(port_names(config, "shares")))

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        return repeated_ports(node, "shares") + _wrong_shares(node)

    def lower(self, node: Node, graph: Graph) -> Split:
        return Split(tuple((item["port"], int(_percent(item["share"]) * 100)) for item in node.config["shares"]))


def _wrong_shares(node: Node) -> list[Problem]:
    """Shares that are no percentage with at most two decimals, or a sum that is not exactly 100."""
    percents: list[Decimal | None] = []
    problems = []
    for at, item in objects(node.config, "shares"):
        share = item.get("share")
        percents.append(_percent(share) if isinstance(share, int | float) and not isinstance(share, bool) else None)
        if percents[-1] is not None and not _is_share(percents[-1]):
            message = "A share is a percentage from 0 to 100 with at most two decimals."
            field = f"config.shares.{at}.share"
            problems.append(error("invalid_share", message, node=node.id, field=field, fix="Write it like 33.33."))
    known = [percent for percent in percents if percent is not None]
    if not problems and len(known) == len(percents) >= 2 and sum(known) != 100:
        message = f"The shares add up to {sum(known):f} percent."
        fix = "Change them so that they add up to exactly 100."
        problems.append(error("shares_not_100", message, node=node.id, field="config.shares", fix=fix))
    return problems


def _percent(share: Any) -> Decimal:
    return Decimal(str(share))


def _is_share(percent: Decimal) -> bool:
    return percent.is_finite() and 0 <= percent <= 100 and percent == percent.quantize(Decimal("0.01"))


KIND = BranchSplit()
