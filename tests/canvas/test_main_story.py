"""The main story, as its user lives it: draw a journey by mouse, publish it, watch real people flow through it.

One story, one server, one mail server; the chapters are functions, in order.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from segment.analytics.client import Client as SegmentClient

from tests.support.segment import a_segment_client
from tests.support.server import Server, run, serving, until
from tests.support.smtp import Letter, MailServer, a_mail_server
from tests.support.story import Drawing, Visitor, a_visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE_SECONDS = 1.0  # from an event to the count on screen
TRIES = 3  # of which one has to be that fast: the machine may be busy with other tests
SUBJECT = "Welcome, {{ contact.first_name | default('friend') }}!"
WAIT_SECONDS = 2


@pytest.fixture
def server(built: None, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "data") as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with a_mail_server() as running:
        yield running


def test_a_journey_is_drawn_published_and_watched(
    server: Server, mail: MailServer, browser: Browser, tmp_path: Path, record_property: Any
) -> None:
    with a_visitor(browser, server) as ada, a_visitor(browser, server) as screen:
        ada.create_the_first_account()
        with a_segment_client(server.url, make_a_write_key(ada)) as shop:
            know(ada, shop, ben="pro", cleo="free", dora="pro")
            drawing = draw(ada)
            undo_and_redo(drawing)
            is_refused_with_its_problems(drawing)
            fill_in(drawing)
            publish(drawing)
            screen.log_in()
            watch = look_at(screen, drawing.id)
            seconds = counts_move_in_both_browsers(shop, drawing, watch)
            record_property("seconds from event to screen", seconds)
            print(f"{seconds:.2f} s from event to screen")
            people_take_their_ways(drawing, watch)
            the_server_is_killed(server, shop, drawing, watch)
            the_test_inbox_shows_it(ada, shop)
            set_up_smtp(ada, mail)
            drawing = look_at(ada, watch.id)
            letter = a_letter_arrives(shop, mail, drawing)
            leave_by_the_link(ada, letter)
            who_left_is_skipped(shop, drawing, mail)
            pause_and_resume(shop, drawing, mail)
            stop(shop, drawing)
            exported = export(drawing, tmp_path)
            import_again(ada, exported)
        replay(exported, tmp_path)


# Chapters.


def make_a_write_key(ada: Visitor) -> str:
    ada.room("Settings")
    ada.page.get_by_role("tab", name="Keys").click()
    ada.page.get_by_role("button", name="Make a key").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Web shop")
    dialog.get_by_role("button", name="Make the key").click()
    key = dialog.locator("code").inner_text()
    ada.shot("story-02-key")
    dialog.get_by_role("button", name="Done").click()
    expect(ada.page.get_by_role("cell", name="Web shop")).to_be_visible()
    return key


def know(ada: Visitor, shop: SegmentClient, **plans: str) -> None:
    """The shop tells who its customers are; they are in the list."""
    for name, plan in plans.items():
        shop.identify(name, {"email": f"{name}@example.net", "first_name": name.title(), "plan": plan})
    shop.flush()
    ada.room("Contacts")
    for name in plans:
        expect(ada.page.get_by_text(f"{name}@example.net")).to_be_visible()
    ada.shot("story-03-contacts")


def draw(ada: Visitor) -> Drawing:
    """trigger → wait → branch → send → end, each dragged from the palette; two are dropped where the path is open."""
    ada.room("Journeys")
    ada.shot("story-01-no-journeys")
    ada.page.get_by_role("button", name="New journey").click()
    drawing = Drawing(ada)
    drawing.drop("trigger.event", 560, 100)
    drawing.drop_on("wait.for", "start-1")
    drawing.drop("branch.if", 560, 440)
    drawing.drop("exit", 640, 740)
    drawing.connect("wait-1", "next", "if-1")
    drawing.drop_on("send.email", "if-1", "yes")
    drawing.connect("email-1", "next", "end-1")
    drawing.connect("if-1", "else", "end-1")
    assert sorted(drawing.nodes()) == ["email-1", "end-1", "if-1", "start-1", "wait-1"]
    drawing.must_be_saved()
    ada.shot("story-04-drawn")
    return drawing


def undo_and_redo(drawing: Drawing) -> None:
    page = drawing.page
    drawing.select("email-1")
    page.keyboard.press("Delete")
    expect(drawing.node("email-1")).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(drawing.node("email-1")).to_have_count(1)
    expect(drawing.edge("email-1")).to_have_count(1)
    page.get_by_test_id("redo").click()
    expect(drawing.node("email-1")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(drawing.node("email-1")).to_have_count(1)
    drawing.must_be_saved()
    page.reload()
    expect(drawing.node("email-1")).to_be_visible()
    assert len(drawing.nodes()) == 5
    assert drawing.visitor.read(f"/api/journeys/{drawing.id}")["draft"]["edges"][-1]["to"] == "end-1"


def is_refused_with_its_problems(drawing: Drawing) -> None:
    """Publishing says what is missing, and where; choosing one goes there."""
    page = drawing.page
    page.get_by_test_id("publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Not ready yet")
    problems = dialog.get_by_test_id("problem-list").get_by_role("listitem")
    for step, words in (
        ("When something happens", "No event is named yet."),
        ("If …", "This way has no condition yet."),
        ("Send an e-mail", "The message has no subject yet."),
    ):
        expect(problems.filter(has_text=step)).to_contain_text(words)
    drawing.visitor.shot("story-05-refused")
    assert drawing.visitor.read(f"/api/journeys/{drawing.id}")["status"] == "draft"
    problems.filter(has_text="When something happens").first.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    expect(drawing.panel.get_by_label("When this happens")).to_be_focused()


def fill_in(drawing: Drawing) -> None:
    page, panel = drawing.page, drawing.panel
    page.keyboard.type("Signed Up")
    page.keyboard.press("Escape")
    drawing.select("wait-1")
    panel.get_by_label("How long: amount").fill(str(WAIT_SECONDS))
    drawing.visitor.choose("How long: unit", "seconds", inside=panel)
    expect(drawing.node("wait-1")).to_contain_text(f"Wait {WAIT_SECONDS} seconds")
    drawing.select("if-1")
    panel.get_by_test_id("add-condition").click()
    page.get_by_role("menuitem", name="What they are…").click()
    drawing.visitor.choose("Field", "plan", inside=panel)
    panel.get_by_label("Value").fill("pro")
    page.keyboard.press("Escape")
    drawing.select("email-1")
    panel.get_by_label("Subject").fill(SUBJECT)
    expect(drawing.node("email-1")).to_contain_text("Welcome, {first name}!")
    drawing.must_be_saved()
    expect(page.get_by_test_id("problems")).to_have_text("Check")
    drawing.visitor.shot("story-06-filled-in")
    panel.get_by_test_id("send-test").click()
    expect(panel.get_by_role("status")).to_contain_text("Welcome, friend!")
    drawing.visitor.shot("story-07-test-sent")


def publish(drawing: Drawing) -> None:
    page = drawing.page
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("publish-facts")).to_contain_text("Signed Up")
    drawing.visitor.shot("story-08-publish")
    page.get_by_test_id("publish-confirm").click()
    expect(page.get_by_text("Version 1 is live.")).to_be_visible()
    expect(drawing.count("start-1")).to_contain_text("0")


def look_at(visitor: Visitor, journey: int) -> Drawing:
    """Somebody opens the journey and watches."""
    visitor.go(f"/journeys/{journey}")
    visitor.page.get_by_test_id("mode").get_by_text("Live").click()
    drawing = Drawing(visitor)
    expect(drawing.count("start-1")).to_be_visible()
    return drawing


def counts_move_in_both_browsers(shop: SegmentClient, ada: Drawing, ben: Drawing) -> float:
    """Seconds from the event to the later of the two screens, the best of a few."""
    best = 99.0
    for entered in range(1, TRIES + 1):
        for drawing in (ada, ben):
            note_when(drawing.page, "start-1", f"{entered} entered")
        began = time.time()
        shop.track(f"visitor-{entered}", "Signed Up")
        for drawing in (ada, ben):
            expect(drawing.count("start-1")).to_have_text(f"{entered} entered")
        best = min(best, *[max(noted(drawing.page) for drawing in (ada, ben)) - began])
    assert best <= LIVE_SECONDS
    return best


def note_when(page: Page, node: str, text: str) -> None:
    """The page notes the time at which the count reads so."""
    page.evaluate(
        """([id, text]) => {
            window.noted = null
            const look = () => {
                const count = document.querySelector(`[data-testid="count-${id}"]`)
                if (window.noted === null && count?.textContent === text) window.noted = Date.now()
            }
            new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
        }""",
        [node, text],
    )


def noted(page: Page) -> float:
    return float(until(lambda: page.evaluate("window.noted"))) / 1000


def people_take_their_ways(ada: Drawing, ben: Drawing) -> None:
    """Nobody on Pro so far: all go the other way, and the numbers add up on both screens."""
    for drawing in (ada, ben):
        expect(drawing.edge_count("if-1", "else")).to_have_text(str(TRIES))
        expect(drawing.edge_count("if-1", "yes")).to_have_text("0")
        expect(drawing.count("end-1")).to_contain_text(f"{TRIES} finished here")
        expect(drawing.page.get_by_test_id("outcomes")).to_contain_text(f"{TRIES}completed")


def the_server_is_killed(server: Server, shop: SegmentClient, ada: Drawing, ben: Drawing) -> None:
    """What is drawn, sent and waiting meanwhile is not lost, and nobody has to reload."""
    shop.track("emil", "Signed Up")
    expect(ben.count("wait-1")).to_contain_text("1 here")
    ada.page.get_by_test_id("mode").get_by_text("Edit").click()
    with ada.visitor.without_server(), ben.visitor.without_server():
        server.kill()
        ada.page.get_by_test_id("journey-name").fill("Welcome new leads")
        expect(ada.page.get_by_test_id("save-state")).to_have_text("Offline, will retry")
        shop.track("fay", "Signed Up")
        ada.visitor.shot("story-09-offline")
        server.start_again()
        expect(ada.page.get_by_test_id("save-state")).to_have_text("Saved", timeout=30_000)
        expect(ben.count("start-1")).to_have_text(f"{TRIES + 2} entered", timeout=30_000)
        expect(ben.count("end-1")).to_have_text(f"{TRIES + 2} finished here", timeout=30_000)
    assert ada.visitor.read(f"/api/journeys/{ada.id}")["name"] == "Welcome new leads"


def the_test_inbox_shows_it(ada: Visitor, shop: SegmentClient) -> None:
    """Until a mail server is set up, what would have gone out is read in the app."""
    shop.track("ben", "Signed Up")
    ada.room("Test inbox")
    row = ada.page.get_by_role("region", name="Messages").get_by_role("link", name="Welcome, Ben!")
    row.click()
    reader = ada.page.get_by_role("region", name="Message", exact=True)
    expect(reader.get_by_role("heading", name="Welcome, Ben!")).to_be_visible()
    expect(reader.frame_locator("iframe").get_by_text("Hello Ben,")).to_be_visible()
    expect(reader).to_contain_text("ben@example.net")
    ada.shot("story-10-test-inbox")


def set_up_smtp(ada: Visitor, mail: MailServer) -> None:
    """And the server's own answer to a test is shown."""
    ada.room("Settings")
    page = ada.page
    page.get_by_role("tab", name="E-mail").click()
    page.get_by_role("radio", name=re.compile("A mail server")).click()
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    ada.choose("Encryption", "None")
    page.get_by_label("Port").fill(str(mail.port))
    page.get_by_label("Sender’s name").fill("The Record Shop")
    page.get_by_label("Sender’s address").fill("hello@shop.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("E-mail settings are saved")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It was taken.")).to_be_visible()
    ada.shot("story-11-smtp")
    assert [letter.recipients for letter in mail.accepted] == [["ada@example.com"]]
    mail.accepted.clear()


def a_letter_arrives(shop: SegmentClient, mail: MailServer, drawing: Drawing) -> Letter:
    """A real message at a real SMTP server, with a way out in its headers."""
    shop.track("dora", "Signed Up")
    until(lambda: mail.accepted)
    [letter] = mail.accepted
    message = letter.message
    assert letter.recipients == ["dora@example.net"]
    assert message["Subject"] == "Welcome, Dora!"
    assert message["From"] == "The Record Shop <hello@shop.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert unsubscribe_link(letter).startswith(f"{drawing.visitor.server.url}/t/u/")
    html = message.get_body(("html",))
    assert html is not None
    assert "Hello Dora," in html.get_content()
    expect(drawing.edge_count("if-1", "yes")).to_have_text("2")
    expect(drawing.edge_count("email-1")).to_have_text("2")
    drawing.node("email-1").click(position={"x": 60, "y": 20})
    expect(drawing.page.get_by_test_id("deliveries-email-1")).to_contain_text("2 sent")
    drawing.visitor.shot("story-12-live")
    return letter


def unsubscribe_link(letter: Letter) -> str:
    found = re.fullmatch(r"<(http\S+)>", str(letter.message["List-Unsubscribe"]))
    assert found, letter.message["List-Unsubscribe"]
    return found[1]


def consent_of(ada: Visitor, name: str) -> bool:
    [found] = ada.read(f"/api/contacts?q={name}@example.net")["items"]
    return bool(found["consent"]["unsubscribed"])


def leave_by_the_link(ada: Visitor, letter: Letter) -> None:
    """Opening the link changes nothing; the button does. A mail program's one click is a POST of its own."""
    link = unsubscribe_link(letter)
    reader = ada.context.new_page()
    for _ in range(2):
        reader.goto(link)
    expect(reader.get_by_role("heading", name="Unsubscribe?")).to_be_visible()
    assert not consent_of(ada, "dora")
    reader.get_by_role("button", name="Unsubscribe").click()
    expect(reader.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    assert consent_of(ada, "dora")
    reader.close()
    again = requests.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=10)
    assert again.status_code == 200


def who_left_is_skipped(shop: SegmentClient, drawing: Drawing, mail: MailServer) -> None:
    """After leaving, people may enter again: then Dora gets nothing, and it is shown why."""
    page = drawing.page
    page.get_by_test_id("mode").get_by_text("Edit").click()
    page.get_by_test_id("canvas").click(position={"x": 900, "y": 700})
    drawing.panel.get_by_text("After leaving").click()
    drawing.must_be_saved()
    publish_changes(drawing, 2)
    shop.track("dora", "Signed Up")
    drawing.node("email-1").click(position={"x": 60, "y": 20})
    deliveries = page.get_by_test_id("deliveries-email-1")
    expect(deliveries).to_contain_text("1 skipped")
    expect(deliveries).to_contain_text("unsubscribed")
    drawing.visitor.shot("story-13-skipped")
    assert len(mail.accepted) == 1


def publish_changes(drawing: Drawing, number: int) -> None:
    page = drawing.page
    page.get_by_test_id("publish").click()
    page.get_by_test_id("publish-confirm").click()
    expect(page.get_by_text(f"Version {number} is live.")).to_be_visible()


def pause_and_resume(shop: SegmentClient, drawing: Drawing, mail: MailServer) -> None:
    """A paused journey keeps people where they are, past their time; resumed, they go on."""
    page = drawing.page
    shop.track("ben", "Signed Up")
    expect(drawing.count("wait-1")).to_contain_text("1 here")
    page.get_by_test_id("pause").click()
    expect(page.get_by_test_id("resume")).to_be_visible()
    until(lambda: time_is_past(due_of_the_one_at(drawing, "wait-1")))
    expect(drawing.count("wait-1")).to_contain_text("1 here")
    drawing.visitor.shot("story-14-paused")
    assert len(mail.accepted) == 1
    page.get_by_test_id("resume").click()
    expect(drawing.count("wait-1")).not_to_contain_text("1 here")
    until(lambda: len(mail.accepted) == 2)
    assert mail.accepted[-1].recipients == ["ben@example.net"]


def due_of_the_one_at(drawing: Drawing, node: str) -> str:
    [person] = drawing.visitor.read(f"/api/journeys/{drawing.id}/nodes/{node}/contacts")["items"]
    return str(person["due_at"])


def time_is_past(instant: str) -> bool:
    return datetime.now(UTC) > datetime.fromisoformat(instant) + timedelta(seconds=1)


def stop(shop: SegmentClient, drawing: Drawing) -> None:
    """People inside leave at once; how many is said first, and the word has to be typed."""
    page = drawing.page
    page.get_by_test_id("mode").get_by_text("Edit").click()
    drawing.select("wait-1")
    drawing.visitor.choose("How long: unit", "days", inside=drawing.panel)
    drawing.must_be_saved()
    publish_changes(drawing, 3)
    shop.track("cleo", "Signed Up")
    expect(drawing.count("wait-1")).to_contain_text("1 here")
    page.get_by_test_id("more").click()
    page.get_by_test_id("stop").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 person is inside and will leave at once.")
    action = dialog.get_by_role("button", name="Stop the journey")
    expect(action).to_be_disabled()
    dialog.get_by_role("textbox").fill("stop")
    action.click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
    expect(drawing.count("wait-1")).not_to_contain_text("1 here")
    outcomes = drawing.visitor.read(f"/api/journeys/{drawing.id}/flow")["outcomes"]
    passages = TRIES + 7
    assert outcomes == {
        "entered": passages, "inside": 0, "completed": passages - 1, "exited": 1, "failed": 0, "converted": 0,
    }  # fmt: skip
    drawing.visitor.shot("story-15-stopped")


def export(drawing: Drawing, folder: Path) -> Path:
    page = drawing.page
    page.get_by_test_id("more").click()
    with page.expect_download() as download:
        page.get_by_test_id("export").click()
    path = folder / "journey.json"
    download.value.save_as(path)
    assert json.loads(path.read_text()) == drawing.visitor.read(f"/api/journeys/{drawing.id}")["draft"]
    return path


def import_again(ada: Visitor, exported: Path) -> None:
    """As another journey, ready to be published."""
    ada.room("Journeys")
    ada.shot("story-16-journeys")
    with ada.page.expect_file_chooser() as chooser:
        ada.page.get_by_role("button", name="Import").click()
    chooser.value.set_files(exported)
    copy = Drawing(ada)
    expect(copy.node("email-1")).to_contain_text("Welcome, {first name}!")
    draft = ada.read(f"/api/journeys/{copy.id}")
    assert draft["draft"] == json.loads(exported.read_text())
    assert draft["status"] == "draft"


def replay(exported: Path, folder: Path) -> None:
    """The exported file runs headless: the same people over the same two days, in no time."""
    contacts, events, out = folder / "contacts.csv", folder / "events.csv", folder / "out"
    contacts.write_text("user_id,email,first_name,plan\nben,ben@example.net,Ben,pro\ncleo,cleo@example.net,Cleo,free\n")
    rows = [f"{name},Signed Up,2026-03-01T1{hour}:00:00Z," for hour, name in enumerate(("ben", "cleo", "ben"))]
    events.write_text("\n".join(["user_id,event,timestamp,properties", *rows, ""]))
    span = ("--from", "2026-03-01T00:00:00Z", "--until", "2026-03-31T00:00:00Z")
    files = ("--contacts", str(contacts), "--events", str(events), "--out", str(out))
    done = run("replay", str(exported), *files, *span, data_dir=folder / "replayed")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["messages"] == 1
    flow = json.loads((out / "flow.json").read_text())
    assert flow["outcomes"]["entered"] == flow["outcomes"]["completed"] == 2
    assert "Welcome, Ben!" in (out / "messages.csv").read_text()
