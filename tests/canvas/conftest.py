"""A browser for all of the tests, and a front end that is built from what is in the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tools.environment import prepare


@pytest.fixture(scope="session")
def built() -> None:
    """The front end is built; nothing happens when it is up to date, as it is once `make test` has prepared."""
    prepare()


@pytest.fixture(scope="session")
def browser(built: None) -> Iterator[Browser]:
    with chromium() as running:
        yield running
