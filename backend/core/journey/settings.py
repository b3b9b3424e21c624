"""The shape of a journey's settings; the exit rule is read with the other conditions (document.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.core.journey.shape import Choice, Condition, Duration, NotBuilt, Part, Shape, Text, shape_problems
from backend.core.moment import zone
from backend.core.problem import Problem, error


class ReentryShape(Shape):
    allow = Choice("never", "after_exit", "always", allow_none=True)
    not_before = Duration(allow_none=True)


class SettingsShape(Shape):
    timezone = Text(longest=100, allow_none=True)
    reentry = Part(ReentryShape, allow_none=True)
    exit = Condition(allow_none=True)
    goal = NotBuilt("A goal")
    sending = NotBuilt("A sending window or cap")
    holdout = NotBuilt("A holdout")
    holidays = NotBuilt("A list of holidays")


SETTINGS = SettingsShape()


def settings_problems(settings: dict[str, Any]) -> list[Problem]:
    problems = [
        replace(problem, code="unknown_setting", message="There is no such setting.")
        if problem.code == "unknown_key" and str(problem.field).count(".") == 1
        else problem
        for problem in shape_problems(SETTINGS, settings, field="settings", node=None)
    ]
    timezone = settings.get("timezone")
    if isinstance(timezone, str) and timezone.strip() and zone(timezone) is None:
        message = f"There is no time zone “{timezone[:60]}”."
        fix = "Write one like Europe/Berlin, or UTC."
        problems.append(error("unknown_timezone", message, field="settings.timezone", fix=fix))
    return problems
