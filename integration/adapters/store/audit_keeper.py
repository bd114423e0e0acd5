"""What a store needs to keep its audit: the chain, and the file of checkpoints.

A **Seal** says where key and checkpoints are; a **Keeper** is the two at work in one open store, and counts the rows
that no checkpoint covers yet. It is used by the thread that writes; those that read only verify with it.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from integration.adapters.store.audit_keys import key_of, make_key, read_key
from integration.adapters.store.chain import Chain
from integration.adapters.store.checkpoints import Checkpoints
from integration.settings import Settings

if TYPE_CHECKING:
    from integration.adapters.store.transaction import Reading

EVERY = 500
KEY_FILE = "audit.key"
CHECKPOINT_FILE = "audit.checkpoints"


@dataclass(slots=True)
class Keeper:
    """`checkpoints` None: a store in memory, which nobody can tamper with."""

    chain: Chain
    checkpoints: Checkpoints | None
    unmarked: int = 0

    @property
    def is_due(self) -> bool:
        """Whether so many rows have come since the last checkpoint that the next must not wait."""
        return self.unmarked >= EVERY

    def mark(self, reading: "Reading") -> None:
        """Write a checkpoint of what is committed, if rows have come since the last; what fails is tried again."""
        if not self.unmarked or self.checkpoints is None:
            return
        try:
            seq, mac, at = reading.audit_mark()
        except sqlite3.Error:
            return
        if not seq or self.checkpoints.append(seq, mac, at):
            self.unmarked = 0


@dataclass(frozen=True, slots=True)
class Seal:
    """Where key and checkpoints are. `given_key`: the key itself, in hexadecimal digits, instead of the file's."""

    key_path: Path
    checkpoints_path: Path
    given_key: str = ""

    def make(self) -> None:
        """Make a key file unless a key is there."""
        if not self.given_key:
            make_key(self.key_path)

    def chain(self) -> Chain:
        """ConfigurationError without a key."""
        return Chain(key_of(self.given_key, "SANTRAL_AUDIT_KEY") if self.given_key else read_key(self.key_path))

    def keeper(self) -> Keeper:
        """ConfigurationError without a key."""
        chain = self.chain()
        return Keeper(chain, Checkpoints(self.checkpoints_path, chain))


def seal_beside(store: Path) -> Seal:
    """Key and checkpoints beside the store's file."""
    return Seal(store.parent / KEY_FILE, store.parent / CHECKPOINT_FILE)


def seal_of(settings: Settings) -> Seal:
    """As the settings say; else beside the store's file."""
    beside = seal_beside(settings.store_path)
    elsewhere = settings.audit_checkpoints
    return Seal(beside.key_path, Path(elsewhere) if elsewhere else beside.checkpoints_path, settings.audit_key)


def memory_keeper() -> Keeper:
    """For a store in memory: a fixed key, so that the same seed gives the same bytes."""
    return Keeper(Chain(bytes(32)), None)
