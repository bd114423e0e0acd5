"""Published simulations of one queue over a day of 13 hours: SSJ's `CallCenter`, the multi-skill guide's `singleQueue`.

Another rate and another number of agents in each hour, talk of 100 s, one guest in ten leaves at once when he would
have to wait, the others wait 1000 s on average (all exponential). When a team shrinks, whoever finishes first leaves.

`CallCenter` (SSJ user's guide, tutorial examples; L'Ecuyer, Université de Montréal): a gamma busyness of the day
(10, 10); the printed run has 10,000 days. Shares are of the 1660 calls expected, not of those that came. Since a busy
day is another day, how far days lie apart (`sd`) is compared as well.

`singleQueue` (user's guide of the blend/multi-skill simulator of ContactCenters; Buist and L'Ecuyer): the same without
busyness, 300 days, percentages by the hour of arrival; who gave up within the time does not count.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.plan import EnginePlan, ShiftEnd
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, one_group, play
from sim.proofs.published import Days, Printed, busyness, even_days, means, spread, stratified, with_theirs

_F8 = NDArray[np.float64]
HOUR = 3600.0
AGENTS = (4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4)
HOURLY = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
EXPECTED, OPENS, QUIET_H = sum(HOURLY), 8, 3
BUSY_SHAPE, TALK, AT_ONCE, PATIENCE, IN_TIME = 10.0, 100.0, 0.1, 1000.0, 20.0
CALL_CENTER = {
    "arrived": Printed(1661.266, 528.694, 10_000),
    "mean_wait_s": Printed(12.736, 29.966, 10_000),
    "in_20_s": Printed(0.854, 0.168, 10_000),
    "lost": Printed(0.037, 0.059, 10_000),
}
_percent = partial(Printed, runs=300, last=0.1)
BY_HOUR = (
    (78.1, 11.2), (85.9, 9.17), (97.5, 3.05), (93.7, 5.96), (90.1, 7.33), (93.0, 6.41), (97.4, 3.21), (97.3, 3.36),
    (93.5, 5.61), (97.0, 3.92), (87.3, 9.99), (91.8, 7.64), (94.7, 5.73),
)  # fmt: skip
SINGLE_QUEUE = {
    "in_20_s": _percent(92.5, 1.90),
    "in_30_s": _percent(94.4, 1.69),
    "occupancy": _percent(55.8, 1.68),
    **{f"in_20_s {OPENS + hour}h": _percent(*one) for hour, one in enumerate(BY_HOUR)},
}


def _played(chance: Chance, days: Days, factor: _F8 | None) -> Played:
    at = days.arrivals(chance.stream("arrivals"), HOURLY, HOUR, factor)
    drawn = Chance(chance.seed, chance.case, len(at))
    patience = np.where(drawn.uniform("at once") < AT_ONCE, 0.0, drawn.times("patience", PATIENCE))
    heads = np.array([*AGENTS, *[AGENTS[-1]] * QUIET_H], dtype=np.int32)
    plan = EnginePlan(
        (call_queue(),), one_group(), np.tile(heads, days.count)[:, None], HOUR, shift_end=ShiftEnd.FIRST_FINISHERS
    )
    return play(plan, contacts(at, drawn.times("talk", TALK), patience), plan.until_s)


def _days(chance: Chance) -> Days:
    return Days(even_days(chance.count, EXPECTED), (len(AGENTS) + QUIET_H) * HOUR)


def call_center() -> Case:
    """Days that differ."""

    def exact(_: Chance) -> Mapping[str, float]:
        return {**means(CALL_CENTER), **{f"{name} sd": one.sd for name, one in CALL_CENTER.items()}}

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        days = _days(chance)
        played = _played(chance, days, busyness(chance, days.count, BUSY_SHAPE))
        legs = played.legs
        sums = {
            "arrived": days.sums(legs.at, np.ones(len(legs.at))),
            "mean_wait_s": days.sums(legs.at, legs.wait) / EXPECTED,
            "in_20_s": days.sums(legs.at, legs.wait < IN_TIME) / EXPECTED,
            "lost": days.sums(legs.at, played.given_up) / EXPECTED,
        }
        found = {name: stratified(one, np.ones(days.count)) for name, one in sums.items()}
        apart = {f"{name} sd": spread(one, CALL_CENTER[name]) for name, one in sums.items()}
        return {**with_theirs(CALL_CENTER, found), **apart}

    return Case("published CallCenter", exact, simulate, 1_000_000, 60_000)


def single_queue() -> Case:
    """Days that are alike, by hour."""

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        days = _days(chance)
        played = _played(chance, days, None)
        hour = (played.legs.at % days.length_s // HOUR).astype(np.int64)
        always = np.ones(len(hour), dtype=np.bool_)
        by_hour = {f"in_20_s {OPENS + one}h": _level(played, days, 20.0, hour == one) for one in range(len(AGENTS))}
        busy, there = (
            one[:, 0].reshape(days.count, -1)[:, : len(AGENTS)].sum(axis=1) for one in (played.busy_s, played.staffed_s)
        )
        found = {
            "in_20_s": _level(played, days, 20.0, always), "in_30_s": _level(played, days, 30.0, always),
            "occupancy": ratio(100 * busy, there), **by_hour,
        }  # fmt: skip
        return with_theirs(SINGLE_QUEUE, found)

    return Case("published singleQueue", lambda _: means(SINGLE_QUEUE), simulate, 500_000)


def _level(played: Played, days: Days, within_s: float, of: NDArray[np.bool_]) -> Estimate:
    """Percentage answered within a time, of all but those who gave up within it."""
    at, in_time = played.legs.at, played.legs.wait < within_s
    patient = of & (played.served | ~in_time)
    return ratio(100 * days.sums(at, of & played.served & in_time), days.sums(at, patient))


def cases() -> list[Case]:
    """Both."""
    return [call_center(), single_queue()]
