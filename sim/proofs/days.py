"""Days that are never in balance, against their differential equation, under both rules for a shift's end.

The same calls and agents going up and coming down, and a longer queue coming down: the peak is still there. Each day
ends with quiet hours in which the house empties, so days are independent and each one is a batch.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.exact.required import required_agents
from sim.exact.time_varying import Changing, Course, course
from sim.plan import INTERVAL_S, Contacts, EnginePlan, ShiftEnd
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, one_group, play

AHT, PATIENCE, MOST = 240.0, 120.0, 80
MINUTELY = (1.0, 2.0, 3.5, 5.0, 6.0, 5.0, 3.0, 2.0)
QUIET = 4
DAY = len(MINUTELY) + QUIET
DAY_S = DAY * INTERVAL_S
CALLS_A_DAY = sum(MINUTELY) * INTERVAL_S / 60
_F8 = NDArray[np.float64]


def _heads() -> list[int]:
    """By Erlang A for 80 % in 20 s, each half hour as if in balance."""
    return [required_agents(calls / 60, AHT, PATIENCE, 0.8, 20.0) for calls in MINUTELY]


@cache
def _course(rule: ShiftEnd) -> Course:
    rates = [calls / 60 for calls in MINUTELY]
    told = Changing(
        lambda now: rates[min(int(now // INTERVAL_S), len(rates) - 1)], AHT, PATIENCE, _heads(), INTERVAL_S, MOST,
        first_finishers=rule is ShiftEnd.FIRST_FINISHERS,
    )  # fmt: skip
    return course(told)


def _day(rule: ShiftEnd, shown: range) -> Case:
    def exact(_: Chance) -> Mapping[str, float]:
        solved = _course(rule)
        return {
            name: float(value)
            for i in shown
            for name, value in (
                (f"waits {i}", solved.waiting[i] / solved.arrivals[i]),
                (f"gives_up {i}", solved.given_up[i] / solved.arrivals[i]),
                (f"busy_agents {i}", solved.busy_s[i] / INTERVAL_S),
            )
        }

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        days = max(2, round(chance.count / CALLS_A_DAY))
        drawn = _calls(chance, days)
        day = np.array([*_heads(), *[_heads()[-1]] * QUIET], dtype=np.int32)
        plan = EnginePlan((call_queue(),), one_group(), np.tile(day, days)[:, None], shift_end=rule)
        return _figures(play(plan, drawn, plan.until_s), days, shown)

    return Case(f"time_varying {rule.value}", exact, simulate, 500_000, 80_000)


def _calls(chance: Chance, days: int) -> Contacts:
    """A Poisson number of calls in each half hour of each day, evenly spread over it."""
    counts = (
        chance.stream("counts").poisson(np.array([*MINUTELY, *[0.0] * QUIET]) * INTERVAL_S / 60, (days, DAY)).ravel()
    )
    starts = np.repeat(np.arange(days * DAY) * INTERVAL_S, counts)
    drawn = Chance(chance.seed, chance.case, len(starts))
    at = np.sort(starts + drawn.uniform("at") * INTERVAL_S)
    return contacts(at, drawn.times("work", AHT), drawn.times("patience", PATIENCE))


def _figures(played: Played, days: int, shown: range) -> dict[str, Estimate]:
    legs = played.legs
    calls = _count(legs.at, np.ones(len(legs.at)), days)
    waiting = _count(legs.at, played.had_to_wait, days)
    given_up = _count(legs.ended, played.given_up, days)
    busy = played.busy_s[: days * DAY, 0].reshape(days, DAY)
    found = {}
    for i in shown:
        found[f"waits {i}"] = ratio(waiting[:, i], calls[:, i])
        found[f"gives_up {i}"] = ratio(given_up[:, i], np.full(days, MINUTELY[i] * INTERVAL_S / 60))
        found[f"busy_agents {i}"] = ratio(busy[:, i], np.full(days, INTERVAL_S))
    return found


def _count(at: _F8, values: _F8 | NDArray[np.bool_], days: int) -> _F8:
    """Sums by day and half hour, shape (days, DAY)."""
    number = (at // INTERVAL_S).astype(np.int64)
    sums = np.bincount(number, weights=values.astype(np.float64), minlength=days * DAY)
    return np.asarray(sums[: days * DAY].reshape(days, DAY), dtype=np.float64)


def cases() -> list[Case]:
    """Both rules; the second one shows the way down only, where it differs."""
    return [_day(ShiftEnd.FINISH, range(len(MINUTELY))), _day(ShiftEnd.FIRST_FINISHERS, range(5, len(MINUTELY)))]
