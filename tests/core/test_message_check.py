"""What a send step's content is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from backend.core.message.check import content_problems

FINE = {"subject": "Hi", "body": "Bye: {{ unsubscribe_url }}"}


def found(content: Mapping[str, object], *, is_marketing: bool = True) -> list[tuple[str, str, str | None]]:
    problems = content_problems(content, node="hello", is_marketing=is_marketing)
    assert all(problem.node == "hello" and problem.fix for problem in problems)
    return [(problem.severity, problem.code, problem.field) for problem in problems]


def test_a_right_message_is_let_through() -> None:
    assert found(FINE) == []


def test_every_part_that_can_t_be_read_is_named() -> None:
    content = {"subject": "{{", "preheader": "{% if %}", "body": "a\n{{ b | shout }}"}
    assert found(content) == [
        ("error", "invalid_template", "config.subject"),
        ("error", "invalid_template", "config.preheader"),
        ("error", "invalid_template", "config.body"),
    ]
    message = content_problems(content, node="hello", is_marketing=True)[-1].message
    assert message == "Line 2: There is no filter “shout”."


def test_mjml_is_tried_before_anybody_gets_it() -> None:
    assert found(FINE | {"body": "<mjml><mj-body><mj-text>{{ unsubscribe_url }}</mj-body></mjml>"}) == [
        ("error", "invalid_template", "config.body")
    ]


def test_mjml_that_calculates_with_a_value_is_let_through() -> None:
    body = "<mjml><mj-body><mj-section><mj-column><mj-text>{{ event.total * 2 }} {{ unsubscribe_url }}</mj-text>"
    assert found(FINE | {"body": body + "</mj-column></mj-section></mj-body></mjml>"}) == []


@pytest.mark.parametrize("body", ["Hello", "<p>Hello", "<mjml><mj-body><mj-text>Hello</mj-text></mj-body></mjml>"])
def test_marketing_without_a_way_out_is_a_warning(body: str) -> None:
    assert found(FINE | {"body": body}) == [("warning", "no_unsubscribe_link", "config.body")]
    assert found(FINE | {"body": body}, is_marketing=False) == []


def test_a_token_nobody_ever_fills_is_a_warning() -> None:
    assert found(FINE | {"subject": "Hi {{ first_name }}"}) == [("warning", "unknown_token", "config.subject")]


def test_what_is_no_text_is_left_to_the_shape() -> None:
    assert found({"subject": 5, "body": None}) == []
