"""Templates: what a marketer writes and what a contact gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from backend.core.message.template import (
    CompiledMessage,
    Rendered,
    TemplateProblem,
    compile_message,
    tokens,
    unknown_tokens,
)

CONTEXT: dict[str, Any] = {
    "contact": {
        "first_name": "Ada <b>",
        "empty": "",
        "none": None,
        "vip": True,
        "whole": 5.0,
        "part": 0.1,
        "list": [1.0, True, "x"],
        "object": {"a": 2.0, "b": None, "ü": "ö"},
        "items": "Records",
        "address": {"city": "Jena"},
        "with space": "here",
    },
    "event": {"order": {"lines": [{"title": "Blue", "price": 9.5}, {"title": "Red", "price": 12.0}]}},
    "unsubscribe_url": "https://shop.example/t/u/x?a=1&b=2",
    "workspace": {"name": "Records & More"},
}


LINES = """
{%- for line in event.order.lines -%}
  {{ loop.index }}. {{ line.title }}
  {%- if not loop.last %}, {% endif -%}
{% endfor %}"""


def rendered(body: str, *, subject: str = "s", context: Mapping[str, Any] = CONTEXT, **more: str) -> Rendered:
    return compile_message({"subject": subject, "body": body, **more}).render(context)


def text(body: str) -> str:
    return rendered(body).body


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("Hi {{ contact.first_name }}", "Hi Ada <b>"),
        ("{{ contact.address.city }} {{ contact['with space'] }} {{ workspace.name }}", "Jena here Records & More"),
        ("{{ event.order.lines[1].title }} {{ event.order.lines[-2].title }}", "Red Blue"),
        # what is missing is empty, however far the dots go
        ("[{{ contact.nothing }}{{ contact.a.b.c }}{{ nobody }}{{ event.x[3].y }}{{ contact.none }}]", "[]"),
        ("{{ contact.first_name.upper }}{{ contact.list.append }}{{ contact.address.keys }}", ""),
        # fallbacks stand in for a gap
        ("{{ contact.nothing | default('there') }}", "there"),
        ("{{ contact.empty | default('there') }}", "there"),
        ("{{ contact.none | default('there') }}", "there"),
        ("{{ contact.a.b | default('there') }}", "there"),
        ("{{ contact.whole | default('there') }}", "5"),
        ("{{ contact.nothing or 'there' }}", "there"),
        # values as a reader sees them
        ("{{ contact.vip }} {{ not contact.vip }}", "true false"),
        ("{{ contact.whole }} {{ contact.part }} {{ 10 / 4 }} {{ 10 / 5 }} {{ 1e3 }}", "5 0.1 2.5 2 1000"),
        ("{{ contact.list }}", '[1, true, "x"]'),
        ("{{ contact.object }}", '{"a": 2, "b": null, "ü": "ö"}'),
        ("{{ contact.vip ~ ' ' ~ contact.whole ~ contact.nothing }}", "true 5"),
        # a field may be called as a method of Python is
        ("{{ contact.items }}", "Records"),
        # the language
        ("{% if contact.vip %}yes{% else %}no{% endif %}", "yes"),
        ("{% if contact.nothing > 5 or contact.nothing < 5 %}yes{% else %}no{% endif %}", "no"),
        ("{% if contact.whole >= 5 and contact.first_name is defined %}yes{% endif %}", "yes"),
        ("{% if contact.none is defined %}yes{% else %}no{% endif %}", "no"),
        (LINES, "1. Blue, 2. Red"),
        ("{% for x in contact.nothing %}x{% else %}none{% endfor %}", "none"),
        ("{% for i in range(2, 8, 2) %}{{ i }}{% endfor %}", "246"),
        ("{% set name = contact.address.city %}{{ name }}{{ name }}", "JenaJena"),
        ("{{ 7 // 2 }} {{ 7 % 2 }} {{ -3 + 1 }} {{ 'a' + 'b' }} {{ 2 * 3 }}", "3 1 -2 ab 6"),
        ("{{ contact.first_name[0] }}{{ contact.first_name[:3] }}", "AAda"),
        ("{{ {'pro': 'Professional'}['pro'] }}{{ 'a' if contact.vip else 'b' }}", "Professionala"),
        ("{# said to nobody #}{% raw %}{{ kept }}{% endraw %}", "{{ kept }}"),
        # filters
        ("{{ 'ada LOVELACE' | title }} {{ 'ada B' | capitalize }}", "Ada Lovelace Ada b"),
        ("{{ 'a' | upper }} {{ 'A' | lower }}", "A a"),
        ("{{ '  a ' | trim }}|{{ 'a-b' | replace('-', '+') }}|{{ 'aaa' | replace('a', 'b', 2) }}", "a|a+b|bba"),
        ("{{ 'one two three' | truncate(8) }}|{{ 'one two three' | truncate(7) }}", "one two…|one…"),
        ("{{ 'one two' | truncate(6, true) }}|{{ 'one' | truncate(3) }}", "one t…|one"),
        ("{{ [3, 1, 2] | sort | join(', ') }}", "1, 2, 3"),
        ("{{ [1, 3] | sort(reverse=true) | first }} {{ [3, 1] | last }}", "3 1"),
        ("{{ [1, 1, 2] | unique | length }} {{ 'abc' | reverse }} {{ [1, 2] | reverse | join }}", "2 cba 21"),
        ("{{ [1, 2] | sum }} {{ [1, 2] | min }} {{ [1, 2] | max }}", "3 1 2"),
        ("{{ -2 | abs }} {{ 1.26 | round(1) }} {{ 1.6 | round }}", "2 1.3 2"),
        ("{{ '5' | int + 1 }} {{ '5.9' | int }} {{ 'x' | int(7) }}", "6 5 7"),
        ("{{ '1.5' | float }} {{ 'x' | float }}", "1.5 0"),
        ("{{ 'a b&c' | urlencode }} {{ {'a': 'b c'} | urlencode }} {{ 'a b' | wordcount }}", "a%20b%26c a=b+c 2"),
        ("{{ '<p>a</p> b' | striptags }} {{ 5.0 | string }} {{ 'ab' | list | join('-') }}", "a b 5 a-b"),
        ("{{ contact.object | tojson }}", '{"a": 2, "b": null, "ü": "ö"}'),
        ("{{ contact.nothing | upper }}{{ contact.nothing | length }}{{ contact.nothing | first }}", "0"),
    ],
)  # fmt: skip
def test_a_template_shows(template: str, shown: str) -> None:
    assert text(template) == shown


def test_plain_text_is_kept_as_it_is() -> None:
    assert text("a < b & c\n\n\tHi\n") == "a < b & c\n\n\tHi\n"


@pytest.mark.parametrize("start", ["<p>", " \n<mjml>", "{# a note #}<div>", "{% set a = 1 %}\n<mjml>"])
def test_html_and_mjml_are_escaped(start: str) -> None:
    body = text(
        start + "{{ contact.first_name }} {{ contact.list }} {{ '<i>' ~ contact.first_name }} {{ unsubscribe_url }}"
    )
    assert body.endswith(
        "Ada &lt;b&gt; [1, true, &#34;x&#34;] &lt;i&gt;Ada &lt;b&gt; https://shop.example/t/u/x?a=1&amp;b=2"
    )


def test_what_is_escaped_by_hand_is_not_escaped_twice() -> None:
    once = "<p>{{ contact.first_name | e }}"
    assert (
        text(once + " {{ (contact.first_name | e) ~ '<' }} {{ [contact.first_name | e, '<'] | join }}")
        == "<p>Ada &lt;b&gt; Ada &lt;b&gt;&lt; Ada &lt;b&gt;&lt;"
    )


def test_json_can_t_leave_a_script() -> None:
    assert "<" not in text("<script>{{ ['</script>'] | tojson }}").removeprefix("<script>")


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("Hi", "text"),
        ("<p>", "html"),
        ("  <mjml>", "mjml"),
        ("{{ contact.html }}", "text"),
        ("{% if true %}<p>{% endif %}", "html"),
    ],
)
def test_the_template_says_which_format_it_is(body: str, written: str) -> None:
    message = compile_message({"subject": "s", "body": body})
    assert message.format == written
    assert message.render({"contact": {"html": "<p>not by me"}}).format == written


def test_the_subject_is_one_line_of_plain_text() -> None:
    message = rendered("b", subject="Hi {{ contact.first_name }}\r\nBcc: all\u2028now")
    assert message.subject == "Hi Ada <b> Bcc: all now"


def test_the_preheader_is_one_too() -> None:
    assert rendered("b", preheader="For {{ contact.first_name }}\nnow").preheader == "For Ada <b> now"
    assert rendered("b").preheader == ""


def test_nothing_need_be_known_of_the_contact() -> None:
    assert rendered("Hi {{ contact.first_name | default('there') }}{{ event.x }}", context={}).body == "Hi there"


def problem_of(message: dict[str, str]) -> TemplateProblem:
    with pytest.raises(TemplateProblem) as caught:
        compile_message(message).render(CONTEXT)
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("one\n{{ contact. }}", 2, "can't be read"),
        ("one\ntwo {{ contact.a", 2, "}} or %} is missing"),
        ("{% if contact.a %}yes", 1, "not closed"),
        ("Hello {{ contact first_name }}", 1, "or the }} is missing"),
        ("{# a note", 1, "comment"),
        ("\n\n{% elephant %}", 3, "elephant"),
        ("a\n{{ contact.a | shout }}", 2, "no filter “shout”"),
        ("a\n{% if contact.a is shouted %}{% endif %}", 2, "no test “shouted”"),
        ("a\nb\n{{ 1 / 0 }}", 3, "divides by zero"),
        ("a\n{{ contact.nothing + 1 }}", 2, "missing"),
        ("a\n{{ contact.first_name - 1 }}", 2, "two numbers"),
        ("a\n{{ contact.first_name > 1 }}", 2, "wrong kind"),
        ("a\n{% for x in 5 %}{% endfor %}", 2, "lists and texts"),
        ("a\n\n{% for x in range(3) %}\n{{ x.y / 1 }}\n{% endfor %}", 4, "missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(body: str, line: int, said: str) -> None:
    problem = problem_of({"subject": "s", "body": body})
    assert (problem.field, problem.line) == ("body", line)
    assert said in problem.sentence
    assert str(problem) == f"body, line {line}: {problem.sentence}"


@pytest.mark.parametrize("part", ["subject", "preheader", "body"])
def test_what_is_wrong_is_named_with_its_part(part: str) -> None:
    assert problem_of({"subject": "s", "body": "b"} | {part: "{{"}).field == part
    assert problem_of({"subject": "s", "body": "b"} | {part: "{{ 1 / 0 }}"}).field == part


def test_one_message_is_rendered_for_many() -> None:
    message = compile_message({"subject": "{{ contact.n }}", "body": "{% set n = contact.n %}{{ n }}"})
    assert isinstance(message, CompiledMessage)
    assert [message.render({"contact": {"n": n}}).body for n in range(3)] == ["0", "1", "2"]


def test_the_tokens_of_a_message_are_known() -> None:
    message = {
        "subject": "{{ contact.first_name | default(contact['nick name']) }}",
        "preheader": "{{ nobody }}",
        "body": "{% for line in event.lines %}{{ line.title }}{% endfor %}"
        "{{ contact.address.city[0] }}{{ unsubscribe_url }}",
    }
    assert tokens(message) == {
        "contact.first_name", "contact.nick name", "nobody", "event.lines", "line.title", "contact.address.city",
        "unsubscribe_url",
    }  # fmt: skip
    assert unknown_tokens(message) == {"nobody"}


def test_a_loop_s_own_names_are_known() -> None:
    body = "{% set a = 1 %}{% for x in range(3) %}{{ loop.index }}{{ x }}{{ a }}{% endfor %}{{ first_name }}"
    assert unknown_tokens({"body": body}) == {"first_name"}
