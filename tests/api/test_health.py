"""What machines that watch us are told."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.app import Client, a_journey


def test_an_app_is_well(stranger: Client) -> None:
    assert stranger.must("GET", "/healthz", 200)["ok"] is True
    assert stranger.must("GET", "/readyz", 200)["database"] is True


def test_a_clock_that_stands_still_is_an_illness(stranger: Client) -> None:
    stranger.sojourn.parts.health = lambda: {"ok": False, "error": "stopped"}
    for path in ("/healthz", "/readyz"):
        assert stranger.must("GET", path, 503)["clock"]["error"] == "stopped"


def test_a_database_that_does_not_answer_makes_us_unready(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("gone")

    monkeypatch.setattr(stranger.sojourn.parts.db, "read", fail)
    answer = stranger.must("GET", "/readyz", 503)
    assert answer["database"] is False
    assert "gone" not in str(answer)


def test_metrics_are_totals_in_prometheus_form(ada: Client) -> None:
    made = ada.must("POST", "/api/journeys", 201, a_journey())
    ada.must("POST", f"/api/journeys/{made['id']}/publish", 200)
    answer = ada.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.get_data(as_text=True))}
    journeys = {sample.labels["status"]: sample.value for sample in families["sojourn_journeys"].samples}
    assert journeys == {"live": 1}
    assert families["sojourn_clock_ok"].samples[0].value == 1
    waiting = {sample.labels["state"]: sample.value for sample in families["sojourn_messages_waiting"].samples}
    assert waiting == {"pending": 0, "sending": 0, "data": 0}
    outcomes = {sample.labels["outcome"] for sample in families["sojourn_passages"].samples}
    assert outcomes == {"entered", "completed", "exited", "failed"}
