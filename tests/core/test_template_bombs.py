"""Templates that mean harm: no way to Python, no way to fill memory or time."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest

from backend.core.message.template import TemplateProblem, compile_message

CONTEXT: dict[str, Any] = {
    "contact": {"name": "Ada", "long": "x" * 100_000, "list": list(range(500)), "n": 5},
    "event": {"a": {"b": "c"}},
}
TEN = "aaaaaaaaaa"


def doubling(operator: str, seed: str) -> str:
    """{% set a0 = … %}{% set a1 = a0 + a0 %} and so on: forty lines make a million million."""
    lines = [f"{{% set a{n + 1} = a{n} {operator} a{n} %}}" for n in range(40)]
    return f"{{% set a0 = {seed} %}}" + "".join(lines) + "{{ a40 }}"


BOMBS = {
    "text times a number": "{{ 'A' * 200000000 }}",
    "a number times text": "{{ 200000000 * contact.name }}",
    "a list times a number": "{{ [1] * 200000000 }}",
    "percent formatting": "{{ '%0300000000d' % 1 }}",
    "center": "{{ 'a' | center(300000000) }}",
    "indent": "{{ 'a' | indent(300000000) }}",
    "format": "{{ '{:>300000000}' | format(1) }}",
    "str.format": "{{ '{:>300000000}'.format(1) }}",
    "wide range": "{{ range(100000000) | join }}",
    "nested ranges": "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}",
    "three loops": "{% for a in range(9) %}" * 3 + "x" + "{% endfor %}" * 3,
    "loops beside each other": "{% for a in range(1000) %}" + "{{ a }}" * 200 + "{% endfor %}",
    "a loop over letters": "{% for a in contact.long %}{{ a }}{% endfor %}",
    "doubling by ~": doubling("~", f"'{TEN}'"),
    "doubling by +": doubling("+", f"'{TEN}'"),
    "doubling a list": doubling("+", "[1, 2]"),
    "squaring": doubling("*", "99999999"),
    "doubling in a loop": "{% for a in range(100) %}{% set b = contact.long ~ contact.long %}{% endfor %}",
    "a block set aside": "{% set a %}x{% endset %}",
    "replacing": "{{ '" + TEN + "'" + f" | replace('a', '{TEN}')" * 20 + " }}",
    "replacing nothing": "{{ contact.long | replace('', contact.long) }}",
    "joining": "{{ contact.list | join(contact.long) }}",
    "quoting again and again": "{% set a = '\"\\\\' %}" + "{% set a = a | tojson | string %}" * 40 + "{{ a }}",
    "a power": "{{ 99999 ** 99999999 }}",
    "a great number": "{{ 9" + "9" * 5000 + " }}",
    "rounding far away": "{{ 5 | round(-999999999) }}",
    "much output": "{{ contact.long }}" * 11,
    "deep brackets": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep lists": "{{ " + "[" * 3000 + "]" * 3000 + " }}",
    "a long sum": "{{ " + "1+" * 20_000 + "1 }}",
    "many tokens": "{{ a }}" * 20_000,
    "deep ifs": "{% if a %}" * 300 + "{% endif %}" * 300,
    "lorem ipsum": "{{ lipsum(n=20000) }}",
    "recursion": "{% for x in 'ab' recursive %}{{ loop('ab') }}{% endfor %}",
    "a macro": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
}  # fmt: skip

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ contact.__class__.__mro__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact | attr('__class__') }}",
    "{{ contact._private }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner() }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ contact.items() }}",
    "{{ contact.name.format(1) }}",
    "{{ contact.name.format_map({}) }}",
    "{{ range.__name__ }}",
    "{{ range(*[1]) }}",
    "{{ range(5, step=1) }}",
    "{{ [1] | map('upper') }}",
    "{{ [1] | select('callable') }}",
    "{{ 'a' | xmlattr }}",
    "{{ 'a' | safe }}",
    "{{ 'a' | pprint }}",
    "{{ 1 is callable }}",
    "{{ 1 is filter }}",
    "{{ loop.cycle('a', 'b') }}",
    "{% include 'secret' %}",
    "{% import 'secret' as s %}",
    "{% from 'secret' import s %}",
    "{% extends 'secret' %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% call a() %}{% endcall %}",
    "{% autoescape false %}a{% endautoescape %}",
    "{% do a %}",
]


def refusal(body: str) -> TemplateProblem:
    with pytest.raises(TemplateProblem) as caught:
        compile_message({"subject": "s", "body": body}).render(CONTEXT)
    return caught.value


@pytest.mark.slow
@pytest.mark.parametrize("body", BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_is_stopped_in_a_moment(body: str) -> None:
    started = time.process_time()
    assert refusal(body).field == "body"
    assert time.process_time() - started < 2  # tens of milliseconds; the rest is for a busy machine


@pytest.mark.slow
@pytest.mark.parametrize("body", BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_takes_little_memory(body: str) -> None:
    tracemalloc.start()
    try:
        refusal(body)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("body", ESCAPES)
def test_no_template_reaches_python(body: str) -> None:
    assert refusal(body).line == 1


@pytest.mark.parametrize(
    "token",
    [
        "cycler",
        "joiner",
        "lipsum",
        "namespace",
        "dict",
        "range",
        "config",
        "request",
        "environment",
        "super",
        "caller",
        "budget",
    ],
)
def test_a_name_of_the_library_is_just_an_unknown_token(token: str) -> None:
    assert compile_message({"subject": "s", "body": f"[{{{{ {token} }}}}]"}).render(CONTEXT).body == "[]"


def test_the_budget_is_for_all_parts_of_a_message_together() -> None:
    half = "{% set a = contact.long %}" + "{% set a = a ~ contact.long %}" * 6
    one = {"subject": half, "body": "b"}
    compile_message(one).render(CONTEXT)
    with pytest.raises(TemplateProblem, match="far more text"):
        compile_message(one | {"body": half, "preheader": half}).render(CONTEXT)


def test_a_long_honest_list_is_let_through() -> None:
    rows = [{"title": f"Record {n}", "price": n} for n in range(500)]
    row = "<li>{{ loop.index }} {{ row.title | upper }} {{ row.price }}</li>"
    body = f"<ul>{{% for row in event.rows %}}{row}{{% endfor %}}</ul>"
    rendered = compile_message({"subject": "s", "body": body}).render({"event": {"rows": rows}})
    assert rendered.body.count("<li>") == 500
