"""What a person does in the browser, in their words: drag a step, draw a line, choose, type, read the counts.

Whatever a person would call broken is noted while they go on: errors in the console, failed scripts, answers of 500 and
more. `Visitor.must_be_well()` tells.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.support.app import PASSWORD
from tests.support.server import Server

expect.set_options(timeout=15_000)  # the machine may be busy with other tests

SIZE = {"width": 1440, "height": 900}
STEPS = 12  # of a mouse on its way
# A page that is left hangs up its websocket and its requests; a refused login is an answer like any other.
EXPECTED_NOISE = re.compile(r"the server responded with a status of 4\d\d|WebSocket is closed before")


class Visitor:
    """Somebody with a browser of their own. `name` stands in the names of their pictures."""

    def __init__(self, context: BrowserContext, server: Server, name: str = "ada") -> None:
        self.context, self.server, self.name = context, server, name
        self.noise: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_NOISE.search(message.text):
            self.noise.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.noise.append(f"{response.status} {response.request.method} {response.url}")

    @contextmanager
    def without_server(self) -> Iterator[None]:
        """While it is away, requests that do not get through are no surprise."""
        before = len(self.noise)
        yield
        self.noise[before:] = [one for one in self.noise[before:] if "ERR_CONNECTION" not in one]

    def must_be_well(self) -> None:
        assert self.noise == []

    # Where they are.

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.server.url + path)

    def room(self, name: str) -> None:
        """A room of the app, by its name in the navigation."""
        self.page.get_by_role("navigation", name="Rooms").get_by_role("link", name=name, exact=True).click()

    def shot(self, name: str) -> None:
        """A picture for people to look at, where SOJOURN_SHOTS names a folder."""
        folder = os.environ.get("SOJOURN_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    # What they do.

    def create_the_first_account(self, email: str = "ada@example.com") -> None:
        """Through the link the server printed."""
        self.go(self.server.setup_link)
        self.page.get_by_label("Your name").fill("Ada")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Create the account").click()
        expect(self.page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()

    def log_in(self, email: str = "ada@example.com") -> None:
        self.go("/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()

    def choose(self, label: str, option: str, *, inside: Page | Locator | None = None) -> None:
        """An option of a list that opens."""
        (inside or self.page).get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def read(self, path: str) -> Any:
        """What the API says, as this person's browser would be told."""
        answer = self.context.request.get(self.server.url + path)
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        return answer.json()


class Drawing:
    """A journey on its canvas."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.canvas = self.page.get_by_test_id("canvas")
        self.panel = self.page.get_by_test_id("panel")

    @property
    def id(self) -> int:
        found = re.search(r"/journeys/(\d+)", self.page.url)
        assert found, self.page.url
        return int(found[1])

    def node(self, id: str) -> Locator:
        return self.page.get_by_test_id(f"node-{id}")

    def edge(self, node: str, port: str = "next") -> Locator:
        return self.page.get_by_test_id(f"edge-{node}-{port}")

    def nodes(self) -> list[str]:
        cards = self.page.locator("[data-testid^=node-]")
        return [str(card.get_attribute("data-testid")).removeprefix("node-") for card in cards.all()]

    def drop(self, kind: str, x: float, y: float) -> str:
        """Drag a step from the palette to this place of the canvas, in px from its upper left corner; its id."""
        before = set(self.nodes())
        item = self.page.get_by_test_id(f"palette-{kind}")
        area = box_of(self.canvas)
        self._drag(item, area["x"] + x, area["y"] + y)
        expect(self.page.locator("[data-testid^=node-]")).to_have_count(len(before) + 1)
        [made] = set(self.nodes()) - before
        return made

    def drop_on(self, kind: str, node: str, port: str = "next") -> str:
        """Drag a step from the palette to the + of an open port."""
        box, area = at_rest(self.page.get_by_test_id(f"add-{node}-{port}")), box_of(self.canvas)
        x, y = middle(box)
        made = self.drop(kind, x - area["x"], y - area["y"])
        expect(self.edge(node, port)).to_be_attached()
        return made

    def connect(self, node: str, port: str, to: str) -> None:
        """Draw a line from a port to a card."""
        at_rest(self.node(to))
        self._drag(self.page.get_by_test_id(f"port-{node}-{port}"), *middle(box_of(self.node(to))))
        expect(self.edge(node, port)).to_be_attached()

    def _drag(self, what: Locator, x: float, y: float) -> None:
        at_rest(what)
        start = middle(box_of(what))
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + x) / 2, (start[1] + y) / 2, steps=STEPS)
        mouse.move(x, y, steps=STEPS)
        mouse.up()

    def select(self, node: str) -> Locator:
        """Click a card; the side panel."""
        at_rest(self.node(node))
        self.node(node).click(position={"x": 60, "y": 20})
        return self.panel

    def count(self, node: str) -> Locator:
        return self.page.get_by_test_id(f"count-{node}")

    def edge_count(self, node: str, port: str = "next") -> Locator:
        return self.page.get_by_test_id(f"edge-count-{node}-{port}")

    def must_be_saved(self) -> None:
        expect(self.page.get_by_test_id("save-state")).to_have_text("Saved")


def box_of(what: Locator) -> dict[str, float]:
    box = what.bounding_box()
    assert box, f"{what} is not on screen"
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def at_rest(what: Locator) -> dict[str, float]:
    """The box of something once it stands still: the canvas moves what was just added into view."""
    what.wait_for()
    before, since, end = box_of(what), time.monotonic(), time.monotonic() + 10
    while time.monotonic() < end:
        what.page.evaluate("() => new Promise(requestAnimationFrame)")
        now = box_of(what)
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > 0.12:
            return now
    raise AssertionError(f"{what} does not come to rest")


@contextmanager
def a_visitor(browser: Browser, server: Server, name: str = "ada", **options: Any) -> Iterator[Visitor]:
    """A browser of one's own: no cookie is shared. What broke in it fails the test at the end."""
    context = browser.new_context(**{"viewport": SIZE, "accept_downloads": True, **options})
    try:
        visitor = Visitor(context, server, name)
        yield visitor
        visitor.must_be_well()
    finally:
        context.close()
