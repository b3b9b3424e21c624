"""A step of set-up: say what goes on, run a command, stop with a sentence a person can act on, skip what is done."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".stamps"
QUIET_SECONDS_MAX = 5.0  # a long command says how far it is this often
SHOWN_LINES = 12

CAUSES = (
    (("no space left on device", "enospc"), "The disk is full. Free about 2 GB, then run it again."),
    (
        ("certificate_verify_failed", "self_signed_cert", "unable_to_get_issuer", "certificate verify failed"),
        "A certificate was not trusted. Name your company's certificate file in PIP_CERT and NODE_EXTRA_CA_CERTS.",
    ),
    (
        (
            "name resolution", "name or service not known", "enotfound", "eai_again", "econnrefused", "etimedout",
            "network is unreachable", "max retries exceeded", "newconnectionerror", "econnreset", "connection refused",
            "could not resolve", "temporary failure resolving", "read timed out",
        ),
        "The package server could not be reached. Check the network (and the proxy settings), then run it again.",
    ),
    (("permission denied", "eacces"), f"A file may not be written. Make {ROOT} belong to you, then run it again."),
    (
        ("no matching distribution", "could not find a version"),
        "The package index was out of reach or lacks a version. Check the network and pip config list.",
    ),
    (("npm ci` can only install", "package-lock.json"), "Run npm install in frontend/ and commit package-lock.json."),
)  # fmt: skip
UNKNOWN_CAUSE = "The lines above say why. What was done so far is kept; run it again once that is mended."


def advice(output: str) -> str:
    """What to do about a command that printed this and failed."""
    lower = output.lower()
    return next((what for signs, what in CAUSES if any(sign in lower for sign in signs)), UNKNOWN_CAUSE)


class StepError(Exception):
    """A step did not work. `what` completes "Stopped: …"; `lines` are the last ones the command printed."""

    def __init__(self, what: str, todo: str, lines: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.todo, self.lines = what, todo, tuple(lines)

    def __str__(self) -> str:
        shown = "".join(f"    | {line}\n" for line in self.lines)
        return f"Stopped: {self.what}.\n{shown}{self.todo}"


@dataclass
class Say:
    """Progress lines with the seconds since the start; several threads may speak."""

    started: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, step: str, words: str) -> None:
        with self.lock:
            print(f"{time.monotonic() - self.started:6.1f} s  {step:<9} {words}", flush=True)


say = Say()


def run(
    step: str, what: str, command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> str:
    """Run a command, tell how it goes, and answer what it printed. Raises: StepError, with its last lines."""
    try:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})}, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as problem:
        raise StepError(f"{what} did not start", advice(str(problem)), [str(problem)]) from problem
    output: deque[str] = deque(maxlen=200)
    spoken = time.monotonic()
    with process:
        assert process.stdout
        for line in process.stdout:
            output.append(line.rstrip())
            if time.monotonic() - spoken > QUIET_SECONDS_MAX and line.strip():
                spoken = time.monotonic()
                say(step, f"… {' '.join(line.split())[:90]}")
    if process.returncode:
        raise StepError(f"{what} failed", advice("\n".join(output)), [*output][-SHOWN_LINES:])
    return "\n".join(output)


def digest(parts: Iterable[Path | str]) -> str:
    """SHA-256 over texts and files, folders with everything in them; the same for the same content."""
    total = hashlib.sha256()
    for part in parts:
        for name, content in _contents(part):
            total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


LEFT_OUT = {"node_modules", "coverage", "dist", "__pycache__", "test-results"}


def _contents(part: Path | str) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, str):
        yield "", part.encode()
    elif part.is_dir():
        for folder, folders, files in os.walk(part):
            folders[:] = sorted(set(folders) - LEFT_OUT)
            for file in sorted(files):
                path = Path(folder, file)
                yield str(path.relative_to(part)), path.read_bytes()
    elif part.is_file():
        yield part.name, part.read_bytes()


def is_done(name: str, mark: str, made: Path) -> bool:
    """Whether the step `name` was last finished with this digest and what it made is still there."""
    stamp = STAMPS / name
    return made.exists() and stamp.is_file() and stamp.read_text() == mark


def done(name: str, mark: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(mark)


@contextmanager
def alone() -> Iterator[None]:
    """Two set-ups of one folder take turns."""
    STAMPS.mkdir(exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("setup", "waiting for another set-up of this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def apt_install(step: str, packages: Sequence[str]) -> bool:
    """Install Debian packages when we may (root, apt-get); False when we may not. Raises: StepError."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    say(step, f"apt-get install {' '.join(packages)}")
    run(step, "apt-get update", ["apt-get", "update", "-q"], env=quiet)
    run(step, f"apt-get install {' '.join(packages)}", ["apt-get", "install", "-qy", *packages], env=quiet)
    return True


def stop_with(problem: StepError) -> int:
    print(f"\n{problem}", file=sys.stderr, flush=True)
    return 1
