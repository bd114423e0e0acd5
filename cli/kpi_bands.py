"""The season as planned beside the days as they were: control bands, and the days outside them."""

from datetime import date, timedelta
from math import isfinite
from typing import Any

from cli.context import Session
from cli.executors import executor_of
from cli.sim_seasons import Told, Wish
from domain.errors import InvalidInput
from domain.kpi_list import KPIS, Unit
from domain.kpi_row import Dimension, KpiRow, Period
from integration.usecases.kpi_report import ReportWish, report
from scenarios.scenario_loader import load_scenario
from sim.bands import CONFIDENCE, LEAST_REPLICATIONS, Band, Bands, bands, is_outside
from sim.sensitivity import job_of

Body = dict[str, Any]
MEASURES = ("contact_volume", "call_volume_in", "service_level", "abandonment_rate", "reservations", "revenue")
ASKED = ("contact_volume", "call_volume_in", "service_level", "abandonment_rate", "basket_total", "revenue")
COUNTED = frozenset({"contact_volume", "call_volume_in", "reservations", "revenue"})
_DAY = timedelta(days=1)


def beside_plan(session: Session, scenario: str, period: Period, wish: Wish) -> Body:
    """Each day of a period that is over, beside the band of the simulated season. InvalidInput when the season has no
    such day, or for fewer replications than a band needs."""
    loaded = load_scenario(scenario)
    if wish.replications < LEAST_REPLICATIONS:
        raise InvalidInput(
            "Control bands need at least {least} replications.", least=LEAST_REPLICATIONS, field="replications"
        )
    hotel = session.desk.hotel(session.hotel_id) if session.hotel_id else next(iter(session.desk.hotels.values()))
    until = min(period.last, hotel.today(session.desk.clock.now()) - _DAY)
    days = [period.first + n * _DAY for n in range((until - period.first).days + 1)]
    days = [day for day in days if loaded.first <= day < loaded.first + loaded.days * _DAY]
    if not days:
        raise InvalidInput(
            "The season of {name}, {first} to {last}, holds none of these days that are over.",
            name=loaded.name, first=loaded.first.isoformat(),
            last=(loaded.first + (loaded.days - 1) * _DAY).isoformat(), field="plan",
        )  # fmt: skip
    job = job_of(loaded, wish.seed)
    with executor_of(wish.executor, min(wish.processes, wish.replications)) as executor:
        found = bands(job, wish.replications, executor, Told(session, f"{loaded.name}: "))
    asked = ReportWish(Period(days[0], days[-1]), session.hotel_id, (Dimension.DAY,), ASKED, ask_pms=False)
    rows = session.run(lambda desk: report(desk, session.actor, asked)).rows
    currency = loaded.scenario.selling.price.currency
    actual = _actual(rows, currency)
    return {
        "scenario": loaded.name,
        "seed": job.seed,
        "replications": wish.replications,
        "confidence": CONFIDENCE,
        "currency": currency,
        "rows": [_measure(name, found, days, actual) for name in MEASURES],
    }


def _actual(rows: list[KpiRow], currency: str) -> dict[tuple[str, str], float]:
    """Measure and day; reservations are how many baskets there were, in any currency."""
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        day = row.by.get(Dimension.DAY.value)
        if day is None or row.value is None:
            continue
        if row.kpi == "basket_total":
            found["reservations", day] = found.get(("reservations", day), 0.0) + row.n
        elif row.currency in {None, currency}:
            found[row.kpi, day] = float(row.value)
    return found


def _measure(name: str, found: Bands, days: list[date], actual: dict[tuple[str, str], float]) -> Body:
    lines = [_day(name, found, found.of[name], day, actual) for day in days]
    return {
        "kpi": name,
        "unit": (KPIS[name].unit if name in KPIS else Unit.COUNT).value,
        "outside": [line["day"] for line in lines if line["outside"]],
        "days": lines,
    }


def _day(name: str, found: Bands, band: Band, day: date, actual: dict[tuple[str, str], float]) -> Body:
    place = found.place(day) or 0
    mean, low, high = (float(one[place]) for one in (band.mean, band.low, band.high))
    value = actual.get((name, day.isoformat()), 0.0 if name in COUNTED else None)
    return {
        "day": day.isoformat(),
        "actual": value,
        "mean": _told(mean),
        "low": _told(low),
        "high": _told(high),
        "outside": value is not None and is_outside(value, low, high),
    }


def _told(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None
