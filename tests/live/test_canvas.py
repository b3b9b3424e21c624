"""Who may watch, and what they hear."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from backend.db.tables import session
from backend.live.canvas import NAMESPACE, ROOMS_MAX, Live
from backend.live.limits import BURST
from backend.reports.flow import flow
from backend.sample.purchases import FROM_MS
from tests.live.conftest import Room, heard, said

WIN_BACK = 2


def test_a_stranger_is_refused(room: Room) -> None:
    assert not room.client(None).is_connected(NAMESPACE)
    assert not room.client("made-up").is_connected(NAMESPACE)


def test_a_logged_in_person_may_watch_a_journey(room: Room) -> None:
    answer = said(room.visitor(), "watch", {"journey": WIN_BACK})
    assert answer == {"ok": True, "seq": room.live.seq_of(WIN_BACK)}


def test_a_journey_that_is_not_there_cannot_be_watched(room: Room) -> None:
    answer = said(room.visitor(), "watch", {"journey": 99})
    assert answer == {"ok": False, "error": "There is no such journey."}


@pytest.mark.parametrize(
    "data",
    [None, {}, [], "1", {"journey": "1"}, {"journey": True}, {"journey": -1}, {"journey": 2**64}, {"journey": None}],
)
def test_what_is_no_journey_id_is_refused(room: Room, data: Any) -> None:
    answer = said(room.visitor(), "watch", data)
    assert answer == {"ok": False, "error": "Give the journey's id."}


def test_movement_is_told_with_the_whole_document_and_the_deltas(room: Room) -> None:
    client = room.visitor()
    seq = said(client, "watch", {"journey": WIN_BACK})["seq"]
    room.buy(0, 3)
    room.tell(now=0)
    (told,) = heard(client, "flow")
    with room.db.read() as conn:
        document = flow(conn, WIN_BACK, at_ms=FROM_MS)
    assert told == {**document, "journey": WIN_BACK, "seq": seq + 1, "moved": {"order:next": 3}}
    assert told["outcomes"]["entered"] == 3


def test_deltas_since_the_last_emission_are_added_up(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": WIN_BACK})
    room.buy(0, 2)
    room.buy(2, 5)
    room.tell(now=0)
    room.buy(5, 6)
    room.tell(now=1)
    first, second = heard(client, "flow")
    assert first["moved"] == {"order:next": 5}
    assert second["moved"] == {"order:next": 1}
    assert second["seq"] == first["seq"] + 1
    assert room.live.seq_of(WIN_BACK) == second["seq"]


def test_two_browsers_hear_the_same(room: Room) -> None:
    clients = room.visitor(1), room.visitor(2)
    for client in clients:
        said(client, "watch", {"journey": WIN_BACK})
    room.buy(0, 1)
    room.tell(now=0)
    first, second = (heard(client, "flow") for client in clients)
    assert first == second != []


def test_nobody_hears_of_a_journey_they_do_not_watch(room: Room) -> None:
    client, other = room.visitor(1), room.visitor(2)
    said(client, "watch", {"journey": 1})
    said(other, "watch", {"journey": WIN_BACK})
    said(other, "unwatch", {"journey": WIN_BACK})
    room.buy(0, 1)
    room.tell(now=0)
    assert {told["journey"] for told in heard(client, "flow")} == {1}
    assert heard(other, "flow") == []


def test_nothing_is_read_for_a_journey_that_nobody_watches(room: Room) -> None:
    room.buy(0, 1)
    assert room.live.counters.coalescer.take(0) == {}


def test_one_who_leaves_is_not_counted_as_watching(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": WIN_BACK})
    said(client, "watch", {"journey": WIN_BACK})  # twice is once
    client.disconnect(NAMESPACE)
    assert not room.live.counters.coalescer.is_watched(WIN_BACK)


def test_people_on_the_same_journey_see_each_other(room: Room) -> None:
    ada, ben = room.visitor(1), room.visitor(2)
    said(ada, "watch", {"journey": WIN_BACK})
    said(ben, "watch", {"journey": WIN_BACK})
    both = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Ben"}]
    assert heard(ada, "presence")[-1] == {"journey": WIN_BACK, "users": both}
    ben.disconnect(NAMESPACE)
    assert heard(ada, "presence")[-1]["users"] == both[:1]


def test_a_person_with_two_windows_is_one_person(room: Room) -> None:
    first, second = room.visitor(1), room.visitor(1)
    for client in (first, second):
        said(client, "watch", {"journey": WIN_BACK})
    assert heard(first, "presence")[-1]["users"] == [{"id": 1, "name": "Ada"}]


def test_what_was_not_asked_for_is_dropped(room: Room) -> None:
    client = room.visitor()
    for name in ("flow", "message", "check", "trigger_event", "on_watch", "__class__"):
        assert said(client, name, {"journey": WIN_BACK}) == []
    assert client.is_connected(NAMESPACE)


def test_a_browser_cannot_pretend_to_connect_or_leave(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": WIN_BACK})
    client.emit("disconnect", "client disconnect", namespace=NAMESPACE)
    client.emit("connect", {}, namespace=NAMESPACE)
    assert room.live.counters.coalescer.is_watched(WIN_BACK)
    assert said(client, "unwatch", {"journey": WIN_BACK}) == {"ok": True}
    assert not room.live.counters.coalescer.is_watched(WIN_BACK)


def test_who_talks_too_much_is_told_to_wait(room: Room) -> None:
    client = room.visitor()
    answers = [said(client, "watch", {"journey": 1})["ok"] for _ in range(BURST + 10)]
    assert all(answers[:BURST])
    assert not all(answers)


def test_only_so_many_journeys_at_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.live.canvas.ROOMS_MAX", 2)
    client = room.visitor()
    assert [said(client, "watch", {"journey": number})["ok"] for number in (1, 2, 3)] == [True, True, False]
    assert ROOMS_MAX > 2


def test_one_whose_session_is_over_hears_nothing_more(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": WIN_BACK})
    with room.db.write() as conn:
        conn.execute(delete(session))
    room.live.check_visitors()
    assert not client.is_connected(NAMESPACE)
    assert not room.live.counters.coalescer.is_watched(WIN_BACK)


def test_the_session_is_looked_at_whenever_the_browser_speaks(room: Room) -> None:
    client = room.visitor()
    with room.db.write() as conn:
        conn.execute(delete(session))
    client.emit("watch", {"journey": WIN_BACK}, namespace=NAMESPACE)
    assert not client.is_connected(NAMESPACE)


def test_a_journeys_news_go_to_those_who_watch_it(room: Room) -> None:
    watching, elsewhere = room.visitor(1), room.visitor(2)
    said(watching, "watch", {"journey": WIN_BACK})
    room.live.announce("message", {"id": 1, "journey": WIN_BACK, "state": "sent"})
    room.live.announce("sample", {"at": "1997-01-01T00:00:00.000Z", "playing": True, "speed": 2.0})
    assert heard(watching, "message") == [{"id": 1, "journey": WIN_BACK, "state": "sent"}]
    received = [packet["name"] for packet in elsewhere.get_received(NAMESPACE)]
    assert received == ["sample"]


def test_a_change_of_a_journey_brings_its_counts_anew(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": WIN_BACK})
    room.live.announce("journey", {"id": WIN_BACK, "status": "stopped", "revision": 1})
    room.tell(now=0)
    assert [told["moved"] for told in heard(client, "flow")] == [{}]


def test_only_names_of_the_contract_are_announced(room: Room) -> None:
    with pytest.raises(AssertionError):
        room.live.announce("gossip", {})


def test_after_the_sample_was_rewound_all_counts_are_told_anew(room: Room) -> None:
    client = room.visitor()
    said(client, "watch", {"journey": 1})
    said(client, "watch", {"journey": WIN_BACK})
    room.live.refresh()
    room.tell(now=0)
    assert {told["journey"] for told in heard(client, "flow")} == {1, WIN_BACK}


def test_a_browser_from_before_a_restart_sees_a_gap(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    client = room.visitor()
    seq = said(client, "watch", {"journey": WIN_BACK})["seq"]
    room.buy(0, 1)
    room.tell(now=0)
    monkeypatch.setattr("backend.live.canvas.wall_ms", lambda: seq + 5_000)
    started_anew = Live(Flask("again"), room.db, lambda: FROM_MS)
    assert started_anew.seq_of(WIN_BACK) > room.live.seq_of(WIN_BACK) == seq + 1


def test_the_server_works_with_threads_alone() -> None:
    import importlib.util

    assert importlib.util.find_spec("eventlet") is None, "Flask-SocketIO would prefer it"
    assert importlib.util.find_spec("gevent") is None


def test_only_pages_of_our_own_may_connect(room: Room) -> None:
    server = room.live.socketio.server
    assert server.async_mode == "threading"
    assert server.eio.cors_allowed_origins is None
    assert server.eio.max_http_buffer_size <= 4096
