"""Sends each person the way of the first condition that holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from marshmallow import Schema

from backend.core.journey.graph import Graph, Node
from backend.core.journey.kinds.kind import Config, Kind, Placed, objects, port_names, rule_in
from backend.core.journey.ops import Choose
from backend.core.journey.shape import Condition, Items, Name, Part, Shape, Text
from backend.core.problem import Problem, error

BRANCHES_MAX = 50


class _Branch(Shape):
    port = Name(required=True)
    label = Text(longest=200, blank=True, allow_none=True)
    when = Condition(required=True, missing="This way has no condition yet.", fix="Say who goes this way.")


class _Config(Shape):
    branches = Items(Part(_Branch), fewest=1, most=BRANCHES_MAX, thing="branches", required=True)


class BranchIf(Kind):
    name = "branch.if"
    family = "branch"
    title = "If"
    help = "Sends each person the way of the first branch whose condition holds, and everybody else by “else”."
    schema: ClassVar[Schema] = _Config()

    def ports(self, config: Config) -> tuple[str, ...]:
        return (*dict.fromkeys(name for name in port_names(config, "branches") if name != "else"), "else")

    def conditions(self, config: Config) -> Iterator[Placed]:
        for at, branch in objects(config, "branches"):
            if branch.get("when") is not None:
                yield Placed(f"branches.{at}.when", branch["when"], "contact")

    def check(self, node: Node, graph: Graph) -> list[Problem]:
        return repeated_ports(node, "branches", taken=("else",)) + _repeated_conditions(node)

    def lower(self, node: Node, graph: Graph) -> Choose:
        return Choose(tuple((arm["port"], rule_in(arm["when"], graph)) for arm in node.config["branches"]))


def repeated_ports(node: Node, key: str, *, taken: tuple[str, ...] = ()) -> list[Problem]:
    """Ports of a list that share a name with each other, or with one the kind has anyway."""
    seen = set(taken)
    problems = []
    for at, item in objects(node.config, key):
        port = item.get("port")
        if not isinstance(port, str):
            continue
        if port in seen:
            message = f"Two ways out of this step are called “{port}”."
            fix = "Give each way out a name of its own."
            problems.append(error("duplicate_port", message, node=node.id, field=f"config.{key}.{at}.port", fix=fix))
        seen.add(port)
    return problems


def _repeated_conditions(node: Node) -> list[Problem]:
    """The later of two equal conditions never gets anybody."""
    seen: set[str] = set()
    problems = []
    for at, branch in objects(node.config, "branches"):
        asked = json.dumps(branch.get("when"), sort_keys=True, default=str)  # as values, true equals 1 to Python
        if branch.get("when") is not None and asked in seen:
            message = f"Branch {at + 1} asks the same as an earlier one, so nobody will go this way."
            field = f"config.branches.{at}.when"
            problems.append(
                Problem("warning", "same_condition", node.id, field, message, "Change or delete one of the two.")
            )
        seen.add(asked)
    return problems


KIND = BranchIf()
