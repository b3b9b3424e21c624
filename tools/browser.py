"""A Chromium for the browser tests: the one that is here, or one that is fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools.environment import PYTHON
from tools.step import StepError, apt_install, run, say

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHTS_OWN = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


def find_chromium() -> Path | None:
    """$CHROMIUM, Playwright's own, or one on the PATH; None when there is none that starts."""
    candidates = [os.environ.get("CHROMIUM"), _playwrights_own(), *map(shutil.which, ON_PATH)]
    return next((Path(path) for path in candidates if path and _starts(path)), None)


def ensure_chromium() -> Path:
    """A Chromium that starts, installed if need be. Raises: StepError."""
    found = find_chromium()
    if found:
        return found
    say("browser", "no Chromium here: fetching one with Playwright")
    try:
        run("browser", "fetching Chromium with Playwright", [PYTHON, "-m", "playwright", "install", "chromium"])
        found = find_chromium()
    except StepError:
        say("browser", "Playwright's own could not be fetched")
    if not found and apt_install("browser", ["chromium", "fonts-liberation"]):
        found = find_chromium()
    if not found:
        raise StepError(
            "the browser tests need Chromium and none could be installed",
            "Install it (on Debian: sudo apt-get install chromium) or name one in CHROMIUM, then run it again.",
        )
    return found


def _playwrights_own() -> str | None:
    if not PYTHON.exists():
        return None
    answer = subprocess.run([PYTHON, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def _starts(path: str) -> bool:
    """It exists and answers; a Chromium whose libraries are missing, or a snap's stub, does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
