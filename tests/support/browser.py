"""Chromium for the tests that drive a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.browser import find_chromium

ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO_GET_ONE = "no Chromium: run make test, or install one and name it in CHROMIUM"

find = cache(find_chromium)


def chromium_path() -> Path:
    """The browser's file. Without one the test is skipped, or fails where BROWSER_TESTS=required."""
    found = find()
    if found:
        return found
    if os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail(HOW_TO_GET_ONE)
    pytest.skip(HOW_TO_GET_ONE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; make a context of your own in it."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
