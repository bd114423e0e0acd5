"""A period as a season was planned, beside the same period as it was: line by line, by the same formulas.

A cell holds what the simulated seasons give on average, and the band that one more such period falls in 99 times in
100. First response and resolution are compared at their 75th percentile, the speed of answer at its mean, everything
else by its value. Money has a cell in the plan's own currency only. What a simulation does not know (tags, agents,
leads) has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kpi_list import KPIS, Unit
from domain.kpi_row import KpiRow, PlanCell

AT_P75 = frozenset({"frt_s", "resolution_s"})
P75 = 75
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Planned:
    """A period of a simulated season. `first`, `last`: of the season; `hotels`: whose season it is; `cells`: by KPI,
    dimension and key (both empty for the whole)."""

    scenario: str
    seed: int
    replications: int
    confidence: float
    currency: str
    first: date
    last: date
    hotels: tuple[str, ...]
    cells: Mapping[Place, PlanCell]


def compared(row: KpiRow) -> float | None:
    """The figure of a line that is held against the plan."""
    if row.kpi in AT_P75:
        found = row.percentiles.get(P75)
        return None if found is None else float(found)
    return None if row.value is None else float(row.value)


def difference(row: KpiRow) -> float | None:
    """What it is minus what was planned; None where one of them is missing."""
    value = compared(row)
    return None if row.plan is None or value is None else value - row.plan.value


def is_outside(row: KpiRow) -> bool | None:
    """Whether it is outside the band; None where there is none, or nothing to hold against it."""
    value, plan = compared(row), row.plan
    if plan is None or value is None or plan.low is None or plan.high is None:
        return None
    return not plan.low <= value <= plan.high


def beside(rows: Sequence[KpiRow], planned: Planned, wanted: Iterable[str], by: Iterable[str]) -> list[KpiRow]:
    """The lines with their cells. A number that was planned for a part of which nothing came has a line too, of 0.
    `wanted`, `by`: the KPIs and dimensions that were asked for."""
    found = [_with_cell(row, planned) for row in rows]
    known = {_place(row) for row in found}
    wanted, by = set(wanted), set(by)
    for place in sorted(set(planned.cells) - known):
        slug, dimension, key = place
        if slug in wanted and dimension in by and KPIS[slug].unit is Unit.COUNT:
            line = KpiRow(slug, Unit.COUNT, 0.0, 0, by={dimension: key}, plan=planned.cells[place])
            found.insert(_behind(found, slug, dimension, key), line)
    return found


def _with_cell(row: KpiRow, planned: Planned) -> KpiRow:
    if row.currency not in {None, planned.currency}:
        return row
    cell = planned.cells.get(_place(row))
    return row if cell is None else replace(row, plan=cell)


def _place(row: KpiRow) -> Place:
    return row.kpi, *next(iter(row.by.items()), ("", ""))


def _behind(rows: Sequence[KpiRow], slug: str, dimension: str, key: str) -> int:
    """Where a part belongs among the parts of its KPI, by key; at the end where there are none."""
    own = [place for place, row in enumerate(rows) if row.kpi == slug and dimension in row.by]
    before = [place for place in own if rows[place].by[dimension] < key]
    return before[-1] + 1 if before else own[0] if own else len(rows)
