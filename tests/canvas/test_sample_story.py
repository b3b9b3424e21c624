"""The sample, as somebody sees it who has just installed the product: a record shop whose customers really bought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.support.server import Server, serving, until
from tests.support.story import Drawing, Visitor, a_visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CUSTOMERS, PURCHASES = "2,357", "6,919"


@pytest.fixture
def server(built: None, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, "--sample-if-new") as running:
        yield running


def test_the_sample_is_played_looked_at_and_left(server: Server, browser: Browser) -> None:
    with a_visitor(browser, server) as ada:
        ada.create_the_first_account()
        three_journeys_wait(ada)
        drawing = open_win_back(ada)
        play(drawing)
        the_test_inbox_fills(ada)
        somebody_has_a_past(ada)
        pause(ada)
        start_for_real(ada)


def three_journeys_wait(ada: Visitor) -> None:
    cards = ada.page.get_by_role("main").get_by_role("article")
    expect(cards).to_have_count(3)
    for name in ("Welcome", "Win back after 90 days", "Thank big spenders"):
        expect(cards.filter(has_text=name)).to_contain_text("Live")
    bar = sample_bar(ada)
    expect(bar).to_contain_text(f"of {PURCHASES} purchases")
    expect(bar).to_contain_text("1997")
    ada.shot("sample-01-journeys")


def sample_bar(ada: Visitor) -> Locator:
    return ada.page.get_by_role("region", name="Sample time")


def date_of(ada: Visitor) -> str:
    return str(sample_bar(ada).locator("time").get_attribute("datetime"))


def open_win_back(ada: Visitor) -> Drawing:
    ada.page.get_by_role("link", name="Win back after 90 days").click()
    drawing = Drawing(ada)
    drawing.canvas.wait_for()
    assert len(drawing.nodes()) == len(ada.read(f"/api/journeys/{drawing.id}")["draft"]["nodes"])
    ada.page.get_by_test_id("mode").get_by_text("Live").click()
    return drawing


def play(drawing: Drawing) -> None:
    """Sixteen days a second: the date moves, people enter and wait, and dots travel."""
    ada = drawing.visitor
    bar, began = sample_bar(ada), date_of(ada)
    bar.get_by_text("16", exact=True).click()
    bar.get_by_role("button", name="Play the sample").click()
    until(lambda: date_of(ada) > began)
    [trigger] = [node["id"] for node in draft_of(drawing)["nodes"] if node["type"] == "trigger.event"]
    [wait] = [node["id"] for node in draft_of(drawing)["nodes"] if node["type"] == "wait.event"]
    until(lambda: number_in(drawing.count(trigger)) > 100)
    expect(drawing.count(wait)).to_contain_text(re.compile(r"[1-9][\d,]* here"))
    expect(drawing.canvas.locator("canvas")).to_be_attached()
    before = number_in(drawing.edge_count(trigger))
    until(lambda: number_in(drawing.edge_count(trigger)) > before)
    # Ninety days really pass: the first who did not come back are written to.
    until(lambda: number_in(drawing.edge_count(wait, "timeout")) > 0)
    ada.shot("sample-02-win-back")


def draft_of(drawing: Drawing) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = drawing.visitor.read(f"/api/journeys/{drawing.id}")["draft"]
    return found


def number_in(what: Locator) -> int:
    found = re.search(r"[\d,]+", what.inner_text())
    assert found
    return int(found[0].replace(",", ""))


def the_test_inbox_fills(ada: Visitor) -> None:
    ada.room("Test inbox")
    rows = ada.page.get_by_role("region", name="Messages").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    rows.filter(has_text="Win back after 90 days").first.click()
    letter = ada.page.get_by_role("region", name="Message", exact=True)
    expect(letter.frame_locator("iframe").locator("body")).not_to_be_empty()
    ada.shot("sample-03-inbox")


def somebody_has_a_past(ada: Visitor) -> None:
    """From the letter to the person: what they bought, which steps they took, what they were sent."""
    ada.page.get_by_role("region", name="Message", exact=True).locator("dl").get_by_role("link").first.click()
    past = ada.page.get_by_role("region", name="Everything that happened")
    for what in ("Event", "Step", "Message"):
        expect(past.get_by_role("img", name=what).first).to_be_visible()
    expect(past).to_contain_text("Order Completed")
    expect(past).to_contain_text("Win back after 90 days")
    ada.shot("sample-04-person")


def pause(ada: Visitor) -> None:
    sample_bar(ada).get_by_role("button", name="Pause the sample").click()
    expect(sample_bar(ada).get_by_role("button", name="Play the sample")).to_be_visible()
    assert ada.read("/api/sample")["playing"] is False


def start_for_real(ada: Visitor) -> None:
    """The words have to be typed; then the workspace is empty and time is the wall clock's."""
    sample_bar(ada).get_by_role("button", name="Start for real").click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text(CUSTOMERS)
    action = dialog.get_by_role("button", name="Empty it and start")
    expect(action).to_be_disabled()
    dialog.get_by_role("textbox").fill("start for real")
    action.click()
    expect(sample_bar(ada)).to_have_count(0)
    expect(ada.page.get_by_role("heading", name="Draw your first journey")).to_be_visible()
    ada.room("Contacts")
    expect(ada.page.get_by_text("@")).to_have_count(0)
    ada.shot("sample-05-for-real")
    assert ada.read("/api/contacts")["items"] == []
    assert ada.read("/api/messages")["items"] == []
    assert ada.read("/api/session")["workspace"]["mode"] == "live"
