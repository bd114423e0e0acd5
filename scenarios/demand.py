"""Draw a day of a season: who comes when, through which channel, in which language, about what, and how he will be.

Arrivals are a Poisson process whose rate is the plan's times the day's own factor: unit exponentials are added up and
carried back through the plan's mean contacts since midnight. Contact k of a day is therefore contact k in every
what-if; twice the demand brings the same contacts sooner, and others after them. Every attribute has a stream of its
own and is drawn in order of arrival. Season and load test draw here alike: the same hour is the same contacts.
"""

import numpy as np

from scenarios.demand_builder import demand_plan
from scenarios.demand_columns import DayDraw, SalesDraw, rows_of
from scenarios.demand_guests import draw_guests
from scenarios.demand_plan import DAY_S, HALF_HOUR_S, HALF_HOURS, NOON, DemandPlan, expected, expected_totals, mean_day
from scenarios.demand_tables import F8, choose
from scenarios.streams import DayStreams, Purpose, stream

__all__ = [
    "DayDraw",
    "DemandPlan",
    "Purpose",
    "SalesDraw",
    "between",
    "demand_plan",
    "draw_day",
    "expected",
    "expected_totals",
    "mean_day",
    "stream",
]
_EDGES = np.arange(HALF_HOURS + 1) * HALF_HOUR_S
_LAST_INSTANT = np.nextafter(DAY_S, 0.0)


def draw_day(plan: DemandPlan, seed: int, replication: int, day: int) -> DayDraw:
    """The contacts of one day. Any day can be drawn alone; the same arguments give the same columns."""
    numbers = DayStreams(seed, replication, day)
    at = _arrivals(plan, numbers, day)
    count = len(at)
    half_hour = (at * (1 / HALF_HOUR_S)).astype(np.int64)
    channel = choose(numbers.u(Purpose.CHANNEL, count), plan.channel_limits[day], half_hour)
    half_hour *= len(plan.channels)
    half_hour += channel
    language = choose(numbers.u(Purpose.LANGUAGE, count), plan.language_limits[day], half_hour)
    spoken = channel * len(plan.languages) + language
    intent = choose(numbers.u(Purpose.INTENT, count), plan.intent_limits[day], spoken)
    room = (numbers.u(Purpose.HOTEL, count) * len(plan.room_hotel)).astype(np.int64)
    at += day * DAY_S
    return draw_guests(plan, numbers, day, (at, channel, language, intent, plan.room_hotel.take(room)))


def _arrivals(plan: DemandPlan, numbers: DayStreams, day: int) -> F8:
    """Seconds since midnight, sorted."""
    morning, afternoon = plan.factor.halves(numbers.of(Purpose.DAY_FACTOR))
    reach = plan.reach[day]
    noon = reach[NOON] * morning
    reach = np.concatenate([reach[:NOON] * morning, noon + (reach[NOON:] - reach[NOON]) * afternoon])
    generator = numbers.of(Purpose.ARRIVALS)
    sums = generator.standard_exponential(int(reach[-1] + 6 * reach[-1] ** 0.5) + 24).cumsum()
    while sums[-1] < reach[-1]:
        sums = np.concatenate([sums, sums[-1] + generator.standard_exponential(64).cumsum()])
    at: F8 = np.interp(sums[: np.searchsorted(sums, reach[-1])], reach, _EDGES)
    return np.minimum(at, _LAST_INSTANT, out=at)


def between(draw: DayDraw, start_s: float, end_s: float) -> DayDraw:
    """The contacts that arrive in `[start_s, end_s)` seconds of the season."""
    first, last = np.searchsorted(draw.at, (start_s, end_s))
    return rows_of(draw, slice(int(first), int(last)))
