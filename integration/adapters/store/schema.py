"""The whole schema: `METADATA` with every table in it, for what compiles, migrates and compares."""

from integration.adapters.store import tables, work_tables
from integration.adapters.store.columns import METADATA

__all__ = ["METADATA", "tables", "work_tables"]
