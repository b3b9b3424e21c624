"""A browser whose session ends hears nothing more from that moment on; housekeeping would find it a minute later."""

from __future__ import annotations

import pytest
from flask_socketio import SocketIOTestClient

from backend.accounts import sessions
from backend.live.canvas import NAMESPACE
from tests.support.app import PASSWORD, Client

NEW = "a staple of batteries"


def listening(browser: Client) -> SocketIOTestClient:
    """A websocket of this browser."""
    cookie = browser.http.get_cookie(sessions.COOKIE)
    assert cookie is not None
    headers = {"Cookie": f"{sessions.COOKIE}={cookie.value}"}
    live = browser.sojourn.live.socketio
    client = live.test_client(browser.sojourn.app, namespace=NAMESPACE, headers=headers)
    assert client.is_connected(NAMESPACE)
    return client


def test_logging_out_hangs_up_at_once_on_all_tabs_of_the_browser(ada: Client) -> None:
    tabs = [listening(ada), listening(ada)]
    ada.must("DELETE", "/api/session", 204)
    assert [tab.is_connected(NAMESPACE) for tab in tabs] == [False, False]


def test_nobody_else_is_cut_off(ada: Client) -> None:
    elsewhere, ben = Client(ada.sojourn).log_in("ada@example.com"), Client(ada.sojourn).log_in("ben@example.com")
    kept = [listening(elsewhere), listening(ben)]
    ada.must("DELETE", "/api/session", 204)
    assert [one.is_connected(NAMESPACE) for one in kept] == [True, True]


def test_who_logged_out_is_told_nothing_more(ada: Client) -> None:
    mine, bens = listening(ada), listening(Client(ada.sojourn).log_in("ben@example.com"))
    ada.must("DELETE", "/api/session", 204)
    ada.sojourn.live.announce("journey", {"id": 1, "status": "live", "revision": 1})
    assert [heard["name"] for heard in bens.queue] == ["journey"]
    assert mine.queue == []


@pytest.mark.slow
def test_logging_in_as_somebody_else_ends_what_the_first_one_watched(ada: Client) -> None:
    Client(ada.sojourn).log_in("ben@example.com")
    tab = listening(ada)
    ada.must("POST", "/api/session", 200, {"email": "ben@example.com", "password": PASSWORD})
    assert not tab.is_connected(NAMESPACE)


def test_a_removed_user_is_cut_off(ada: Client) -> None:
    ben = Client(ada.sojourn).log_in("ben@example.com")
    tab = listening(ben)
    user_id = ben.must("GET", "/api/session", 200)["user"]["id"]
    ada.must("DELETE", f"/api/users/{user_id}", 204)
    assert not tab.is_connected(NAMESPACE)


@pytest.mark.slow
def test_a_new_password_cuts_off_the_other_browsers(ada: Client) -> None:
    other_browser = listening(Client(ada.sojourn).log_in("ada@example.com"))
    mine = listening(ada)
    ada.must("POST", "/api/session/password", 204, {"current": PASSWORD, "new": NEW})
    assert (mine.is_connected(NAMESPACE), other_browser.is_connected(NAMESPACE)) == (True, False)
