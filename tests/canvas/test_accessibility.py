"""Every main screen under axe, in light and dark: nothing serious may stand in anybody's way (WCAG 2.2 AA)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.support.server import ROOT, Server, serving, until
from tests.support.story import Drawing, Visitor, a_visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Theme = Literal["light", "dark"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Only colours differ between the themes.
RULES_BY_THEME: dict[Theme, list[str]] = {"light": RULES, "dark": ["color-contrast"]}
RUN = """(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'], iframes: false })"""
# Things come and go over some frames; what goes on for ever, like a waiting sign, is not waited for.
AT_REST = """async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const isPassing = (one) => one.playState === 'running' && one.effect.getComputedTiming().iterations !== Infinity
    for (let moving = [null]; moving.length > 0; ) {
        await frame()
        await frame()
        moving = document.getAnimations().filter(isPassing)
        await Promise.all(moving.map((one) => one.finished.catch(() => null)))
    }
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.fail("axe-core is not there: run make test, or npm ci in frontend/")
    return AXE.read_text()


@pytest.fixture(scope="module")
def server(built: None, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample, some months on: people are on their way, messages were sent."""
    with serving(tmp_path_factory.mktemp("sample"), "--sample-if-new") as running:
        with a_visitor(browser, running) as ada:
            ada.create_the_first_account()
            bar = ada.page.get_by_role("region", name="Sample time")
            bar.get_by_text("16", exact=True).click()
            bar.get_by_role("button", name="Play the sample").click()
            until(lambda: ada.read("/api/sample")["events_played"] > 500)
            bar.get_by_role("button", name="Pause the sample").click()
            expect(bar.get_by_role("button", name="Play the sample")).to_be_visible()
        yield running


class Judge:
    """Looks at what is on screen and keeps what is wrong, by screen."""

    def __init__(self, visitor: Visitor, axe: str, theme: Theme) -> None:
        self.visitor, self.axe, self.theme = visitor, axe, theme
        self.wrong: dict[str, list[str]] = {}

    def look(self, screen: str) -> None:
        page = self.visitor.page
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", self.theme)
        page.evaluate(AT_REST)
        self.visitor.shot(f"axe-{screen}-{self.theme}")
        page.evaluate(self.axe)
        found = page.evaluate(RUN, RULES_BY_THEME[self.theme])
        assert found["passes"], "axe did not look at anything"
        serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        if serious:
            self.wrong[screen] = [shown(one, node) for one in serious for node in one["nodes"][:3]]


def shown(violation: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{violation['id']}: {node['html'][:160]}"


ROOMS: dict[str, str] = {
    "journeys": "/journeys",
    "contacts": "/contacts",
    "import": "/contacts/import",
    "contact": "/contacts/1",
    "inbox": "/inbox",
    "activity": "/activity",
    "settings-email": "/settings/email",
    "settings-keys": "/settings/keys",
    "settings-people": "/settings/people",
    "settings-workspace": "/settings/workspace",
    "nowhere": "/nowhere",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_screen_stands_in_anybodys_way(server: Server, browser: Browser, axe: str, theme: Theme) -> None:
    with a_visitor(browser, server, color_scheme=theme, reduced_motion="reduce") as ada:
        judge = Judge(ada, axe, theme)
        ada.go("/")
        expect(ada.page.get_by_role("button", name="Log in")).to_be_visible()
        judge.look("login")
        ada.log_in()
        for screen, path in ROOMS.items():
            ada.go(path)
            expect(ada.page.get_by_role("heading", level=1).first).to_be_visible()
            judge.look(screen)
        look_at_the_inbox(judge)
        look_at_the_canvas(judge)
        assert judge.wrong == {}


def look_at_the_inbox(judge: Judge) -> None:
    page = judge.visitor.page
    judge.visitor.go("/inbox")
    page.get_by_role("region", name="Messages").get_by_role("listitem").first.click()
    expect(page.get_by_role("region", name="Message", exact=True).get_by_role("heading", level=2)).to_be_visible()
    judge.look("letter")


def look_at_the_canvas(judge: Judge) -> None:
    """Drawing, each kind's form, the dialogs, and watching."""
    ada, page = judge.visitor, judge.visitor.page
    [journey] = [item for item in ada.read("/api/journeys")["items"] if item["name"] == "Welcome"]
    ada.go(f"/journeys/{journey['id']}")
    drawing = Drawing(ada)
    page.get_by_test_id("mode").get_by_text("Edit").click()
    judge.look("canvas")
    kinds = {node["type"]: node["id"] for node in ada.read(f"/api/journeys/{journey['id']}")["draft"]["nodes"]}
    for kind, node in kinds.items():
        drawing.select(node)
        judge.look(f"form-{kind}")
    ways: dict[str, Callable[[], None]] = {
        "problems": lambda: page.get_by_test_id("problems").click(),
        "keys": lambda: page.get_by_role("button", name="Keys").click(),
    }
    for name, open_it in ways.items():
        open_it()
        expect(page.get_by_role("dialog")).to_be_visible()
        judge.look(name)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_test_id("mode").get_by_text("Live").click()
    judge.look("live")
    drawing.select(kinds["wait.for"])
    judge.look("live-step")
