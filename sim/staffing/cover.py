"""Whole people on lawful weeks that cover the need at the least cost: an integer programme, solved by HiGHS.

One variable for each group (a desk's first language) and week: how many people work it. For every half hour and every
set of languages the people who can help, thinned by absence and shrinkage, are at least the need; for every weekday
what the live contacts leave over is enough for the backlog. Cost is what the week's hours cost the hotel, premiums
included. Rows that another row implies are left out, which takes most of them away. A search that ends by its time
without an answer gives the best parts of people, rounded up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from scenarios.schema.season import Scenario
from scenarios.schema.season_team import Staff
from scenarios.schema.season_words import LANGUAGES, WEEK
from scenarios.schema.types import Language
from sim.staffing.need import DeskNeed, Subset
from sim.staffing.shifts import WEEK_SLOTS, Week
from sim.team import SLOTS

F8 = NDArray[np.float64]
GAP = 0.02
SECONDS = 20.0
_HAIR = 1e-9


class NoCover(Exception):
    """No lawful team of a desk covers its need: at some time, or in some language, none of its people can be there."""

    def __init__(self, desk: str) -> None:
        """Name the desk."""
        super().__init__(f"No team of desk {desk} on lawful shifts covers its need.")
        self.desk = desk


@dataclass(frozen=True, slots=True)
class Hire:
    """So many people of a desk and first language on a week."""

    desk: str
    language: Language
    week: Week
    people: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A variable of the programme."""

    desk: str
    language: Language
    week: Week
    cost: float


def choices(scenario: Scenario, weeks: Sequence[Week]) -> tuple[Choice, ...]:
    """Every group on every week, with what a person on it costs the hotel a week."""
    return tuple(
        Choice(name, language, week, week_cost(scenario.staff, float(desk.wage_per_hour), language, week))
        for name, desk in scenario.team.items()
        for language in LANGUAGES
        if language in desk.speaks
        for week in weeks
    )


def week_cost(staff: Staff, wage: float, language: Language, week: Week) -> float:
    """Wages of one person's week in the scenario's currency: hours with the language's premium, night hours with the
    night's, times what an hour costs the employer."""
    hourly = wage * (1 + staff.language_premium.get(language, 0.0))
    return (week.hours * hourly + week.night_hours * hourly * staff.night_premium) * staff.employer_cost


def solve(
    scenario: Scenario, needs: Sequence[DeskNeed], weeks: Sequence[Week], seconds: float = SECONDS
) -> tuple[Hire, ...]:
    """The cheapest people, desk by desk. NoCover when no number of them is enough."""
    hires: list[Hire] = []
    for need in needs:
        chosen = [one for one in choices(scenario, weeks) if one.desk == need.desk]
        hires.extend(_solve_desk(scenario, need, chosen, seconds))
    return tuple(hires)


def _solve_desk(scenario: Scenario, need: DeskNeed, chosen: Sequence[Choice], seconds: float) -> list[Hire]:
    present = (1 - scenario.staff.absence) * (1 - scenario.staff.shrinkage)
    cover = np.array([one.week.cover for one in chosen]).T * present
    blocks, least = [], []
    for subset, heads in tightest(need).items():
        slots = np.flatnonzero(heads)
        speaks = np.array([bool(set(scenario.team[need.desk].speaks[one.language]) & set(subset)) for one in chosen])
        blocks.append(csr_array(cover[slots] * speaks))
        least.append(heads[slots].astype(np.float64))
    by_day = cover.reshape(WEEK, SLOTS, len(chosen)).sum(axis=1)
    blocks.append(csr_array(by_day))
    least.append(need.backlog + need.load.reshape(WEEK, SLOTS).sum(axis=1))
    rows, low = vstack(blocks), np.concatenate(least)
    _must_be_possible(rows, low, need.desk)
    people = _cheapest(np.array([one.cost for one in chosen]), rows, low, seconds)
    if people is None:
        raise NoCover(need.desk)
    return [Hire(one.desk, one.language, one.week, int(n)) for one, n in zip(chosen, people, strict=True) if n]


def _cheapest(costs: F8, rows: csr_array, low: F8, seconds: float) -> NDArray[np.int64] | None:
    """How many on each week; None where no number will do. Where the time was too short for whole people, the best
    parts of people, rounded up: more hands never uncover a row."""
    covered, any_number = LinearConstraint(rows, lb=low), Bounds(0, np.inf)
    whole = milp(
        costs,
        constraints=covered,
        integrality=np.ones(len(costs)),
        bounds=any_number,
        options={"mip_rel_gap": GAP, "time_limit": seconds},
    )
    if whole.x is not None:
        return np.asarray(np.rint(whole.x), np.int64)
    parts = milp(costs, constraints=covered, bounds=any_number)
    return None if parts.x is None else np.asarray(np.ceil(parts.x - _HAIR), np.int64)


def _must_be_possible(rows: csr_array, low: F8, desk: str) -> None:
    reachable = np.asarray(rows.max(axis=1).todense()).ravel() if rows.shape[1] else np.zeros(len(low))
    if ((low > 0) & (reachable <= 0)).any():
        raise NoCover(desk)


def tightest(need: DeskNeed) -> dict[Subset, NDArray[np.int32]]:
    """The need without what is implied: who must be there for a smaller set is there for every set that holds it."""
    found: dict[Subset, NDArray[np.int32]] = {}
    for subset, heads in need.heads.items():
        implied = np.zeros(WEEK_SLOTS, np.int32)
        for smaller, asked in need.heads.items():
            if set(smaller) < set(subset):
                implied = np.maximum(implied, asked)
        found[subset] = np.where(heads > implied, heads, 0).astype(np.int32)
    return found


def cost_of(scenario: Scenario, hires: Sequence[Hire]) -> float:
    """What a week of this team costs the hotel."""
    return sum(
        one.people * week_cost(scenario.staff, float(scenario.team[one.desk].wage_per_hour), one.language, one.week)
        for one in hires
    )


def heads_of(hires: Sequence[Hire]) -> Mapping[tuple[str, Language], F8]:
    """People at work by desk and first language, half hour by half hour of the week."""
    found: dict[tuple[str, Language], F8] = {}
    for one in hires:
        key = (one.desk, one.language)
        found[key] = found.get(key, np.zeros(WEEK_SLOTS)) + one.people * one.week.cover
    return found
