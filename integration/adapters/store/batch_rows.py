"""Batches and their rows, as they are stored; the statements are in `batch_sql.py`."""

from integration.adapters.store.access import Access


class BatchReading(Access):
    """What can be read of them."""

    __slots__ = ()


class BatchWriting(Access):
    """What can be changed of them."""

    __slots__ = ()
