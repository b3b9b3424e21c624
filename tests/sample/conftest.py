"""A workspace filled with the sample; made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.db.connect import Database, connect
from backend.sample.seed import seed
from backend.settings import Settings
from tests.scheduling.conftest import NOW, fill


def copied(template: Path, folder: Path) -> Database:
    shutil.copy(template, folder / "sojourn.db")
    return connect(Settings(data_dir=folder))


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    db = fill(connect(Settings(data_dir=folder)))
    seed(db, NOW)
    db.dispose()
    return folder / "sojourn.db"


@pytest.fixture
def shop(seeded_file: Path, tmp_path: Path) -> Iterator[Database]:
    db = copied(seeded_file, tmp_path)
    yield db
    db.dispose()


@pytest.fixture
def empty_db(tmp_path: Path) -> Iterator[Database]:
    db = fill(connect(Settings(data_dir=tmp_path)))
    yield db
    db.dispose()
