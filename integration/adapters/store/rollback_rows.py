"""Rollbacks and their steps, as they are stored; the statements are in `rollback_sql.py`."""

from integration.adapters.store.access import Access


class RollbackReading(Access):
    """What can be read of them."""

    __slots__ = ()


class RollbackWriting(Access):
    """What can be changed of them."""

    __slots__ = ()
