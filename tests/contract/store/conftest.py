"""Every test with `store` runs four times: inline and with threads, in memory and in a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.store.playing import Played


@pytest.fixture(params=["memory inline", "memory threads", "file inline", "file threads"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Played]:
    form = str(request.param)
    path = tmp_path / "home" / "santral.sqlite" if form.startswith("file") else None
    with Played(path, inline=form.endswith("inline")) as played:
        yield played
