"""From what is typed to a KPI report's wish: days, KPIs, rates of a day."""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from cli.inputs import a_day, a_day_or_none, codes
from domain.errors import InvalidInput
from domain.kpi_row import Dimension, Period
from integration.usecases.kpi_shapes import Rates, ReportWish

if TYPE_CHECKING:
    from cli.context import Session


def period_of(session: "Session", first: str | None, last: str | None) -> Period:
    """Days as typed; without them the last seven, today included."""
    from integration.usecases.kpi_report import last_days

    return last_days(session.desk, session.hotel_id, a_day_or_none(first, "from"), a_day_or_none(last, "to"))


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
    return Rates(into.upper(), a_day(day, "rate_day"), _read(path))


def _read(path: Path) -> Mapping[str, Decimal]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row and row[0].strip().lower() != "currency"]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("The rates in {file} cannot be read.", file=str(path), field="rates") from error
    return dict(_rate(row) for row in rows)


def _rate(row: Sequence[str]) -> tuple[str, Decimal]:
    try:
        currency, typed = (cell.strip() for cell in row)
        rate = Decimal(typed)
    except (ValueError, InvalidOperation):
        raise InvalidInput("A line of rates is currency,rate.", field="rates") from None
    if not rate.is_finite() or rate <= 0:
        raise InvalidInput("A rate is above zero.", field="rates")
    return currency.upper(), rate


def part_of(typed: Sequence[str] | None) -> Mapping[str, str]:
    """`channel=phone` as dimension and key."""
    found: dict[str, str] = {}
    for text in typed or ():
        name, sign, key = text.partition("=")
        if not sign:
            raise InvalidInput("{text} is not a part such as channel=phone.", text=text[:40], field="part")
        found[name] = key
    return found
