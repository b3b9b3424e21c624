from __future__ import annotations

import pytest

from backend.db.connect import Database
from tests.support.town import Town


@pytest.fixture
def town(db: Database) -> Town:
    return Town(db)
