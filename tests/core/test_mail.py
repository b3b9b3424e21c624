"""What a mail program shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

from backend.core.message.mail import DEPTH_MAX, to_html, to_text, with_preheader
from backend.core.message.template import TemplateProblem


def mjml(inner: str) -> str:
    return f"<mjml><mj-body><mj-section><mj-column><mj-text>{inner}</mj-text></mj-column></mj-section></mj-body></mjml>"


def test_mjml_becomes_html() -> None:
    html = to_html(mjml("Hi <b>Ada</b> &lt;3<br>you"))
    assert html is not None
    assert html.startswith("<!doctype html>")
    assert "Hi <b>Ada</b> &lt;3<br />you" in html


def test_html_stays_and_plain_text_has_none() -> None:
    assert to_html("<p>Hi") == "<p>Hi"
    assert to_html("Hi <b>") is None


def test_the_format_of_the_template_decides_where_it_is_known() -> None:
    written_by_a_contact = "<b>Ada</b>, hello"
    assert to_html(written_by_a_contact, "text") is None
    assert to_text(written_by_a_contact, "text") == written_by_a_contact


@pytest.mark.parametrize(
    "body", ["<mjml>Hi Ada</mjml>", "<mjml><mj-text>Hi Ada</mj-text></mjml>", " <mjml>\n Hi Ada</mjml> \n"]
)
def test_mjml_without_a_frame_gets_one(body: str) -> None:
    html = to_html(body)
    assert html is not None
    assert "Hi Ada" in html


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<mjml><mj-body>", "not closed"),
        ("<mjml><mj-body></mjml>", "not closed"),
        (mjml("a < b"), "&lt;"),
        ("<mjml><mj-body><mj-include path='/etc/passwd' /></mj-body></mjml>", "mj-include"),
        ("<mjml><mj-body><mj-include path='file:///etc/passwd' type='html' /></mj-body></mjml>", "mj-include"),
        ("<mjml><mj-body><mj-include path='http://127.0.0.1/' /></mj-body></mjml>", "mj-include"),
    ],
)
def test_wrong_mjml_is_named(body: str, said: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        to_html(body)
    assert caught.value.field == "body"
    assert said in caught.value.sentence


def test_wrong_mjml_is_named_with_its_line() -> None:
    body = "<mjml>\n<!-- üüüüüüüü -->\n<mj-head></mj-head>\n\nxx\n<mj-body></mj-body>\n</mjml>"
    with pytest.raises(TemplateProblem) as caught:
        to_html(body)
    assert caught.value.line == 5


@pytest.mark.parametrize(
    "tag", ["<div>", "<DIV>", "<BR>", "<_a>", "<é>", "<a:b>", "<div a='/>'>", "<div a=<>", "<div ", "<mj-wrapper>"]
)
def test_mjml_nested_without_end_is_refused_before_it_is_read(tag: str) -> None:
    with pytest.raises(TemplateProblem, match="nested deeper"):
        to_html(mjml(tag * 100_000))


@pytest.mark.slow
def test_what_is_let_through_leaves_room_on_the_stack() -> None:
    """In a process of its own and in a thread with a small stack: the reader's recursion would end the process."""
    deep = mjml("<div>" * (DEPTH_MAX - 10) + "x" + "</div>" * (DEPTH_MAX - 10))
    code = (
        "import sys, threading\n"
        "from backend.core.message.mail import to_html\n"
        "threading.stack_size(512 * 1024)\n"
        "body = sys.stdin.read()\n"
        "worker = threading.Thread(target=lambda: print(len(to_html(body))))\n"
        "worker.start(); worker.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=deep, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi  Ada,</p>\n<p>bye</p>", "Hi Ada,\n\nbye\n"),
        ("<div>one</div><div>two</div>", "one\n\ntwo\n"),
        ("a<br>b<br/>c", "a\nb\nc\n"),
        ("<ul><li>one<li>two</ul>", "- one\n- two\n"),
        ("<a href='https://x.example/?a=1&amp;b=2'>Go</a> now", "Go (https://x.example/?a=1&b=2) now\n"),
        ("<a href='https://x.example'>https://x.example</a>", "https://x.example\n"),
        ("<a href='#top'>Top</a><a>none</a>", "Topnone\n"),
        ("<a href='https://x.example'><img src='a.png' alt='Shop'></a>", "Shop (https://x.example)\n"),
        ("<a href='https://x.example'><img src='a.png'></a>", "https://x.example\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc\n"),
        ("<head><title>T</title><style>p{}</style></head><body>x<script>y</script></body>", "x\n"),
        ("<div style='display:none'>unseen<p>too</p></div>seen", "seen\n"),
        ("a &amp; b &lt;c&gt; &uuml; &#34;", 'a & b <c> ü "\n'),
        ("<!-- no --><!--[if mso]><p>no</p><![endif]-->yes", "yes\n"),
        ("<p>a<![weird[x]]>b", "a b\n"),
    ],
)
def test_the_text_part_reads_like_the_html(html: str, text: str) -> None:
    assert to_text(html, "html") == text


def test_the_text_part_of_mjml() -> None:
    assert to_text(mjml("Hi Ada <a href='https://x.example'>Go</a>")) == "Hi Ada Go (https://x.example)\n"


def test_the_text_part_of_plain_text_is_itself() -> None:
    assert to_text("Hi\n\n  Ada") == "Hi\n\n  Ada"


def test_the_preheader_stands_unseen_at_the_start() -> None:
    html = to_html(mjml("Hi"))
    assert html is not None
    shown = with_preheader(html, "Look <here>")
    assert "Look &lt;here&gt;</div><div" in shown
    assert shown.index("<body") < shown.index("Look") < shown.index("Hi")
    assert to_text(shown, "html") == "Hi\n"
    assert with_preheader("<p>Hi", "Look").endswith("Look</div><p>Hi")
    assert with_preheader(html, " ") == html
