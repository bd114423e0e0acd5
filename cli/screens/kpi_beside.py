"""KPIs beside the season as it was planned, for people: value, plan, band and difference of each line."""

from cli.screens.blocks import Row, Screen, Table, Text, Tone
from cli.screens.kpi import DIMENSIONS, KPI_NAMES, length, part_name, percent, short_value, standing_of, target_of
from cli.screens.reader import Body, Reader
from domain.kpi_list import Unit
from domain.kpi_plan import AT_P75
from integration.usecases.marks import N_

DASH = "–"


def plan_said(scenario: str, replications: int, t: Reader) -> str:
    """Which season, how often simulated, what its band means."""
    told = N_("Season {scenario}, simulated {n} times; a band holds 99 in 100 such periods.")
    return t(told, scenario=scenario, n=replications)


def plan_told(body: Body, t: Reader) -> Screen:
    """What stands beside the report, and whether it is of the same hotels."""
    plan = body["plan"]
    screen: Screen = [Text(plan_said(plan["scenario"], plan["replications"], t))]
    if sorted(plan["hotels"]) != sorted(body["hotels"]):
        told = N_("The plan is of {planned}, the report of {hotels}: numbers and revenue do not compare.")
        screen.append(Text(Tone(t(told, planned=_few(plan["hotels"]), hotels=_few(body["hotels"])), "yellow")))
    return screen


def _few(names: list[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (f" (+{len(names) - most})" if len(names) > most else "")


def beside_table(rows: list[Body], currency: str, t: Reader, dimension: str = "") -> Table:
    """Lines beside their plan. `currency`: the plan's."""
    part = (t(DIMENSIONS[dimension]),) if dimension else ()
    headers = (
        t(N_("KPI")), *part, t(N_("Value")), t(N_("n")), t(N_("Target")), "", t(N_("Plan")), t(N_("Band")),
        t(N_("Difference")),
    )  # fmt: skip
    return Table(headers, tuple(_row(row, currency, t, dimension) for row in rows))


def _row(row: Body, currency: str, t: Reader, dimension: str) -> Row:
    part = (part_name(dimension, row["by"][dimension], t),) if dimension else ()
    planned, band, difference = _plan(row, currency, t)
    return (
        t(KPI_NAMES[row["kpi"]]), *part, _value(row, t), row["n"], target_of(row, t), standing_of(row, t), planned,
        band, Tone(difference, "yellow") if row["outside"] else difference,
    )  # fmt: skip


def _value(row: Body, t: Reader) -> str:
    """As it is held against the plan: of first response and resolution what three quarters were within."""
    if row["kpi"] in AT_P75:
        return t(N_("75 % within {length}"), length=length(row["p75"])) if row["p75"] is not None else "-"
    return short_value(row, t)


def _plan(row: Body, currency: str, t: Reader) -> tuple[str, str, str]:
    """Plan, band and difference; empty where a plan does not know the line."""
    if row["plan"] is None:
        return "", "", ""
    plan, low, high = (_figure(row[name], row["unit"], currency, t) for name in ("plan", "plan_low", "plan_high"))
    band = f"{low} {DASH} {high}" if row["plan_low"] is not None else ""
    found = row["difference"]
    if found is None:
        return plan, band, ""
    sign = "-" if found < 0 else "+" if found > 0 else ""
    return plan, band, f"{sign}{_figure(abs(found), row['unit'], currency, t, is_change=True)}"


def _figure(value: float | None, unit: str, currency: str, t: Reader, *, is_change: bool = False) -> str:
    if value is None:
        return ""
    if unit == Unit.MONEY:
        return t.money({"amount": f"{value:.2f}", "currency": currency})
    if unit == Unit.SECONDS:
        return length(value)
    if unit == Unit.SHARE:
        return t(N_("{n} points"), n=_points(value, t)) if is_change else percent(value, t, 1)
    return f"{value:.0f}"


def _points(share: float, t: Reader) -> str:
    text = f"{share * 100:.1f}"
    return text.replace(".", ",") if t.language == "tr" else text
