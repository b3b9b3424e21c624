"""kill -9 of the server while events come in and messages go out: counts add up, nothing is lost, nothing goes twice.

FAULT_SEED repeats a run's times; KILLS asks for more than three.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from segment.analytics.client import Client as SegmentClient

from backend.channels.email.smtp import CONNECTIONS
from backend.db.connect import connect
from backend.settings import Settings
from tests.crash import checking
from tests.crash.sending import EVENT, Ledger, Shared, calls, send
from tests.crash.world import World, a_world, hesitating
from tests.support.segment import a_segment_client
from tests.support.server import PATIENCE_SECONDS, until
from tests.support.smtp import a_mail_server

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS") or 3)
PEOPLE = 60 * max(KILLS, 3)
EACH = 2
BATCH = 3 * (1 + EACH)  # three people, all that is known of them


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULT_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> Iterator[World]:
    with a_mail_server() as mail:
        mail.on_data = hesitating(0.002)
        with a_world(replace(settings, data_dir=tmp_path), mail) as made:
            yield made


def kill_now_and_then(world: World, chance: random.Random, times: int, share_done: Callable[[], float]) -> None:
    """Kill the server `times` times, spread over the work, each at a moment of chance."""
    for kill in range(1, times + 1):
        until(lambda goal=kill / (times + 1): share_done() >= goal, 2 * PATIENCE_SECONDS)
        threading.Event().wait(chance.uniform(0, 0.4))
        world.kill()


def test_a_killed_server_loses_no_event_and_sends_nothing_twice(world: World, chance: random.Random) -> None:
    everything = list(calls(range(PEOPLE), each=EACH))
    ledger, batches = Ledger(), Shared(everything, BATCH)
    with world.watched(), ThreadPoolExecutor(2) as pool:
        senders = [pool.submit(send, world.url, world.write_key, batches, ledger) for _ in range(2)]
        kill_now_and_then(world, chance, KILLS, lambda: len(ledger.acknowledged) / len(everything))
        for sender in senders:
            sender.result()
        world.settle(PEOPLE * EACH)
    assert ledger.refused == []
    assert ledger.repeats > 0, "no kill fell into the sending"
    assert len(ledger.acknowledged) == len(everything)
    must_be_whole(world, sorted(ledger.tracked))


def test_the_real_segment_client_gets_everything_through(sqlite_settings: Settings, chance: random.Random) -> None:
    count = 200
    with a_mail_server() as mail, a_world(sqlite_settings, mail) as world:
        with world.watched():
            with a_segment_client(world.url, world.write_key, upload_size=10) as client:
                sender = threading.Thread(target=sign_up, args=(client, count))
                sender.start()
                kill_now_and_then(world, chance, 2, lambda: len(mail.accepted) / count * 2)
                sender.join()
            world.settle(count)
        must_be_whole(world, list(range(1, count + 1)))


def sign_up(client: SegmentClient, count: int) -> None:
    """One after the other, over about three seconds."""
    for n in range(1, count + 1):
        client.identify(f"person-{n}", {"email": f"person-{n}@example.net"})
        client.track(f"person-{n}", EVENT, {"n": n})
        threading.Event().wait(3 / count)


def must_be_whole(world: World, events: list[int]) -> None:
    """Everything that was acknowledged is there once, has moved somebody once, and made one message that is accounted
    for."""
    flow = world.flow()
    world.close()
    db = connect(world.settings)
    states = checking.message_states(db)
    print(f"{len(events)} events, {world.kills} kills, {world.looks} looks, {Counter(states.values())}")
    try:
        assert world.broken == []
        assert world.looks > 0
        assert checking.stored_events(db) == events
        assert checking.passages(db) == Counter(events)
        assert flow["outcomes"]["entered"] == flow["outcomes"]["completed"] == len(events)
        assert checking.moves_are_whole(db)
        assert checking.is_sound(db)
    finally:
        db.dispose()
    must_be_sent_once(world, states, len(events))


def must_be_sent_once(world: World, states: dict[int, str], count: int) -> None:
    arrived = checking.arrivals(world.mail.accepted)
    unknown = [which for which, state in states.items() if state == "unknown"]
    assert len(arrived) == len(world.mail.accepted), "a message arrived twice, or one that is not ours"
    assert len(states) == count
    assert set(states.values()) <= {"sent", "unknown"}
    assert len(unknown) <= world.kills * CONNECTIONS
    assert set(arrived) <= set(states)
    assert {which for which, state in states.items() if state == "sent"} <= set(arrived)
