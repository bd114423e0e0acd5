"""Rollbacks and their steps: the records, and what the store can do with them."""

from typing import Protocol


class RollbackReads(Protocol):
    """What can be read."""


class RollbackWrites(Protocol):
    """What can be written."""
