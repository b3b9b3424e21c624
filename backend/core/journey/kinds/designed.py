"""The kinds that are designed and not built yet: the palette may show them, publishing refuses them.

A kind leaves this list when its module appears. Source: design.md "Node kinds".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Designed:
    name: str
    family: str
    title: str
    help: str


DESIGNED: dict[str, Designed] = {
    kind.name: kind
    for kind in (
        Designed(
            "trigger.segment", "trigger", "Joins or leaves a segment", "Starts when a person's membership changes."
        ),
        Designed("trigger.field", "trigger", "A field changes", "Starts when a stored value of a person changes."),
        Designed("trigger.date", "trigger", "A date comes", "Starts on a person's own date, such as a birthday."),
        Designed("trigger.schedule", "trigger", "On a schedule", "Starts for an audience at a set time."),
        Designed("trigger.form", "trigger", "A form is sent", "Starts when a person fills in a form."),
        Designed("trigger.score", "trigger", "A score is reached", "Starts when a person's score passes a mark."),
        Designed(
            "trigger.journey", "trigger", "Sent by another journey", "Starts when another journey hands a person over."
        ),
        Designed("wait.until", "wait", "Wait until a time", "Holds each person until a date, or a weekday and time."),
        Designed(
            "wait.condition", "wait", "Wait until something is true", "Holds each person until a condition holds."
        ),
        Designed("send.sms", "send", "Send a text message", "Sends each person one text message."),
        Designed("send.push", "send", "Send a push message", "Sends each person one push message."),
        Designed("send.webhook", "send", "Call a web address", "Tells another program about each person."),
        Designed("send.notify", "send", "Tell a colleague", "Writes to somebody of your own team."),
        Designed("score", "action", "Change the score", "Adds points to a person's score."),
        Designed("audience.sync", "action", "Sync an audience", "Keeps an audience elsewhere up to date."),
        Designed("journey.enter", "action", "Start another journey", "Starts a person in another journey."),
        Designed("handoff", "people", "Hand over to a person", "Gives a colleague something to do and waits for it."),
        Designed("goal", "end", "Goal", "Pulls people here as soon as the goal is reached."),
    )
}
