"""Where the processes of a test keep their one store."""

import sys
from dataclasses import dataclass
from pathlib import Path

from integration.ports.store import Store
from tests.concurrency.store.child import opened
from tests.contract.store.playing import Played


@dataclass(frozen=True)
class Place:
    """A home, and the database that holds its store; without one a file in the home does."""

    home: Path
    url: str

    def service(self) -> Store:
        """The store of a service."""
        return opened(self.home, self.url)

    def opened(self) -> Played:
        """The store as it is left."""
        path = None if self.url else self.home / "santral.sqlite"
        return Played(path, create=False, url=self.url, home=self.home)

    def command(self, name: str, rounds: int, callers: int) -> list[str]:
        """A process that books."""
        module = "tests.concurrency.store.child"
        return [sys.executable, "-m", module, str(self.home), self.url, name, str(rounds), str(callers)]
