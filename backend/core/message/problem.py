"""What a template can do wrong, for its author."""

from __future__ import annotations

from typing import Any


class TemplateProblem(Exception):
    """A part of a message that can't be read, or could not be filled in for this contact.

    field: "subject", "preheader" or "body". line: counted from 1 inside that part, None when no line is to blame.
    """

    def __init__(self, field: str, line: int | None, sentence: str) -> None:
        super().__init__(field, line, sentence)
        self.field = field
        self.line = line
        self.sentence = sentence

    def __str__(self) -> str:
        place = self.field if self.line is None else f"{self.field}, line {self.line}"
        return f"{place}: {self.sentence}"


class Stopped(Exception):
    """A template asked for what it may not have; the message is a sentence for its author."""


class Budget:
    """What one rendering may still use, so that no template can hold up or fill up the process.

    text: characters all its values together may have while they are made. steps: turns of loops, each counted as often
    as the loop's body has parts.
    """

    __slots__ = ("steps", "text")

    def __init__(self, *, text: int = 4_000_000, steps: int = 100_000) -> None:
        self.text = text
        self.steps = steps

    def spend_text(self, size: int) -> None:
        self.text -= size
        if self.text < 0:
            raise Stopped("This makes far more text than a message can hold.")

    def spend_steps(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise Stopped("This repeats far more often than a message needs.")

    def spend(self, value: Any) -> Any:
        """The value, once its size is paid for. Numbers cost nothing, but have an end."""
        if isinstance(value, str | list | tuple | dict):
            self.spend_text(len(value))
        elif isinstance(value, int | float) and not -NUMBER_MAX <= value <= NUMBER_MAX:
            raise Stopped("A number here becomes too large.")
        return value


NUMBER_MAX = 10**18
