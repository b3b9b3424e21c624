"""kill -9 in the middle of sending: nothing twice, nothing lost, and little in doubt."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.channels.email.smtp import CONNECTIONS
from backend.channels.links import message_id
from backend.db.connect import Database, connect
from backend.db.tables import message
from backend.settings import Settings
from tests.channels.outgoing import a_contact, a_journey, messages, purpose_key, senders, turn, use_server
from tests.ingestion.conftest import NOW
from tests.support.smtp import Letter, a_mail_server

KILLS = 10
MESSAGES = 500


def send_everything(folder: str) -> None:
    """What a server process does: pump until nothing is due. The first turn recovers."""
    db = connect(Settings(data_dir=Path(folder)))
    channels = senders(db)
    wall = NOW
    while turn(db, channels, wall=wall).claimed:
        wall += 1
    channels.close()
    db.dispose()


@pytest.mark.slow
def test_no_message_is_sent_twice_or_lost_when_the_sender_is_killed(sqlite_db: Database, tmp_path: Path) -> None:
    seed = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
    print(f"FAULT_SEED={seed}")
    chance = random.Random(seed)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.channels.test_kill"])

    def hesitate(letter: Letter) -> str:
        time.sleep(chance.uniform(0, 0.004))  # a kill may fall between the server's taking it and its saying so
        return "250 kept"

    a_journey(sqlite_db)
    ids = messages(sqlite_db, [a_contact(sqlite_db, f"c{n}") for n in range(10)] * (MESSAGES // 10))
    with a_mail_server() as server:
        server.on_data = hesitate
        use_server(sqlite_db, server.port)
        for _ in range(KILLS):
            before = server.connections
            child = processes.Process(target=send_everything, args=(str(tmp_path),))
            child.start()
            while server.connections == before and child.is_alive():
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.12))
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)
            child.join()
        last = processes.Process(target=send_everything, args=(str(tmp_path),))
        last.start()
        last.join()
        arrived = Counter(letter.message_id for letter in server.accepted)
    with sqlite_db.read() as conn:
        by_id = {row.id: row.state for row in conn.execute(select(message.c.id, message.c.state))}
    states = Counter(by_id.values())
    print(states)
    ours = {message_id(purpose_key, which, "example.com"): which for which in ids}
    assert set(arrived.values()) == {1}
    assert set(arrived) <= set(ours)
    assert set(states) <= {"sent", "unknown"}
    assert states["unknown"] <= KILLS * CONNECTIONS
    assert {ours[one] for one in arrived} >= {which for which, state in by_id.items() if state == "sent"}
