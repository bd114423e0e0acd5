"""From what is typed to a KPI report's wish: days, KPIs, rates of a day."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from cli.inputs import a_day, a_day_or_none, codes
from domain.errors import InvalidInput
from domain.kpi_row import Dimension, Period
from domain.money import minor_digits
from integration.usecases.kpi_shapes import Rates, ReportWish

if TYPE_CHECKING:
    from cli.context import Session

MOST_DIGITS = 9


def period_of(session: "Session", first: str | None, last: str | None, *, has_plan: bool = False) -> Period:
    """Days as typed; without them the last seven, today included, or beside a plan the last seven that are over."""
    from integration.usecases.kpi_planned import days_over
    from integration.usecases.kpi_report import last_days

    days = days_over if has_plan else last_days
    return days(session.desk, session.hotel_id, a_day_or_none(first, "from"), a_day_or_none(last, "to"))


def check_plan(plan: str | None, explain: str | None) -> None:
    """InvalidInput for a plan beside the rows behind a number."""
    if plan is not None and explain is not None:
        raise InvalidInput("The rows behind a KPI have no plan beside them.", field="plan")


def beside_plan(session: "Session", wish: ReportWish, plan: str, replications: int, workers: int) -> ReportWish:
    """The wish with the season as it was planned, simulated now; what the report would refuse is refused before.
    ScenarioFileError, InvalidInput for days that are not in its season."""
    from cli.executors import executor_of
    from cli.kpi_planned import days_of, planned_of
    from cli.sim_seasons import Told, Wish
    from integration.usecases.kpi_planned import check_wish
    from scenarios.scenario_loader import load_scenario

    check_wish(session.desk, wish)
    wished, loaded = Wish(replications, None, workers), load_scenario(plan)
    days_of(loaded, wish.period)
    with executor_of("", min(wished.processes, replications)) as executor:
        told = Told(session, f"{loaded.name}: ")
        return replace(wish, plan=planned_of(loaded, wish.period, replications, executor=executor, tell=told))


def wish_of(
    session: "Session",
    period: Period,
    by: Sequence[Dimension] | None,
    kpis: Sequence[str] | None,
    *,
    ask_pms: bool = True,
    rates: Rates | None = None,
) -> ReportWish:
    """The wish of a report."""
    return ReportWish(period, session.hotel_id, tuple(dict.fromkeys(by or ())), codes(kpis), ask_pms, rates)


def rates_of(path: Path | None, into: str | None, day: str | None) -> Rates | None:
    """Rates from a CSV file of `currency,rate` (what one unit is in `into`); InvalidInput for what is none."""
    if path is None and into is None and day is None:
        return None
    if path is None or into is None or day is None:
        raise InvalidInput("Converting needs --rates, --into and --rate-day together.", field="rates")
    currency = into.strip().upper()
    minor_digits(currency)
    return Rates(currency, a_day(day, "rate_day"), _read(path, currency))


def _read(path: Path, into: str) -> Mapping[str, Decimal]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row and row[0].strip().lower() != "currency"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput("The rates in {file} cannot be read.", file=str(path), field="rates") from error
    found: dict[str, Decimal] = {}
    for currency, rate in map(_rate, rows):
        if currency in found:
            raise InvalidInput("The rate of {currency} is given twice.", currency=currency[:40], field="rates")
        if currency == into and rate != 1:
            raise InvalidInput("One {currency} is one {currency}.", currency=currency, field="rates")
        found[currency] = rate
    return found


def _rate(row: Sequence[str]) -> tuple[str, Decimal]:
    try:
        currency, typed = (cell.strip() for cell in row)
        rate = Decimal(typed)
    except (ValueError, InvalidOperation):
        raise InvalidInput("A line of rates is currency,rate.", field="rates") from None
    if not rate.is_finite() or rate <= 0:
        raise InvalidInput("A rate is above zero.", field="rates")
    if abs(rate.adjusted()) > MOST_DIGITS:
        raise InvalidInput("{rate} is no rate between two currencies.", rate=typed[:40], field="rates")
    return currency.upper(), rate


def part_of(typed: Sequence[str] | None) -> Mapping[str, str]:
    """`channel=phone` as dimension and key."""
    found: dict[str, str] = {}
    for text in typed or ():
        name, sign, key = text.partition("=")
        if not sign:
            raise InvalidInput("{text} is not a part such as channel=phone.", text=text[:40], field="part")
        if name in found:
            raise InvalidInput("{part} is said twice.", part=name[:40], field="part")
        found[name] = key
    return found


def must_explain(part: Sequence[str] | None, after: str | None) -> None:
    """InvalidInput for what only rows have, asked of a report: it would be the whole, and read as the part."""
    for name, typed in (("--part", part), ("--after", after)):
        if typed:
            raise InvalidInput("{option} goes with --explain.", option=name, field=name.removeprefix("--"))
