"""The template language: Jinja2's sandbox, with plain data and nothing else inside.

A dot reaches the entries of an object and the facts of a loop, never an attribute of Python; what is missing stays
missing however far the dots go on, and reads as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend.core.message.filters import BUDGET, FILTERS, INNER
from backend.core.message.format import shown
from backend.core.message.gate import TESTS, CountedTokens, Refused, inspect, pay_as_you_go
from backend.core.message.problem import Stopped, TemplateProblem

_LOOP_FACTS = ("index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem")
_CALCULATIONS = frozenset(("+", "-", "*", "/", "//", "%"))


class Missing(ChainableUndefined):
    """A token without a value: empty text, no items, false, and neither more nor less than anything."""

    def _never(self, other: Any) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]
    __slots__ = ()


class Language(ImmutableSandboxedEnvironment):
    """One of the two: escaping for HTML and MJML, or not, for plain text."""

    intercepted_binops = _CALCULATIONS

    def __init__(self, *, is_markup: bool) -> None:
        super().__init__(
            autoescape=is_markup,
            undefined=Missing,
            finalize=shown,
            keep_trailing_newline=True,
            optimized=False,
            cache_size=0,
            extensions=[CountedTokens],
        )
        self.globals = {}
        self.filters = FILTERS | INNER
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An entry of an object, an item of a list or text, a fact of a loop; else Missing, as null is."""
        value = None
        if isinstance(obj, dict):
            value = obj.get(argument) if isinstance(argument, str | int) else None
        elif isinstance(obj, list | tuple | str):
            if isinstance(argument, slice):
                return obj[argument]
            if isinstance(argument, int) and -len(obj) <= argument < len(obj):
                value = obj[argument]
        elif isinstance(obj, LoopContext) and argument in _LOOP_FACTS:
            return getattr(obj, argument)
        elif isinstance(obj, Undefined):
            return obj
        return self.undefined(name=str(argument)) if value is None else value

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic of numbers; `+` also joins texts and lists."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            raise Stopped("A value this calculation needs is missing.")
        budget = context.parent[BUDGET]
        if isinstance(left, int | float) and isinstance(right, int | float):
            return budget.spend(self.binop_table[operator](left, right))
        if operator == "+" and type(left) is type(right) and isinstance(left, str | list):
            budget.spend_text(len(left) + len(right))
            return left + right
        raise Stopped(f"“{operator}” needs two numbers here.")


_PLAIN, _MARKUP = Language(is_markup=False), Language(is_markup=True)


def compile_source(source: str, *, field: str, is_markup: bool) -> Template:
    """A template that is safe to run in this process; TemplateProblem when it can't be read or is refused."""
    language = _MARKUP if is_markup else _PLAIN
    with _faults_of(field):
        tree = pay_as_you_go(_inspected(language, source))
        return Template.from_code(language, language.compile(tree), {})


@lru_cache(maxsize=256)
def parse_source(source: str, *, field: str) -> nodes.Template:
    """The tree of a template that the gate lets through, to look at; raises as above."""
    with _faults_of(field):
        return _inspected(_PLAIN, source)


def _inspected(language: Language, source: str) -> nodes.Template:
    tree = language.parse(source)
    inspect(tree)
    return tree


@contextmanager
def _faults_of(field: str) -> Iterator[None]:
    try:
        yield
    except TemplateSyntaxError as fault:
        raise TemplateProblem(field, fault.lineno, _said(fault.message or "")) from None
    except Refused as fault:
        raise TemplateProblem(field, fault.line, str(fault)) from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        raise TemplateProblem(field, None, "This is too deeply nested or too large to be read.") from None


def _said(message: str) -> str:
    """Jinja's complaint for somebody who never heard of it."""
    if message.startswith("Unexpected end of template"):
        return "An “if” or “for” is not closed: its {% endif %} or {% endfor %} is missing."
    if message.startswith("unexpected end of template"):
        return "Something that begins with {{ or {% is not closed: its }} or %} is missing."
    if "end of print statement" in message:
        return "Between {{ and }} is something that can't be read, or the }} is missing."
    if message.startswith("Missing end of"):
        return "A comment that begins with {# is not closed with #}."
    return f"This can't be read: {message.rstrip('.')}."
