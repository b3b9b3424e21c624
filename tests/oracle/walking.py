"""How one contact's passages start, move and leave: events, due times, changes, messages."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

from tests.oracle.conditions import Event, Rule, View, holds, is_missing, matches
from tests.oracle.moments import duration_ms
from tests.oracle.passages import History, Journey, Message, Node, Passage, Visit

PRIME = 2**31 - 1
IDENTIFY = "$identify"
OPENINGS = {"Email Opened": "is_opened", "Email Clicked": "is_clicked"}
VISITS_MAX = 100_000  # a journey that turns without time passing is the author's mistake: stop, loudly


class Walk:
    """Carries the passages of one contact; every method is told the instant it happens at."""

    def __init__(self, journey: Journey, history: History) -> None:
        self.journey = journey
        self.history = history
        self.contact = history.contact

    # What can happen to a contact

    def enroll(self, at: int) -> None:
        """Start a passage by the first `trigger.manual`, when re-entry allows it."""
        for trigger in self.journey.of_kind("trigger.manual"):
            self.start(trigger, at)
            return

    def look_at(self, event: Event) -> None:
        """Carry one event all the way: passages already inside first, then the triggers."""
        if event.name == IDENTIFY:
            changes = self.contact.changes
            self.contact.update(event.properties)
            self.look_at_changes_since(changes, event.at)
            return
        self.history.seen.append(event)
        self.mark_opening(event)
        for passage in self.inside():
            if passage.is_inside and not self.is_pulled_out(passage, event.at):
                self.end_wait_by(passage, event)
        for trigger in self.journey.of_kind("trigger.event"):
            config = trigger["config"]
            if config["event"] == event.name and matches(config.get("where"), event, self.view(event.at)):
                self.start(trigger, event.at)
                return

    def remember(self, event: Event) -> None:
        """An event from before the start: conditions see it, nobody moves."""
        if event.name == IDENTIFY:
            self.contact.update(event.properties)
        else:
            self.history.seen.append(event)

    def release_due(self, at: int) -> None:
        """End the waits whose time has come, in order of passage number."""
        for passage in self.inside():
            if passage.is_inside and passage.due is not None and passage.due <= at:
                port = "timeout" if self.kind_at(passage) == "wait.event" else "next"
                self.leave_rest(passage, port, at)

    def send_pending(self, at: int) -> None:
        """Claim the pending messages: consent and address are read now, not when they were made."""
        for message in self.history.messages:
            if message.state != "pending":
                continue
            reason = self.reason_to_skip(message)
            message.state, message.reason = ("skipped", reason) if reason else ("sent", "")
            message.sent_at = None if reason else at

    # Starting, moving, leaving

    def start(self, trigger: Node, at: int) -> None:
        if not self.may_enter(at):
            return
        passage = Passage(
            number=len(self.history.passages) + 1,
            entered_at=at,
            first_event=len(self.history.seen),
            visits=[Visit(trigger["id"], at)],
        )
        self.history.passages.append(passage)
        self.leave_rest(passage, "next", at)

    def may_enter(self, at: int) -> bool:
        passages, reentry = self.history.passages, self.journey.reentry
        if not passages:
            return True
        not_before = reentry.get("not_before")
        if not_before and at < passages[-1].entered_at + duration_ms(not_before):
            return False
        match reentry.get("allow", "never"):
            case "always":
                return True
            case "after_exit":
                return not self.inside()
        return False

    def leave_rest(self, passage: Passage, port: str, at: int) -> None:
        """One leg: the rules are read, the passage goes to its next rest, its changes are looked at there."""
        if self.is_pulled_out(passage, at):
            return
        changes = self.contact.changes
        passage.due = None
        self.walk_to_rest(passage, port, at)
        arrival = passage.here
        self.look_at_changes_since(changes, at)
        if passage.is_inside and passage.here is arrival and self.has_happened_already(passage):
            self.leave_rest(passage, "happened", at)

    def walk_to_rest(self, passage: Passage, port: str | None, at: int) -> None:
        while port is not None:
            passage.here.port = port
            node = self.journey.nodes[self.journey.edges[passage.here.node, port]]
            passage.visits.append(Visit(node["id"], at))
            assert len(passage.visits) < VISITS_MAX, f"endless: {node['id']}"
            port = ARRIVALS[node["type"]](self, passage, node, at)

    def is_pulled_out(self, passage: Passage, at: int) -> bool:
        """Read the exit rule; when it holds the passage leaves, and its unclaimed messages with it."""
        rule = self.journey.exit_rule
        if rule is None or not holds(rule, self.view(at, passage, since_entry=True)):
            return False
        passage.here.port, passage.state, passage.due = "!exit", "exited", None
        for message in passage.messages:
            if message.state == "pending":
                message.state, message.reason = "skipped", "left"
        return True

    def look_at_changes_since(self, changes: int, at: int) -> None:
        """When the contact changed, read the rules of all its passages at rest."""
        if self.contact.changes == changes:
            return
        for passage in self.inside():
            if passage.is_inside:
                self.is_pulled_out(passage, at)

    # Waiting for events

    def end_wait_by(self, passage: Passage, event: Event) -> None:
        if self.kind_at(passage) == "wait.event" and self.is_awaited(passage, event, event.at):
            self.leave_rest(passage, "happened", event.at)

    def has_happened_already(self, passage: Passage) -> bool:
        """`since: entry`: the awaited event came after the one that started the passage, before or on arrival."""
        if self.kind_at(passage) != "wait.event" or self.config_at(passage).get("since") != "entry":
            return False
        events = self.history.seen[passage.first_event :]
        return any(self.is_awaited(passage, event, passage.here.at) for event in events)

    def is_awaited(self, passage: Passage, event: Event, at: int) -> bool:
        config = self.config_at(passage)
        return config["event"] == event.name and matches(config.get("where"), event, self.view(at))

    # Messages

    def mark_opening(self, event: Event) -> None:
        """`Email Opened` and `Email Clicked` mark the contact's latest sent message of the node they name."""
        fact, node = OPENINGS.get(event.name), event.properties.get("node")
        sent = [message for message in self.history.messages if message.state == "sent" and message.node == node]
        if fact and sent:
            setattr(max(sent, key=lambda message: (message.sent_at, message.at, message.passage)), fact, True)

    def reason_to_skip(self, message: Message) -> str:
        email = self.contact.fields.get("email")
        if is_missing(email) or not isinstance(email, str):
            return "no_address"
        is_marketing = self.journey.nodes[message.node]["config"].get("purpose", "marketing") == "marketing"
        return "unsubscribed" if is_marketing and self.contact.fields["unsubscribed"] else ""

    # Arriving at a node: the port to go on by, or None to stay

    def arrive_at_wait_for(self, passage: Passage, node: Node, at: int) -> str | None:
        passage.due = at + duration_ms(node["config"]["duration"])
        return None

    def arrive_at_wait_event(self, passage: Passage, node: Node, at: int) -> str | None:
        timeout = node["config"].get("timeout")
        passage.due = at + duration_ms(timeout) if timeout else None
        return None

    def arrive_at_if(self, passage: Passage, node: Node, at: int) -> str | None:
        for branch in node["config"]["branches"]:
            if holds(branch["when"], self.view(at, passage)):
                return str(branch["port"])
        return "else"

    def arrive_at_split(self, passage: Passage, node: Node, at: int) -> str | None:
        slot, upto = split_slot(self.contact.user_id, node["id"], passage.number), 0
        for share in node["config"]["shares"]:
            upto += round(share["share"] * 100)
            if upto > slot:
                return str(share["port"])
        raise AssertionError(f"the shares of {node['id']} do not sum to 100")

    def arrive_at_send(self, passage: Passage, node: Node, at: int) -> str | None:
        message = Message(passage.number, node["id"], at)
        passage.messages.append(message)
        self.history.messages.append(message)
        return "next"

    def arrive_at_update(self, passage: Passage, node: Node, at: int) -> str | None:
        self.contact.update(node["config"]["set"])
        return "next"

    def arrive_at_tag(self, passage: Passage, node: Node, at: int) -> str | None:
        config = node["config"]
        self.contact.retag(add=config.get("add") or [], remove=config.get("remove") or [])
        return "next"

    def arrive_at_exit(self, passage: Passage, node: Node, at: int) -> str | None:
        passage.state = "completed"
        return None

    # Looking around

    def inside(self) -> list[Passage]:
        return [passage for passage in self.history.passages if passage.is_inside]

    def config_at(self, passage: Passage) -> Rule:
        config: Rule = self.journey.nodes[passage.here.node]["config"]
        return config

    def kind_at(self, passage: Passage) -> str:
        return str(self.journey.nodes[passage.here.node]["type"])

    def view(self, at: int, passage: Passage | None = None, *, since_entry: bool = False) -> View:
        """What a condition sees at `at`: the events looked at so far, all or those after the passage began."""
        first = passage.first_event if passage and since_entry else 0
        return View(
            now=at,
            zone=self.journey.zone,
            fields=self.contact.fields,
            events=self.history.seen[first:],
            tags=self.contact.tags,
            reached=passage.reached() if passage else (),
        )


def split_slot(user_id: str, node: str, passage: int) -> int:
    """A number from 0 to 9,999, the same on every machine."""
    b = crc32(user_id.encode()) % PRIME
    a = crc32(node.encode()) % (PRIME - 2) + 2
    return ((b + 7919 * passage) % PRIME * a % PRIME) * 10_000 // PRIME


ARRIVALS: dict[str, Callable[[Walk, Passage, Node, int], str | None]] = {
    "wait.for": Walk.arrive_at_wait_for,
    "wait.event": Walk.arrive_at_wait_event,
    "branch.if": Walk.arrive_at_if,
    "branch.split": Walk.arrive_at_split,
    "send.email": Walk.arrive_at_send,
    "update.contact": Walk.arrive_at_update,
    "tag": Walk.arrive_at_tag,
    "exit": Walk.arrive_at_exit,
}
KINDS = {"trigger.event", "trigger.manual", *ARRIVALS}
