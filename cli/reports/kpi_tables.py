"""Lines of a KPI report as people read them in a file: headings, KPIs, parts and standings in the reader's language.

Columns and figures stay those of `integration.usecases.kpi_tables`; only words change, so a file with words and one
with names hold the same numbers in the same places.
"""

from collections.abc import Mapping
from dataclasses import replace

from cli.screens.kpi import DIMENSIONS, KPI_NAMES, STANDINGS, part_name
from cli.screens.reader import Reader
from domain.kpi_list import Unit
from integration.usecases.kpi_tables import Row, Table
from integration.usecases.marks import N_

HEADINGS: Mapping[str, str] = {
    "first": N_("From"),
    "last": N_("To"),
    "kpi": N_("KPI"),
    "unit": N_("Unit"),
    "dimension": N_("Broken down by"),
    "part": N_("Part"),
    "currency": N_("Currency"),
    "value": N_("Value"),
    "low": N_("At least (95 %)"),
    "high": N_("At most (95 %)"),
    "n": N_("n"),
    "open_n": N_("Open"),
    "p50": N_("50 % within"),
    "p75": N_("75 % within"),
    "p90": N_("90 % within"),
    "p95": N_("95 % within"),
    "wall_p75": N_("75 % within, by the wall"),
    "target_low": N_("Target from"),
    "target": N_("Target"),
    "in_target": N_("Inside the target"),
    "status": N_("Status"),
    "plan": N_("Plan"),
    "plan_low": N_("Planned at least (99 %)"),
    "plan_high": N_("Planned at most (99 %)"),
    "difference": N_("Difference from the plan"),
    "outside": N_("Outside the plan"),
}
UNITS: Mapping[Unit, str] = {
    Unit.COUNT: N_("number"),
    Unit.SHARE: N_("share"),
    Unit.SECONDS: N_("seconds"),
    Unit.MONEY: N_("money"),
}


def in_words(table: Table, t: Reader) -> Table:
    """A table of lines (`lines_table`) with the words of the reader."""
    place = {name: number for number, (name, _) in enumerate(table.columns)}
    headings = tuple(t(HEADINGS[name]) for name, _ in table.columns)
    return replace(table, rows=[_said(row, place, t) for row in table.rows], headings=headings)


def _said(row: Row, place: Mapping[str, int], t: Reader) -> Row:
    said = list(row)
    dimension, part = row[place["dimension"]], row[place["part"]]
    standing = STANDINGS[row[place["status"]]][0]
    said[place["kpi"]] = t(KPI_NAMES[row[place["kpi"]]])
    said[place["unit"]] = t(UNITS[Unit(row[place["unit"]])])
    said[place["dimension"]] = t(DIMENSIONS[dimension]) if dimension else ""
    said[place["part"]] = part_name(dimension, part, t) if dimension else ""
    said[place["status"]] = t(standing) if standing else ""
    return tuple(said)
