"""A browser for all of the tests, and the front end as it was built."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.server import ROOT


@pytest.fixture(scope="session")
def built() -> None:
    """Tests install and build nothing: `make test` has done so, and by hand `make setup` does."""
    if not (ROOT / "static" / "app" / "index.html").exists():
        pytest.fail("the front end is not built: run make setup")


@pytest.fixture(scope="session")
def browser(built: None) -> Iterator[Browser]:
    with chromium() as running:
        yield running
