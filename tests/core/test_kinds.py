"""Each kind in one table: what it takes, the ways out it has, the op it becomes, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.journey.document import load
from backend.core.journey.graph import Graph, JourneySettings, Node
from backend.core.journey.kinds import KINDS, kind_problem, lower
from backend.core.journey.kinds.designed import DESIGNED
from backend.core.journey.kinds.kind import FAMILIES
from backend.core.journey.ops import (
    Choose,
    End,
    HoldFor,
    HoldForEvent,
    Op,
    Send,
    Split,
    StartByHand,
    StartOnEvent,
    Tag,
    Update,
)
from backend.core.segment.rule import Field, HasTag, Not

DAY_MS = 86_400_000
DAY = {"amount": 1, "unit": "days"}
IS_PRO = {"field": "plan", "op": "is", "value": "pro"}
TO_NOBODY = {"message": "n", "was": "sent"}
PRO = Field("plan", "is", "pro")
MAIL = {"subject": "Hi", "body": "Bye: {{ unsubscribe_url }}"}

Config = dict[str, Any]


def shares(*sizes: object) -> Config:
    return {"shares": [{"port": f"p{at}", "share": size} for at, size in enumerate(sizes)]}


def branch(port: str = "pro", when: object = IS_PRO, **more: object) -> Config:
    return {"port": port, "when": when, **more}


def problems_of(kind: str, config: object) -> list[tuple[str, str, str | None]]:
    """(severity, code, field) of a node of that kind, by the document that holds it."""
    data = {
        "format": "sojourn/journey@1",
        "name": "One",
        "edges": [],
        "nodes": [{"id": "n", "type": kind, "config": config}],
    }
    _, problems = load(data)
    for problem in problems:
        assert problem.node == "n"
        assert problem.message.endswith((".", "?"))
    return [(problem.severity, problem.code, problem.field) for problem in problems]


RIGHT: list[tuple[str, Config, tuple[str, ...], Op]] = [
    ("trigger.event", {"event": "Signed Up"}, ("next",), StartOnEvent("Signed Up", None)),
    ("trigger.event", {"event": "Signed Up", "where": None}, ("next",), StartOnEvent("Signed Up", None)),
    ("trigger.event", {"event": "Signed Up", "where": IS_PRO}, ("next",), StartOnEvent("Signed Up", PRO)),
    ("trigger.manual", {}, ("next",), StartByHand()),
    ("wait.for", {"duration": DAY}, ("next",), HoldFor(DAY_MS)),
    ("wait.for", {"duration": DAY, "late": None}, ("next",), HoldFor(DAY_MS)),
    ("wait.event", {"event": "Bought"}, ("happened",), HoldForEvent("Bought", None, None, "wait")),
    (
        "wait.event",
        {"event": "Bought", "where": IS_PRO, "timeout": DAY, "since": "entry"},
        ("happened", "timeout"),
        HoldForEvent("Bought", PRO, DAY_MS, "entry"),
    ),
    (
        "wait.event",
        {"event": "Bought", "where": None, "timeout": None, "since": None},
        ("happened",),
        HoldForEvent("Bought", None, None, "wait"),
    ),
    ("branch.if", {"branches": [branch()]}, ("pro", "else"), Choose((("pro", PRO),))),
    (
        "branch.if",
        {"branches": [branch("b", label="B"), branch("a", {"not": {"has_tag": "x"}}, label=None)]},
        ("b", "a", "else"),
        Choose((("b", PRO), ("a", Not(HasTag("x"))))),
    ),
    ("branch.split", shares(50, 50), ("p0", "p1"), Split((("p0", 5000), ("p1", 5000)))),
    (
        "branch.split",
        shares(33.33, 33.33, 33.34),
        ("p0", "p1", "p2"),
        Split((("p0", 3333), ("p1", 3333), ("p2", 3334))),
    ),
    ("branch.split", shares(0.01, 99.99), ("p0", "p1"), Split((("p0", 1), ("p1", 9999)))),
    ("branch.split", shares(100, 0), ("p0", "p1"), Split((("p0", 10_000), ("p1", 0)))),
    ("send.email", MAIL, ("next",), Send("email", "marketing", MAIL)),
    (
        "send.email",
        MAIL | {"purpose": "transactional", "from": "Ada <ada@shop.example>", "preheader": "Look"},
        ("next",),
        Send(
            "email",
            "transactional",
            MAIL | {"purpose": "transactional", "from": "Ada <ada@shop.example>", "preheader": "Look"},
        ),
    ),
    ("send.email", MAIL | {"preheader": None, "from": None}, ("next",), Send("email", "marketing", MAIL)),
    (
        "update.contact",
        {"set": {"plan": "pro", "age": 5, "vip": True, "old": None, "likes": ["a", "b"]}},
        ("next",),
        Update((("age", 5), ("likes", ["a", "b"]), ("old", None), ("plan", "pro"), ("vip", True))),
    ),
    (
        "update.contact",
        {"set": {"unsubscribed": True, "timezone": "Europe/Berlin", "email": None, "phone": "1"}},
        ("next",),
        Update((("email", None), ("phone", "1"), ("timezone", "Europe/Berlin"), ("unsubscribed", True))),
    ),
    ("tag", {"add": ["a", "b", "a"], "remove": ["c"]}, ("next",), Tag(("a", "b"), ("c",))),
    ("tag", {"add": None, "remove": ["c"]}, ("next",), Tag((), ("c",))),
    ("exit", {}, (), End()),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "config", "ports", "op"), RIGHT)
def test_a_right_config_has_its_ports_and_becomes_its_op(
    kind: str, config: Config, ports: tuple[str, ...], op: Op
) -> None:
    node = Node("n", kind, config)
    graph = Graph("One", (node,), (), JourneySettings())
    assert problems_of(kind, config) == []
    assert KINDS[kind].ports(config) == ports
    assert lower(node, graph) == op


@pytest.mark.parametrize(
    ("kind", "config", "code", "field"),
    [
        ("trigger.event", {}, "missing", "config.event"),
        ("trigger.event", {"event": " "}, "missing", "config.event"),
        ("trigger.event", {"event": 5}, "invalid_value", "config.event"),
        ("trigger.event", {"event": "x" * 1001}, "too_large", "config.event"),
        ("trigger.event", {"event": "a", "were": None}, "unknown_key", "config.were"),
        ("trigger.event", {"event": "a", "where": {"did": "b"}}, "not_in_where", "config.where.did"),
        ("trigger.event", {"event": "a", "where": []}, "invalid_condition", "config.where"),
        ("trigger.manual", {"event": "a"}, "unknown_key", "config.event"),
        ("wait.for", {}, "missing", "config.duration"),
        ("wait.for", {"duration": None}, "missing", "config.duration"),
        ("wait.for", {"duration": 5}, "invalid_duration", "config.duration"),
        ("wait.for", {"duration": {"amount": 0, "unit": "days"}}, "invalid_duration", "config.duration.amount"),
        ("wait.for", {"duration": {"amount": 1, "unit": "years"}}, "invalid_duration", "config.duration.unit"),
        ("wait.for", {"duration": DAY, "late": {"send_within": DAY}}, "not_available", "config.late"),
        ("wait.event", {}, "missing", "config.event"),
        ("wait.event", {"event": "a", "timeout": "soon"}, "invalid_duration", "config.timeout"),
        ("wait.event", {"event": "a", "since": "ever"}, "invalid_value", "config.since"),
        ("wait.event", {"event": "a", "where": {"has_tag": "b"}}, "not_in_where", "config.where.has_tag"),
        ("wait.event", {"event": "a", "late": {}}, "not_available", "config.late"),
        ("branch.if", {}, "missing", "config.branches"),
        ("branch.if", {"branches": []}, "missing", "config.branches"),
        ("branch.if", {"branches": {}}, "invalid_value", "config.branches"),
        ("branch.if", {"branches": [5]}, "invalid_value", "config.branches.0"),
        ("branch.if", {"branches": [branch("else")]}, "duplicate_port", "config.branches.0.port"),
        ("branch.if", {"branches": [branch("a b")]}, "invalid_name", "config.branches.0.port"),
        ("branch.if", {"branches": [branch(""), ]}, "invalid_name", "config.branches.0.port"),
        ("branch.if", {"branches": [{"port": "a"}]}, "missing", "config.branches.0.when"),
        ("branch.if", {"branches": [branch(when=None)]}, "missing", "config.branches.0.when"),
        ("branch.if", {"branches": [branch(when={"field": "a"})]}, "unknown_op", "config.branches.0.when.op"),
        ("branch.if", {"branches": [branch(when=TO_NOBODY)]}, "unknown_message", "config.branches.0.when.message"),
        ("branch.if", {"branches": [branch(label=5)]}, "invalid_value", "config.branches.0.label"),
        ("branch.if", {"branches": [branch(colour=5)]}, "unknown_key", "config.branches.0.colour"),
        ("branch.split", {}, "missing", "config.shares"),
        ("branch.split", shares(100), "missing", "config.shares"),
        ("branch.split", shares(50, 49.99), "shares_not_100", "config.shares"),
        ("branch.split", shares(33.333, 66.67), "invalid_share", "config.shares.0.share"),
        ("branch.split", shares(101, 0), "invalid_share", "config.shares.0.share"),
        ("branch.split", shares(50, "50"), "invalid_value", "config.shares.1.share"),
        ("branch.split", shares(50, True), "invalid_value", "config.shares.1.share"),
        ("branch.split", {"shares": [{"port": "a", "share": 50}] * 2}, "duplicate_port", "config.shares.1.port"),
        ("send.email", {"body": MAIL["body"]}, "missing", "config.subject"),
        ("send.email", {"subject": "s", "body": "\n"}, "missing", "config.body"),
        ("send.email", MAIL | {"purpose": "spam"}, "invalid_value", "config.purpose"),
        ("send.email", MAIL | {"from": "Ada"}, "invalid_address", "config.from"),
        ("send.email", MAIL | {"from": "ada@a.example, ben@a.example"}, "invalid_address", "config.from"),
        ("send.email", MAIL | {"from": "Ada <a@b>\nBcc: c@d"}, "invalid_address", "config.from"),
        ("send.email", MAIL | {"subject": "Hi {{ contact."}, "invalid_template", "config.subject"),
        ("send.email", MAIL | {"body": "<mjml><mj-body><mj-text></mj-body></mjml>"}, "invalid_template", "config.body"),
        ("send.email", MAIL | {"cc": "a"}, "unknown_key", "config.cc"),
        ("update.contact", {}, "missing", "config.set"),
        ("update.contact", {"set": {}}, "missing", "config.set"),
        ("update.contact", {"set": []}, "invalid_value", "config.set"),
        ("update.contact", {"set": {"user_id": "a"}}, "fixed_field", "config.set.user_id"),
        ("update.contact", {"set": {"created_at": "a"}}, "fixed_field", "config.set.created_at"),
        ("update.contact", {"set": {"unsubscribed": "true"}}, "invalid_value", "config.set.unsubscribed"),
        ("update.contact", {"set": {"unsubscribed": None}}, "invalid_value", "config.set.unsubscribed"),
        ("update.contact", {"set": {"timezone": "Mars/Base"}}, "invalid_value", "config.set.timezone"),
        ("update.contact", {"set": {"email": 5}}, "invalid_value", "config.set.email"),
        ("update.contact", {"set": {"a": {"b": 1}}}, "invalid_value", "config.set.a"),
        ("update.contact", {"set": {"a": [1]}}, "invalid_value", "config.set.a"),
        ("update.contact", {"set": {"": 1}}, "invalid_name", "config.set."),
        ("update.contact", {"set": {"a": "x" * 10_001}}, "too_large", "config.set.a"),
        ("tag", {}, "missing", "config.add"),
        ("tag", {"add": [], "remove": []}, "missing", "config.add"),
        ("tag", {"add": ["a", ""]}, "missing", "config.add.1"),
        ("tag", {"add": "a"}, "invalid_value", "config.add"),
        ("tag", {"remove": [5]}, "invalid_value", "config.remove.0"),
        ("exit", {"after": 1}, "unknown_key", "config.after"),
    ],
)  # fmt: skip
def test_a_wrong_config_is_refused_at_its_place(kind: str, config: Config, code: str, field: str) -> None:
    assert problems_of(kind, config) == [("error", code, field)]


def test_everything_wrong_in_one_config_comes_at_once() -> None:
    config = {"branches": [{"port": "else", "when": {"field": ""}}, {"port": "a b", "label": 5}], "more": 1}
    assert sorted(problems_of("branch.if", config)) == [
        ("error", "duplicate_port", "config.branches.0.port"),
        ("error", "invalid_name", "config.branches.1.port"),
        ("error", "invalid_value", "config.branches.1.label"),
        ("error", "missing", "config.branches.0.when.field"),
        ("error", "missing", "config.branches.1.when"),
        ("error", "unknown_key", "config.more"),
        ("error", "unknown_op", "config.branches.0.when.op"),
    ]


def test_two_branches_that_ask_the_same_are_a_warning() -> None:
    again = dict(reversed(IS_PRO.items()))
    assert problems_of("branch.if", {"branches": [branch("a"), branch("b", again)]}) == [
        ("warning", "same_condition", "config.branches.1.when")
    ]


def test_true_and_one_are_not_the_same() -> None:
    one, true = ({"field": "a", "op": "is", "value": value} for value in (1, True))
    assert problems_of("branch.if", {"branches": [branch("a", one), branch("b", true)]}) == []


@pytest.mark.parametrize("name", DESIGNED)
def test_a_designed_kind_that_is_not_built_says_so(name: str) -> None:
    assert problems_of(name, {}) == [("error", "not_available", "type")]
    assert name not in KINDS


def test_any_other_kind_is_unknown() -> None:
    assert problems_of("wait.forever", {}) == [("error", "unknown_kind", "type")]
    assert kind_problem(Node("n", "exit", {})) is None


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_can_be_shown_in_a_palette(kind: Any) -> None:
    assert kind.family in FAMILIES
    assert kind.title
    assert kind.help.endswith(".")
    schema = kind.json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema.get("required", [])) <= set(schema["properties"])


def test_only_waits_take_time() -> None:
    def takes_time(kind: str, port: str, **config: object) -> bool:
        return KINDS[kind].takes_time(config, port)

    assert takes_time("wait.for", "next")
    assert takes_time("wait.event", "happened")
    assert takes_time("wait.event", "timeout", since="entry")
    assert not takes_time("wait.event", "happened", since="entry")
    assert not any(kind.takes_time({}, "next") for name, kind in KINDS.items() if kind.family != "wait")


@pytest.mark.parametrize(
    ("kind", "config", "words"),
    [
        ("trigger.event", {}, "No event is named yet."),
        ("wait.event", {"event": ""}, "No event is named yet."),
        ("branch.if", {"branches": [{"port": "yes", "when": None}]}, "This way has no condition yet."),
        ("send.email", {"body": "Hi"}, "The message has no subject yet."),
        ("send.email", {"subject": "Hi", "body": " "}, "The message has no text yet."),
    ],
)
def test_what_is_not_filled_in_yet_is_said_in_a_marketers_words(kind: str, config: Config, words: str) -> None:
    node = {"id": "n", "type": kind, "config": config}
    _, problems = load({"format": "sojourn/journey@1", "name": "One", "edges": [], "nodes": [node]})
    assert words in [problem.message for problem in problems if problem.code == "missing"]
