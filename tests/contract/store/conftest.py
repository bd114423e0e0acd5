"""Every test with `store` runs six times: inline and with threads, in memory, in a file and in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.store.database import Database
from tests.contract.store.playing import Played
from tests.postgres import a_database, drop

FORMS = [f"{place} {way}" for place in ("memory", "file", "postgres") for way in ("inline", "threads")]


@pytest.fixture(params=FORMS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Played]:
    form = str(request.param)
    path = tmp_path / "home" / "santral.sqlite" if form.startswith("file") else None
    url = a_database() if form.startswith("postgres") else ""
    with Played(path, inline=form.endswith("inline"), url=url, home=tmp_path) as played:
        yield played
    if url:
        drop(url)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store in PostgreSQL, and a home for its key."""
    url = a_database()
    yield Database(url, tmp_path)
    drop(url)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    url = a_database(empty=True)
    yield Database(url, tmp_path)
    drop(url)
