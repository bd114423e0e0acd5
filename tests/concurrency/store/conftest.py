"""Every test with `place` runs on a file and on PostgreSQL."""

from pathlib import Path

import pytest

from tests.concurrency.store.places import Place
from tests.postgres import STORES, a_database


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where nothing is yet."""
    return Place(tmp_path / "home", a_database(empty=True) if request.param == "postgresql" else "")
