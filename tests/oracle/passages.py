"""What the referee keeps: the journey's graph, a contact as it stands, its passages and their messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from tests.oracle.conditions import Event, Rule, is_missing, is_number
from tests.oracle.moments import zone_named

Node = Mapping[str, Any]
FIXED_FIELDS = ("user_id", "created_at")


@dataclass(frozen=True)
class Journey:
    """The document, looked up by node and by edge; nodes keep their order."""

    nodes: Mapping[str, Node]
    edges: Mapping[tuple[str, str], str]
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Journey:
        return cls(
            nodes={node["id"]: node for node in document["nodes"]},
            edges={(edge["from"], edge["port"]): edge["to"] for edge in document["edges"]},
            settings=document.get("settings") or {},
        )

    @property
    def zone(self) -> tzinfo:
        return zone_named(self.settings.get("timezone")) or UTC

    @property
    def exit_rule(self) -> Rule | None:
        return self.settings.get("exit")

    @property
    def reentry(self) -> Mapping[str, Any]:
        return self.settings.get("reentry") or {}

    def of_kind(self, kind: str) -> Iterator[Node]:
        return (node for node in self.nodes.values() if node["type"] == kind)


class Contact:
    """A person's fields and tags, counting the writes that really changed something."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields: dict[str, Any] = {"unsubscribed": False}
        self.tags: set[str] = set()
        self.changes = 0
        self.user_id = str(fields["user_id"])
        self.update({name: value for name, value in fields.items() if name not in FIXED_FIELDS})
        self.fields["user_id"] = self.user_id

    def update(self, values: Mapping[str, Any]) -> None:
        """Write fields; an empty value takes the field away, an equal one changes nothing."""
        for name, value in values.items():
            if name in FIXED_FIELDS:
                continue
            value = value is True if name == "unsubscribed" else value
            if not is_equal(self.fields.get(name), value):
                self.changes += 1
                self.fields[name] = value

    def retag(self, *, add: list[str], remove: list[str]) -> None:
        tags = (self.tags | set(add)) - set(remove)
        if tags != self.tags:
            self.changes += 1
            self.tags = tags


def is_equal(old: object, new: object) -> bool:
    """Whether writing `new` over `old` changes nothing: 1 is 1.0 but not true, and nothing is the empty text."""
    if is_missing(old) or is_missing(new):
        return is_missing(old) and is_missing(new)
    if is_number(old) and is_number(new):
        return old == new
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(is_equal, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(is_equal(old[key], new[key]) for key in old)
    return type(old) is type(new) and old == new


@dataclass
class Visit:
    """A passage's stay at one node: one row of steps.csv."""

    node: str
    at: int
    port: str = ""


@dataclass
class Message:
    """One send, kept in the order the contact's messages were made."""

    passage: int
    node: str
    at: int
    state: str = "pending"
    reason: str = ""
    sent_at: int | None = None
    is_opened: bool = False
    is_clicked: bool = False

    def reached(self) -> set[str]:
        """The states a condition can ask this message for."""
        states = {"sent"} if self.state == "sent" else set()
        if self.is_opened or self.is_clicked:
            states.add("opened")
        if self.is_clicked:
            states.add("clicked")
        return states


@dataclass
class Passage:
    """One way of a contact through the journey.

    `state`: inside, completed or exited. `first_event`: how many events had been looked at when it began, so
    that those after the one that started it are `seen[first_event:]`. `due`: when the rest ends by itself.
    """

    number: int
    entered_at: int
    first_event: int
    visits: list[Visit]
    state: str = "inside"
    due: int | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def here(self) -> Visit:
        return self.visits[-1]

    @property
    def is_inside(self) -> bool:
        return self.state == "inside"

    def reached(self) -> set[tuple[str, str]]:
        return {(message.node, state) for message in self.messages for state in message.reached()}


@dataclass
class History:
    """Everything one contact went through: what the rows and the counts are made of."""

    contact: Contact
    seen: list[Event] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
