"""Who cares for the store that the settings name: one set of verbs for a file and for a database."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from integration.adapters.store import needing_driver
from integration.adapters.store.audit_keeper import Keeper, Seal, seal_of
from integration.adapters.store.care import (
    Copied,
    Restored,
    Upgraded,
    back_up,
    make_store,
    must_be_there,
    restore,
    upgrade_store,
)
from integration.adapters.store.chain import Head
from integration.adapters.store.inspection import Check, Inspection, inspect
from integration.adapters.store.sqlite_file import open_file
from integration.adapters.store.texts import texts_of
from integration.adapters.store.transaction import Reading
from integration.settings import Settings


class Care(Protocol):
    """Makes, checks, copies, puts back and upgrades a store. Errors as `care.py` and `postgres_care.py` say."""

    @property
    def name(self) -> str: ...
    def make(self, *, force: bool = False) -> None: ...
    def is_there(self) -> bool: ...
    def try_open(self) -> None: ...
    def read_head(self, keeper: Keeper) -> tuple[Head | None, int]:
        """The audit's head, and the highest number there is."""
        ...

    def watch(self) -> list[Check]:
        """What else is worth a look every morning."""
        ...

    def look_over(self) -> Inspection: ...
    def back_up(self, target: Path, *, force: bool) -> Copied: ...
    def restore(self, backup: Path, *, force: bool) -> Restored: ...
    def upgrade(self) -> Upgraded: ...


@dataclass(frozen=True, slots=True)
class FileCare:
    """Cares for the file in a home."""

    settings: Settings
    seal: Seal

    @property
    def _store(self) -> Path:
        return self.settings.store_path

    @property
    def name(self) -> str:
        """The file."""
        return str(self._store)

    def make(self, *, force: bool = False) -> None:  # noqa: ARG002 - what is in the home, who makes the home has looked at
        """An empty store with key and checkpoints."""
        make_store(self.settings)

    def is_there(self) -> bool:
        """Whether there is a file."""
        return self._store.exists()

    def try_open(self) -> None:
        """Raise what opening the store would raise."""
        open_file(self._store, create=False).close()

    def read_head(self, keeper: Keeper) -> tuple[Head | None, int]:
        """The audit's head, and the highest number there is."""
        with closing(open_file(self._store, create=False)) as connection:
            return Reading(connection, texts_of("sqlite"), keeper).audit_head()

    def watch(self) -> list[Check]:
        """A file needs nothing else."""
        return []

    def look_over(self) -> Inspection:
        """Look the file over. NotFound without one, ConfigurationError without the audit's key."""
        must_be_there(self._store)
        keeper = self.seal.keeper()
        marks = None if keeper.checkpoints is None else keeper.checkpoints.read()
        return inspect(self._store, keeper.chain, marks)

    def back_up(self, target: Path, *, force: bool) -> Copied:
        """Copy the file."""
        return back_up(self._store, target, self.seal, force=force)

    def restore(self, backup: Path, *, force: bool) -> Restored:
        """Put a copy in its place."""
        return restore(backup, self._store, self.seal, force=force)

    def upgrade(self) -> Upgraded:
        """Bring it to today's schema."""
        return upgrade_store(self._store, self.seal)


def care_of(settings: Settings) -> Care:
    """Who cares for the store of these settings. ConfigurationError without the driver a database needs."""
    if not settings.database_url:
        return FileCare(settings, seal_of(settings))
    with needing_driver():
        from integration.adapters.store.postgres_care import DatabaseCare  # noqa: PLC0415 - the driver is an extra
        from integration.adapters.store.postgres_place import place_of  # noqa: PLC0415
    return DatabaseCare(place_of(settings.database_url), seal_of(settings), settings.home)
