"""Batches and their rows: the records, and what the store can do with them."""

from typing import Protocol


class BatchReads(Protocol):
    """What can be read."""


class BatchWrites(Protocol):
    """What can be written."""
