"""Some days of a season by themselves: the figures that a KPI report of these days would show, if the season were so.

A contact belongs to the day on which it came, a call to that of its leg, a sale to that of its confirmation, a
cancellation or no-show to that of the arrival, as `domain.kpi_book` has it. The season is played from its first day,
for what is sold in May is missing in July, and ends a few days after the last one, when what began in them is over.
Played over the whole season the figures are those of `sim.figures`.

Sales by channel have no figure: a follow-up call that sells belongs to the case it goes back to, which is not known.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from domain.kpi import Share, Spread
from domain.service_level import LevelFormula
from scenarios.demand_plan import DAY_S
from sim.open_contacts import Came
from sim.plan import Leg, Legs
from sim.replication import Replication, Season
from sim.runner import Job, season_of
from sim.scores import DAILY, I8, Flags, Scores
from sim.selling import NOT_ANSWERED, SOLD, Sales
from sim.wishes import Asked

WHOLE, CHANNEL, DAY = "", "channel", "day"
PHONE = "phone"
MORE_DAYS = 4
_P75 = 75
Place = tuple[str, str, str]
Figures = Mapping[Place, float | None]
_COLUMNS = tuple(one.name for one in fields(Legs))


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a season, counted from 0, both included."""

    first: int
    last: int

    def holds(self, seconds: NDArray[np.float64]) -> Flags:
        """Which instants are in them."""
        inside: Flags = (seconds >= self.first * DAY_S) & (seconds < (self.last + 1) * DAY_S)
        return inside


class PeriodScores(Scores):
    """Scores in which only some days count."""

    def __init__(self, season: Season, days: Days) -> None:
        """All zero."""
        super().__init__(season.frame, 1)
        self.days = days
        self.contacts = np.zeros(len(season.frame.channels), np.int64)
        self.call_sales, self.cancels, self.absent = Share(), Share(), Share()
        self.sold, self.revenue, self.sold_nights = 0, 0.0, 0

    def add_legs(self, legs: Legs, came: Came) -> None:
        """Legs that ended; contacts are counted by the channel they came on."""
        is_first = (legs.leg == Leg.FIRST) & self.days.holds(legs.at)
        self.contacts += np.bincount(came.channel[is_first], minlength=len(self.contacts))
        super().add_legs(legs, came)

    def _count_waits(self, legs: Legs, queue: I8, outcome: I8, counts: Flags) -> None:
        super()._count_waits(legs, queue, outcome, counts & self.days.holds(legs.at))

    def _count_answers(self, legs: Legs, came: Came, outcome: I8, counts: Flags) -> None:
        rows = np.flatnonzero(self.days.holds(came.at))
        inside = Legs(**{name: getattr(legs, name)[rows] for name in _COLUMNS})
        known = Came(came.at[rows], came.channel[rows], came.intent[rows], came.redial_u[rows])
        super()._count_answers(inside, known, outcome[rows], counts[rows])

    def add_sales(self, asked: Asked, sales: Sales) -> None:
        """Sales contacts that were decided."""
        super().add_sales(asked, sales)
        is_sold = np.isin(sales.result, SOLD)
        last = (self.frame.days - 0.5) * DAY_S
        now = is_sold & self.days.holds(np.minimum(sales.confirmed_at, last))
        self.sold += int(now.sum())
        self.revenue += float(sales.amount[now].sum())
        self.sold_nights += int(sales.nights[now].sum())
        if PHONE in self.frame.channels:
            is_call = (asked.channel == self.frame.channels.index(PHONE)) & self.days.holds(np.minimum(asked.at, last))
            is_call &= ~np.isin(sales.result, NOT_ANSWERED)
            self.call_sales.add_many(int((is_call & is_sold).sum()), int(is_call.sum()))
        come = is_sold & (sales.arrival >= self.days.first) & (sales.arrival <= self.days.last)
        self.cancels.add_many(int((come & sales.is_cancelled).sum()), int(come.sum()))
        come &= ~sales.is_cancelled
        self.absent.add_many(int((come & sales.is_no_show).sum()), int(come.sum()))

    def figures(self) -> dict[Place, float | None]:
        """By KPI, dimension and key: of the whole, of each channel, and of each day."""
        found = {(slug, WHOLE, WHOLE): value for slug, value in {**self._calls(), **self._money()}.items()}
        found["contact_volume", WHOLE, WHOLE] = float(self.contacts[:-1].sum())
        found["frt_s", WHOLE, WHOLE] = _p75(self.first_response.total())
        found["resolution_s", WHOLE, WHOLE] = _p75(self.resolution.total())
        found["handoff_rate", WHOLE, WHOLE] = _share(self.handoff.total())
        for place, channel in enumerate(self.frame.channels[:-1]):
            found["contact_volume", CHANNEL, channel] = float(self.contacts[place])
            found["frt_s", CHANNEL, channel] = _p75(self.first_response.at(channel))
            found["resolution_s", CHANNEL, channel] = _p75(self.resolution.at(channel))
            if self.frame.is_message[place]:
                found["handoff_rate", CHANNEL, channel] = _share(self.handoff.at(channel))
        if PHONE in self.frame.channels:
            found |= {(slug, CHANNEL, PHONE): value for slug, value in self._calls().items()}
        return found | dict(self._by_day())

    def _calls(self) -> dict[str, float | None]:
        gone = float(self.week[3][:, self.frame.call_queues].sum())
        return {
            "call_volume_in": float(self.level.offered),
            "service_level": _share(self.level.share(LevelFormula.OF_OFFERED)),
            "abandonment_rate": _ratio(gone, self.level.offered),
            "asa_s": self.answer.mean(),
            "call_to_reservation_rate": _share(self.call_sales),
        }

    def _money(self) -> dict[str, float | None]:
        return {
            "revenue": self.revenue,
            "basket_total": _ratio(self.revenue, self.sold),
            "basket_adr": _ratio(self.revenue, self.sold_nights),
            "cancellation_rate": _share(self.cancels),
            "no_show_rate": _share(self.absent),
        }

    def _by_day(self) -> Iterator[tuple[Place, float | None]]:
        """Keys are days of the season, from 0."""
        for day in range(self.days.first, self.days.last + 1):
            contacts, offered, in_time, gone, _, revenue = (
                float(self.daily[DAILY.index(name), day])
                for name in ("contacts", "offered", "in_time", "gone", "sold", "revenue")
            )
            told = {
                "contact_volume": contacts, "call_volume_in": offered, "service_level": _ratio(in_time, offered),
                "abandonment_rate": _ratio(gone, offered), "revenue": revenue,
            }  # fmt: skip
            yield from (((slug, DAY, str(day)), value) for slug, value in told.items())


class _PeriodReplication(Replication):
    """A replication that counts some days."""

    def __init__(self, season: Season, seed: int, replication: int, days: Days) -> None:
        super().__init__(season, season.model.plan_of(seed, replication), seed, replication)
        self.period = PeriodScores(season, days)
        self._scores = self.period


def simulate_days(job: Job, replication: int, days: Days) -> Figures:
    """One replication; what an executor's worker calls."""
    season = season_of(job)
    run = _PeriodReplication(season, job.seed, replication, days)
    for day in range(min(days.last + 1 + MORE_DAYS, season.model.days)):
        run.day(day)
    run.finish()
    return run.period.figures()


def replications_of(job: Job, days: Days, replications: int, executor: Executor | None = None) -> Iterator[Figures]:
    """Each replication, in order."""
    if executor is None:
        yield from (simulate_days(job, one, days) for one in range(replications))
    else:
        yield from executor.map(simulate_days, repeat(job, replications), range(replications), repeat(days))


def _p75(spread: Spread) -> float | None:
    found = spread.percentile(_P75)
    return None if found is None else float(found)


def _share(share: Share) -> float | None:
    return share.hits / share.n if share.n else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
