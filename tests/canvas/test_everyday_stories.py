"""Smaller things people do: bring contacts in, enroll them by hand, work on one journey together, get something wrong.

One server for all; every test makes its own journeys.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.support.app import PASSWORD, by_hand
from tests.support.builder import a_journey
from tests.support.server import Server, serving
from tests.support.story import Drawing, Visitor, a_visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Ada and Ben have accounts."""
    with serving(tmp_path_factory.mktemp("everyday")) as running:
        account = {"token": running.setup_link.split("token=")[1], "email": "ada@example.com", "password": PASSWORD}
        assert requests.post(f"{running.url}/api/setup", json=account, timeout=10).ok
        with running.log_in() as ada:
            ben = {"email": "ben@example.com", "password": PASSWORD, "name": "Ben"}
            assert ada.post(f"{running.url}/api/users", json=ben, timeout=10).ok
        yield running


@pytest.fixture
def ada(browser: Browser, server: Server) -> Iterator[Visitor]:
    with a_visitor(browser, server) as visitor:
        visitor.log_in()
        yield visitor


def made(server: Server, document: dict[str, Any], *, is_live: bool = False) -> int:
    with server.log_in() as session:
        answer = session.post(f"{server.url}/api/journeys", json=document, timeout=10)
        assert answer.ok, answer.text
        journey = int(answer.json()["id"])
        if is_live:
            assert session.post(f"{server.url}/api/journeys/{journey}/publish", timeout=10).ok
        return journey


def opened(visitor: Visitor, journey: int, mode: str = "Edit") -> Drawing:
    visitor.go(f"/journeys/{journey}")
    drawing = Drawing(visitor)
    drawing.canvas.wait_for()
    if visitor.page.get_by_test_id("mode").count():
        visitor.page.get_by_test_id("mode").get_by_text(mode).click()
    return drawing


def test_contacts_come_from_a_file_and_are_enrolled_by_hand(ada: Visitor, server: Server, tmp_path: Path) -> None:
    page, file = ada.page, tmp_path / "people.csv"
    file.write_text(
        "user_id,email,first_name,unsubscribed\n"
        "gus,gus@example.net,Gus,false\nhal,hal@example.net,Hal,false\n,,Nobody,false\nivy,no address,Ivy,maybe\n"
    )
    ada.go("/contacts/import")
    page.get_by_label("CSV file").set_input_files(file)
    expect(page.get_by_role("cell", name="first_name", exact=True)).to_be_visible()
    ada.shot("everyday-columns")
    page.get_by_role("button", name="Import 4 rows").click()
    expect(page.get_by_text("2 people added")).to_be_visible()
    left_out = page.get_by_role("region", name="Rows left out").get_by_role("row")
    expect(left_out.filter(has_text="unsubscribed").or_(left_out.filter(has_text="email")).first).to_be_visible()
    ada.shot("everyday-import-report")

    drawing = opened(ada, made(server, by_hand(), is_live=True), "Live")
    page.get_by_test_id("enroll").click()
    page.get_by_test_id("enroll-names").fill("gus@example.net\nhal\nstranger@example.net")
    page.get_by_test_id("enroll-confirm").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 entered. 1 did not")
    page.get_by_role("button", name="Done").click()
    expect(drawing.count("pause")).to_contain_text("2 here")
    drawing.count("pause").click()
    expect(page.get_by_test_id("people-here").get_by_role("link")).to_have_count(2)
    ada.shot("everyday-who-is-here")


def test_two_people_see_each_other_and_lose_nothing(ada: Visitor, browser: Browser, server: Server) -> None:
    journey = made(server, a_journey("Shared").on("Signed Up").waits(days=2).sends().build())
    hers = opened(ada, journey)
    with a_visitor(browser, server) as ben:
        ben.log_in("ben@example.com")
        his = opened(ben, journey)
        expect(hers.page.get_by_role("img", name="Ben is here too")).to_be_visible()
        hers.page.get_by_test_id("journey-name").fill("Ada’s name")
        hers.must_be_saved()
        expect(his.page.get_by_test_id("save-state")).to_contain_text("Somebody changed this")
        his.page.get_by_test_id("journey-name").fill("Ben’s name")
        expect(his.page.get_by_test_id("conflict")).to_contain_text("Nothing is lost")
        ben.shot("everyday-conflict")
        his.page.get_by_role("button", name="Save mine as a copy").click()
        his.page.wait_for_url(lambda url: not url.endswith(f"/{journey}"))
        expect(his.page.get_by_test_id("journey-name")).to_have_value("Ben’s name (my changes)")
    assert ada.read(f"/api/journeys/{journey}")["name"] == "Ada’s name"


def test_a_broken_file_is_refused_by_name_and_an_unfinished_one_becomes_a_draft(ada: Visitor, tmp_path: Path) -> None:
    page = ada.page
    before = len(ada.read("/api/journeys")["items"])
    unknown_key = {**by_hand("With a secret"), "secret": 1}
    for name, text, said in (
        ("half.json", '{"format": "sojourn/journey@1", "na', "not JSON"),
        ("odd.json", json.dumps(unknown_key), "“secret” is not known here"),
        ("later.json", json.dumps({**by_hand(), "format": "sojourn/journey@99"}), "sojourn/journey@99"),
    ):
        file = tmp_path / name
        file.write_text(text)
        ada.go("/journeys")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import").click()
        chooser.value.set_files(file)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(f"{name} was not imported")
        expect(dialog).to_contain_text(said)
        ada.shot(f"everyday-refused-{name}")
        dialog.get_by_role("button", name="Close").last.click()
    assert len(ada.read("/api/journeys")["items"]) == before

    open_end = a_journey("Unfinished").on("Signed Up").waits(days=2).build(is_open=True)
    file = tmp_path / "unfinished.json"
    file.write_text(json.dumps(open_end))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("“Unfinished” is there, as a draft")
    dialog.get_by_role("button", name="Open it").click()
    expect(page.get_by_test_id("journey-name")).to_have_value("Unfinished")
    expect(page.get_by_test_id("node-wait").get_by_role("img")).to_be_visible()  # the badge of its problem


def test_a_dead_mail_server_is_told_as_it_is(ada: Visitor) -> None:
    page = ada.page
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    ada.go("/settings/email")
    page.get_by_role("radio", name="A mail server").click()
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    ada.choose("Encryption", "None")
    page.get_by_label("Port").fill(str(port))
    page.get_by_label("Sender’s address").fill("hello@shop.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("E-mail settings are saved")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    answer = page.get_by_text("It was not taken.").locator("..")
    expect(answer).to_contain_text("refused")
    ada.shot("everyday-dead-server")
    page.get_by_role("radio", name="Test inbox").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("until a mail server is set up")).to_be_visible()


def test_a_template_that_cannot_be_read_is_named_where_it_is_written(ada: Visitor, server: Server) -> None:
    journey = made(server, a_journey("Broken letter").on("Signed Up").sends("hello").build())
    drawing = opened(ada, journey)
    panel = drawing.select("hello")
    panel.get_by_label("Subject").fill("Hello {{ contact.first_name")
    drawing.must_be_saved()
    expect(drawing.node("hello").get_by_role("img").last).to_be_visible()
    ada.page.get_by_test_id("publish").click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_test_id("problem-list")).to_contain_text("its }} or %} is missing")
    ada.shot("everyday-broken-template")
    assert ada.read(f"/api/journeys/{journey}")["status"] == "draft"
