"""The whole schema: `METADATA` with every table in it, for what compiles, migrates and compares."""

from integration.adapters.store import case_tables, kpi_tables, office_tables, tables, work_tables
from integration.adapters.store.columns import METADATA

__all__ = ["METADATA", "case_tables", "kpi_tables", "office_tables", "tables", "work_tables"]
