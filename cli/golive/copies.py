"""A copy of a hotel's home to prove things on, so that nothing is written into the hotel's own."""

import shutil
import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from pathlib import Path

from cli.loadtest.leftovers import temporary_place
from integration.settings import Settings


def copied_home(settings: Settings, end: AsyncExitStack) -> Settings | None:
    """Settings of a copy that is thrown away at the end; None when the home's PMS or store is not in its folder."""
    if not settings.is_embedded or settings.database_url:
        return None
    place = end.enter_context(temporary_place("santral-golive-"))
    copy = replace(settings, home=place / "home", audit_checkpoints="", outbound="")
    copy.home.mkdir()
    for one in sorted(settings.home.iterdir()):
        _copied(one, copy.home / one.name)
    return copy


def _copied(source: Path, target: Path) -> None:
    """A database is copied as a whole, whoever writes to it meanwhile; its side files are not."""
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.suffix == ".sqlite":
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    elif not source.name.endswith(("-wal", "-shm")):
        shutil.copy2(source, target)
