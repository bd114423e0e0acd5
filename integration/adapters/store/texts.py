"""The SQL that the running store uses: text compiled beforehand, read once per process.

`compile.py` writes the files from the Core statements; here is only JSON and joining of conditions.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "compiled"


class Listing(msgspec.Struct, frozen=True):
    """A SELECT in pieces; see `integration.adapters.store.queries`."""

    select: str
    joint: str
    conditions: Mapping[str, str]
    end: str

    def where(self, names: Iterable[str]) -> str:
        """The whole statement with the conditions of these names."""
        chosen = " AND ".join(self.conditions[name] for name in names)
        return f"{self.select} {self.joint} {chosen} {self.end}" if chosen else f"{self.select} {self.end}"


class Texts(msgspec.Struct, frozen=True):
    """A dialect's SQL. `revisions`: the schemas known, oldest first; the last is the one the program works with."""

    revisions: tuple[str, ...]
    ddl: tuple[str, ...]
    statements: Mapping[str, str]
    listings: Mapping[str, Listing]

    @property
    def head(self) -> str:
        """The revision of the schema that the program works with."""
        return self.revisions[-1]


@cache
def texts_of(dialect: str) -> Texts:
    """The SQL of `sqlite` or `postgresql`."""
    return msgspec.json.decode((FOLDER / f"{dialect}.json").read_bytes(), type=Texts)
