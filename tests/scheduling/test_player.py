"""The sample is played through the public event API, and ends as a replay of the same purchases does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from backend.boot import Sojourn, create_app
from backend.db.tables import api_key, event, message, workspace
from backend.db.types import iso
from backend.reports.flow import flow
from backend.sample.purchases import FROM_MS, UNTIL_MS
from backend.scheduling.clock import WorkspaceClock
from backend.scheduling.clockwork import Clockwork
from backend.scheduling.door import Door, DoorClosed
from backend.scheduling.player import NotASample, Player
from backend.settings import Settings
from tests.sample.conftest import copied, seeded_file
from tests.scheduling.conftest import StoppedClock

__all__ = ["seeded_file"]

DAY = 86_400_000
pytestmark = pytest.mark.slow


class Stage:
    """The real application over the sample, served on loopback, and a player whose seconds the test counts out."""

    def __init__(self, sojourn: Sojourn, url: str) -> None:
        self.db = sojourn.parts.db
        self.url = url
        self.engine = sojourn.parts.engine
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.refreshed = 0
        self.seconds = 0.0
        self.player = self.a_player()

    def a_player(self) -> Player:
        """As a process makes it when it starts."""
        clock = WorkspaceClock(self.db, StoppedClock())
        clockwork = Clockwork(self.db, self.engine, lambda now_ms: 0, lambda moved: None, clock)
        return Player(
            self.db,
            clockwork,
            self.url,
            announce=lambda name, data: self.told.append((name, data)),
            refresh=self._note_refresh,
            monotonic=lambda: self.seconds,
        )

    def _note_refresh(self) -> None:
        self.refreshed += 1

    def step(self, seconds: float = 0.2) -> float | None:
        self.seconds += seconds
        return self.player.step()

    def at(self) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(workspace.c.sample_at)).scalar_one())

    def count(self, table: Any) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(func.count()).select_from(table)).scalar_one())

    def win_back(self) -> dict[str, Any]:
        with self.db.read() as conn:
            return flow(conn, 2, at_ms=UNTIL_MS)


@pytest.fixture
def stage(seeded_file: Path, tmp_path: Path) -> Iterator[Stage]:
    copied(seeded_file, tmp_path).dispose()
    sojourn = create_app(Settings(data_dir=tmp_path), with_clock=False)
    server = make_server("127.0.0.1", 0, sojourn.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Stage(sojourn, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    sojourn.close()


def test_it_stands_still_until_it_is_played(stage: Stage) -> None:
    assert stage.step() is None
    assert stage.at() == FROM_MS
    assert stage.player.state() == {
        "mode": "sample",
        "at": iso(FROM_MS),
        "playing": False,
        "speed": 2.0,
        "from": "1997-01-01T00:00:00.000Z",
        "until": "1998-07-01T00:00:00.000Z",
        "done": False,
        "events_total": 6919,
        "events_played": 0,
        "contacts": 2357,
    }


def test_time_passes_at_the_chosen_speed(stage: Stage) -> None:
    stage.player.play(speed=10)
    stage.step()
    stage.step(0.5)
    assert stage.at() == FROM_MS + 7 * DAY  # 0.2 s of the first step, then 0.5 s
    stage.player.play(speed=1)
    stage.step(0.5)
    assert stage.at() == FROM_MS + 7.5 * DAY


def test_purchases_arrive_with_the_time_they_happened(stage: Stage) -> None:
    stage.player.play(speed=5)
    stage.step()
    with stage.db.read() as conn:
        found = conn.execute(select(event.c.at, event.c.engine_at).distinct().order_by(event.c.at)).all()
    assert [tuple(row) for row in found] == [(FROM_MS, FROM_MS), (FROM_MS + DAY, FROM_MS + DAY)]
    assert stage.player.state()["events_played"] == stage.count(event)


def test_after_a_hang_time_does_not_jump(stage: Stage) -> None:
    stage.player.play(speed=1)
    stage.step()
    stage.step(3600)
    assert stage.at() == FROM_MS + round(1.2 * DAY)


def test_pausing_stops_time_at_once(stage: Stage) -> None:
    stage.player.play(speed=10)
    stage.step()
    stage.player.pause()
    assert stage.step() is None
    assert stage.at() == FROM_MS + 2 * DAY


def test_it_goes_on_where_it_stood_after_a_restart_of_the_server(stage: Stage) -> None:
    stage.player.play(speed=10)
    stage.step()
    stage.player = stage.a_player()
    stage.step()
    assert stage.at() == FROM_MS + 4 * DAY


def test_a_step_cut_off_before_time_moved_is_done_again_without_a_second_purchase(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(from_ms: int, to_ms: int) -> bool:
        raise KeyboardInterrupt

    stage.player.play(speed=10)
    monkeypatch.setattr(stage.player, "_advance", cut)
    with pytest.raises(KeyboardInterrupt):
        stage.step()
    sent = stage.count(event)
    assert sent > 0
    assert stage.at() == FROM_MS
    stage.player = stage.a_player()
    stage.step()
    assert stage.count(event) == sent
    assert stage.win_back()["outcomes"]["entered"] == sent


def test_time_stands_still_while_the_door_is_closed(stage: Stage) -> None:
    stage.player.play(speed=10)
    open_door, stage.player._door = stage.player._door, Door("http://127.0.0.1:1")
    with pytest.raises(DoorClosed):
        stage.step()
    assert stage.at() == FROM_MS
    stage.player._door = open_door
    stage.step()
    assert stage.at() > FROM_MS


def test_a_revoked_key_is_replaced(stage: Stage) -> None:
    stage.player.play(speed=10)
    stage.step()
    with stage.db.write() as conn:
        conn.execute(api_key.update().values(revoked_at=1))
    with pytest.raises(DoorClosed):
        stage.step()
    stage.step()
    assert stage.at() > FROM_MS + 2 * DAY
    assert stage.count(api_key) == 1


def test_played_to_the_end_it_counts_what_the_replay_counts(stage: Stage) -> None:
    stage.player.play(speed=60)
    while stage.step(1.0) is not None:
        pass
    ended = stage.win_back()
    assert ended["outcomes"]["entered"] == 6919
    assert ended["edges"]["quiet:happened"] == 3477
    assert ended["edges"]["quiet:timeout"] == ended["nodes"]["miss-you"]["entered"] == 3145
    assert ended["nodes"]["quiet"]["inside"] == ended["outcomes"]["inside"] == 297
    state = stage.player.state()
    assert (state["done"], state["playing"], state["at"], state["events_played"]) == (True, False, iso(UNTIL_MS), 6919)
    assert stage.player.play()["playing"] is False, "nothing is left to play"
    assert stage.told[-1][1]["playing"] is False


def test_going_back_starts_over(stage: Stage) -> None:
    stage.player.play(speed=60)
    stage.step()
    first = stage.win_back()
    state = stage.player.restart()
    assert (state["at"], state["playing"], state["events_played"]) == (iso(FROM_MS), False, 0)
    assert stage.count(message) == stage.count(event) == 0
    assert stage.refreshed == 1
    stage.player.play()
    stage.player._stepped_at = None
    stage.step()
    assert stage.win_back() == first


def test_starting_for_real_leaves_the_sample_for_good(stage: Stage) -> None:
    stage.player.play(speed=60)
    stage.step()
    stage.player.start_for_real()
    assert stage.step() is None
    assert stage.count(event) == stage.count(api_key) == 0
    calls: list[Callable[[], Any]] = [stage.player.state, stage.player.play, stage.player.pause, stage.player.restart]
    for call in (*calls, stage.player.start_for_real):
        with pytest.raises(NotASample):
            call()


@pytest.mark.parametrize("speed", [0, -1, 61, float("nan")])
def test_a_speed_out_of_bounds_is_refused(stage: Stage, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        stage.player.play(speed=speed)


def test_the_browsers_are_told_the_time(stage: Stage) -> None:
    stage.player.play(speed=5)
    stage.step()
    told = [data for name, data in stage.told if name == "sample"]
    assert told[-1] == {"at": iso(FROM_MS + DAY), "playing": True, "speed": 5.0}
