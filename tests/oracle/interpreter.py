"""The referee: a journey document replayed one contact at a time, in plain Python.

Written from docs/semantics.md alone; it shares no code with the product and knows neither plan, leg nor table.
Being obviously right comes before being fast. Where the page is silent, README.md beside this file says what was
decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tests.oracle.counting import Outcome, outcome_of
from tests.oracle.passages import Journey
from tests.oracle.replaying import histories
from tests.oracle.walking import KINDS

__all__ = ["Outcome", "replay"]

SETTINGS = {"timezone", "reentry", "exit"}


def replay(
    journey: Mapping[str, Any],
    contacts: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
    *,
    start_ms: int,
    until_ms: int,
    enroll: Collection[str] | str | None = None,
) -> Outcome:
    """Replay a journey over contacts and events, and say what must come of it.

    contacts: {user_id, email, timezone, phone, unsubscribed, <custom field>: typed value}, each but user_id optional;
              a typed value is what JSON knows, a date or an instant its ISO text (files.typed makes it from cells)
    events:   {user_id, event, at_ms, properties: dict or None}, in file order
    enroll:   the user_ids that `trigger.manual` takes at the start, "all", or None for nobody
    """
    graph = Journey.of(journey)
    refuse_the_unknown(graph)
    lived = histories(graph, contacts, events, start_ms=start_ms, until_ms=until_ms, enroll=enroll)
    return outcome_of(graph, lived)


def refuse_the_unknown(journey: Journey) -> None:
    """A kind or a setting the referee has not learned would make it wrong without a word."""
    kinds = {node["type"] for node in journey.nodes.values()} - KINDS
    given = {name for name, value in journey.settings.items() if value is not None} - SETTINGS
    if kinds or given:
        raise NotImplementedError(f"the referee does not know {', '.join(sorted(kinds | given))}")
