"""Comparisons with the PMS and what they found: the records, and what the store can do with them."""

from typing import Protocol


class ComparisonReads(Protocol):
    """What can be read."""


class ComparisonWrites(Protocol):
    """What can be written."""
