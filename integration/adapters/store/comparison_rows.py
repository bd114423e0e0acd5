"""Comparisons with the PMS and what they found, as they are stored; the statements are in `comparison_sql.py`."""

from integration.adapters.store.access import Access


class ComparisonReading(Access):
    """What can be read of them."""

    __slots__ = ()


class ComparisonWriting(Access):
    """What can be changed of them."""

    __slots__ = ()
