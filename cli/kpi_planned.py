"""A period of a season as it was planned: simulated here, or read from what another process simulated."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from datetime import date, timedelta
from math import isfinite
from typing import Any

import numpy as np

from domain.errors import InvalidInput
from domain.kpi_list import KPIS, Unit
from domain.kpi_plan import Place, Planned
from domain.kpi_row import Period, PlanCell
from scenarios.scenario_loader import LoadedScenario
from sim.bands import CONFIDENCE, band_of
from sim.period import DAY, Days, Figures, replications_of
from sim.sensitivity import job_of

Tell = Callable[[int, int], None]


def days_of(loaded: LoadedScenario, period: Period) -> Days:
    """The period as days of the season; InvalidInput unless the season holds all of them."""
    first, last = (period.first - loaded.first).days, (period.last - loaded.first).days
    if first < 0 or last >= loaded.days:
        raise InvalidInput(
            "The season of {name}, {first} to {last}, does not hold all of these days.",
            name=loaded.name, first=loaded.first.isoformat(),
            last=(loaded.first + timedelta(days=loaded.days - 1)).isoformat(), field="plan",
        )  # fmt: skip
    return Days(first, last)


def planned_of(
    loaded: LoadedScenario,
    period: Period,
    replications: int,
    *,
    seed: int | None = None,
    executor: Executor | None = None,
    tell: Tell | None = None,
) -> Planned:
    """Simulate the period so many times. Under five there are no bands."""
    days, job = days_of(loaded, period), job_of(loaded, seed)
    found: list[Figures] = []
    for figures in replications_of(job, days, replications, executor):
        found.append(figures)
        if tell:
            tell(len(found), replications)
    return Planned(
        loaded.name,
        job.seed,
        replications,
        CONFIDENCE,
        loaded.scenario.selling.price.currency,
        loaded.first,
        loaded.first + timedelta(days=loaded.days - 1),
        tuple(one.hotel.hotel.id for one in loaded.hotels),
        _cells(found, loaded.first),
    )


def _cells(found: Iterable[Figures], first: date) -> dict[Place, PlanCell]:
    """A cell for each figure that a replication knows."""
    every = list(found)
    cells: dict[Place, PlanCell] = {}
    for place in every[0]:
        values = np.array([[_number(one.get(place))] for one in every])
        slug, dimension, key = place
        band = band_of(values, is_share=KPIS[slug].unit is Unit.SHARE)
        mean, low, high = (float(one[0]) for one in (band.mean, band.low, band.high))
        if isfinite(mean):
            named = (first + timedelta(days=int(key))).isoformat() if dimension == DAY else key
            cells[slug, dimension, named] = PlanCell(mean, _told(low), _told(high))
    return cells


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _told(value: float) -> float | None:
    return value if isfinite(value) else None


def planned_body(planned: Planned) -> dict[str, Any]:
    """As JSON, for another process."""
    return {
        "scenario": planned.scenario,
        "seed": planned.seed,
        "replications": planned.replications,
        "confidence": planned.confidence,
        "currency": planned.currency,
        "first": planned.first.isoformat(),
        "last": planned.last.isoformat(),
        "hotels": list(planned.hotels),
        "cells": [[*place, cell.value, cell.low, cell.high] for place, cell in planned.cells.items()],
    }


def planned_from(body: Mapping[str, Any]) -> Planned:
    """Back from JSON."""
    return Planned(
        body["scenario"],
        body["seed"],
        body["replications"],
        body["confidence"],
        body["currency"],
        date.fromisoformat(body["first"]),
        date.fromisoformat(body["last"]),
        tuple(body["hotels"]),
        {(slug, of, key): PlanCell(value, low, high) for slug, of, key, value, low, high in body["cells"]},
    )
