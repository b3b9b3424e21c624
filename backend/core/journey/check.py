"""Everything that is wrong with a journey, at once: what its document says, and how its steps hang together."""

from __future__ import annotations

from backend.core.journey.checks import problems as structure_problems
from backend.core.journey.document import read
from backend.core.journey.graph import Graph
from backend.core.problem import Problem


def check(data: object) -> tuple[Graph | None, list[Problem]]:
    """The graph when it may be published, else None; warnings come beside a graph.

    Raises nothing, whatever it is given.
    """
    reading = read(data)
    problems = list(reading.problems)
    if reading.graph is not None and reading.is_whole:
        problems += structure_problems(reading.graph)
    is_refused = any(problem.severity == "error" for problem in problems)
    return None if is_refused else reading.graph, problems
