"""Seasons for tests: the shipped base case with settings, built once, and whole seasons drawn from it."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from scenarios.demand import DayDraw, DemandPlan, demand_plan, draw_day
from scenarios.scenario_loader import LoadedScenario, load_scenario
from sim.season import SeasonModel, build

SEED = 20_270_601
NO_HOLIDAYS = (
    "calendars.holiday_factor=1",
    "calendars.half_day_factor=1",
    "calendars.bridge_factor=1",
    "calendars.lead_up_factor=1",
)
EVEN_DAYS = "demand.day_factor.cv=0"
MANY = "demand.factor=5"


@cache
def loaded(*sets: str) -> LoadedScenario:
    """The base case with settings."""
    return load_scenario(sets=sets)


@cache
def plan(*sets: str) -> DemandPlan:
    """Its demand."""
    return demand_plan(loaded(*sets))


@cache
def model(*sets: str) -> SeasonModel:
    """Its season."""
    return build(loaded(*sets))


@cache
def many() -> tuple[DayDraw, ...]:
    """Some 350,000 contacts, without holidays or day factors: every count is a plain Poisson number."""
    return season(plan(*NO_HOLIDAYS, EVEN_DAYS, MANY))


def season(of: DemandPlan, replication: int = 0, seed: int = SEED) -> tuple[DayDraw, ...]:
    """Every day of a season."""
    return tuple(draw_day(of, seed, replication, day) for day in range(of.days))


def joined(draws: tuple[DayDraw, ...], name: str) -> NDArray[Any]:
    """One column of many days."""
    return np.concatenate([getattr(draw, name) for draw in draws])


def sold(draws: tuple[DayDraw, ...], name: str) -> NDArray[Any]:
    """One sales column of many days."""
    return np.concatenate([getattr(draw.sales, name) for draw in draws])


def is_plausible(counts: NDArray[np.float64], shares: NDArray[np.float64]) -> bool:
    """Chi-square: whether counts may come from these shares (wrongly refused once in ten thousand)."""
    wanted = np.asarray(shares, dtype=np.float64) / np.sum(shares) * counts.sum()
    used = wanted > 0
    if counts[~used].sum():
        return False
    distance = float(((counts[used] - wanted[used]) ** 2 / wanted[used]).sum())
    return bool(chi2.sf(distance, used.sum() - 1) > 1e-4)


def is_near(values: NDArray[np.float64], mean: float) -> bool:
    """Whether a sample's mean is within four standard errors of a mean."""
    return bool(abs(values.mean() - mean) <= 4 * values.std() / np.sqrt(len(values)))
