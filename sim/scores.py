"""What a replication came to, kept as sums: by weekday and half hour, by day, and as the KPIs of `domain.kpi`.

Every leg counts in the half hour in which it arrived. The telephone's service level is over calls offered, redials
included, and those that come while the house is closed unless the rules put these apart; handed-over guests and
call-backs left out; a first response is from the guest's first word to the first answer of a person; a resolution
from the first word until the last leg is done; both in the channel's open hours, as the service's clocks count
(`domain.hours`). Scores of replications add up, and each gives the figures (`sim.figures`) that an interval is made of.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domain.kpi import Book, Share, Spread
from domain.service_level import SHORT_ABANDON_S, ServiceLevel
from scenarios.demand_plan import DAY_S, HALF_HOUR_S, HALF_HOURS
from sim.open_contacts import Came
from sim.plan import Leg, Legs, Outcome
from sim.selling import FOR_PEOPLE, SOLD, SaleResult, Sales
from sim.wishes import Asked

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]
WEEK = 7
SLOTS = WEEK * HALF_HOURS
GONE = (Outcome.ABANDONED, Outcome.BALKED, Outcome.SILENT)
RESULTS = len(SaleResult)
_FEW = 1 << 14  # seconds up to which a histogram of all of them is quicker than sorting


@dataclass(frozen=True, slots=True)
class Frame:
    """The shape of a season's scores. `call_queues`: the telephone's; `targets_s`: first response by channel;
    `is_message`: channels that a handoff can start from; `weekday`: of the first day; `peak_day`: the day shown half
    hour by half hour; `sales_intent`: its place in the demand's list; `offers_closed`: whether calls that come while
    the house is closed count as offered."""

    days: int
    channels: tuple[str, ...]
    queue_channel: I8
    call_queues: Flags
    answer_within_s: float
    targets_s: F8
    is_message: Flags
    weekday: int
    peak_day: int
    sales_intent: int
    groups: int
    open_clock: tuple[tuple[F8, F8] | None, ...]
    offers_closed: bool = True

    @property
    def queues(self) -> int:
        """How many queues."""
        return len(self.queue_channel)

    def open_seconds(self, channel: int, start: F8, end: F8) -> F8:
        """Seconds between instants in which a channel is open: what `domain.hours.business_seconds` says of each."""
        clock = self.open_clock[channel]
        if clock is None:
            return end - start
        passed: F8 = np.interp(end, *clock) - np.interp(start, *clock)
        return passed


COUNTERS = ("offered", "answered", "in_time", "gone", "gone_in_time", "gone_short", "wait_s")
DAILY = ("contacts", "offered", "in_time", "gone", "sold", "revenue", "lost_people", "lost_rooms")


@dataclass(slots=True)
class Scores:
    """Sums of one or more replications (`n` of them). `week[c, slot, queue]`, `peak[c, half hour, queue]`: `COUNTERS`;
    `daily[c, day]`: `DAILY`, money in the scenario's currency; `outcomes[queue, outcome]`: legs; `firsts[queue]`:
    first legs; `results[channel, result]`, `amounts[channel, result]`: sales contacts; `kept`: money of sold stays that
    are neither cancelled nor a no-show; `busy_s`, `staffed_s`: by slot of the week and group, and of the peak day."""

    frame: Frame
    n: int = 0
    week: F8 = field(init=False)
    peak: F8 = field(init=False)
    daily: F8 = field(init=False)
    outcomes: I8 = field(init=False)
    results: I8 = field(init=False)
    amounts: F8 = field(init=False)
    kept: float = 0.0
    nights: int = 0
    cancelled: int = 0
    no_shows: int = 0
    busy_s: F8 = field(init=False)
    staffed_s: F8 = field(init=False)
    peak_busy_s: F8 = field(init=False)
    peak_staffed_s: F8 = field(init=False)
    level: ServiceLevel = field(default_factory=ServiceLevel)
    answer: Spread = field(default_factory=Spread)
    first_response: Book[str, Spread] = field(default_factory=lambda: Book(Spread))
    in_target: Book[str, Share] = field(default_factory=lambda: Book(Share))
    resolution: Book[str, Spread] = field(default_factory=lambda: Book(Spread))
    handoff: Book[str, Share] = field(default_factory=lambda: Book(Share))

    def __post_init__(self) -> None:
        """All zero."""
        frame = self.frame
        self.week = np.zeros((len(COUNTERS), SLOTS, frame.queues))
        self.peak = np.zeros((len(COUNTERS), HALF_HOURS, frame.queues))
        self.daily = np.zeros((len(DAILY), frame.days))
        self.outcomes = np.zeros((frame.queues, len(Outcome)), np.int64)
        self.results = np.zeros((len(frame.channels), RESULTS), np.int64)
        self.amounts = np.zeros((len(frame.channels), RESULTS))
        self.busy_s, self.staffed_s = np.zeros((SLOTS, frame.groups)), np.zeros((SLOTS, frame.groups))
        self.peak_busy_s, self.peak_staffed_s = (np.zeros((HALF_HOURS, frame.groups)) for _ in range(2))

    def add_legs(self, legs: Legs, came: Came) -> None:
        """Legs that ended, and what is known of the contacts they go back to."""
        frame = self.frame
        outcome, queue = legs.outcome.astype(np.int64), legs.queue.astype(np.int64)
        self.outcomes += _counted(queue * len(Outcome) + outcome, self.outcomes.shape)
        is_first = (legs.leg == Leg.FIRST) & (came.channel < len(frame.channels) - 1)
        firsts = np.bincount((legs.at[is_first] // DAY_S).astype(np.int64), minlength=frame.days)
        self.daily[0] += firsts[: frame.days]
        counts = outcome != Outcome.OPEN
        if not frame.offers_closed:
            counts &= (outcome != Outcome.CLOSED) | ~frame.call_queues[queue]
        self._count_waits(legs, queue, outcome, counts)
        self._count_answers(legs, came, outcome, counts)

    def _count_waits(self, legs: Legs, queue: I8, outcome: I8, counts: Flags) -> None:
        frame = self.frame
        comes_in = (legs.leg == Leg.FIRST) | (legs.leg == Leg.REDIAL)
        ended = comes_in & counts
        is_served = ended & (outcome == Outcome.SERVED)
        is_gone = ended & np.isin(outcome, GONE)
        within = legs.wait <= frame.answer_within_s
        short = legs.wait <= SHORT_ABANDON_S
        counted = (ended, is_served, is_served & within, is_gone, is_gone & within, is_gone & short)
        day = (legs.at // DAY_S).astype(np.int64)
        half_hour = ((legs.at - day * DAY_S) // HALF_HOUR_S).astype(np.int64)
        slot = (((frame.weekday + day) % WEEK) * HALF_HOURS + half_hour) * frame.queues + queue
        peak_slot = half_hour * frame.queues + queue
        at_peak = day == frame.peak_day
        shape = (frame.queues,)
        for place, rows in enumerate(counted):
            self.week[place] += _counted(slot[rows], (SLOTS, *shape))
        self.week[-1] += _weighed(slot[is_served], legs.wait[is_served], (SLOTS, *shape))
        if at_peak.any():
            for place, rows in enumerate(counted):
                self.peak[place] += _counted(peak_slot[rows & at_peak], (HALF_HOURS, *shape))
            at_peak &= is_served
            self.peak[-1] += _weighed(peak_slot[at_peak], legs.wait[at_peak], (HALF_HOURS, *shape))
        calls = frame.call_queues[queue]
        for place, rows in ((1, ended), (2, is_served & within), (3, is_gone)):
            self.daily[place] += np.bincount(day[rows & calls], minlength=frame.days)[: frame.days]
        totals = [int((rows & calls).sum()) for rows in counted]
        self.level = self.level.merge(ServiceLevel(totals[0], totals[2], totals[4], totals[5]))
        _spread(self.answer, legs.wait[is_served & calls])

    def _count_answers(self, legs: Legs, came: Came, outcome: I8, counts: Flags) -> None:
        frame = self.frame
        is_first, is_served = legs.leg == Leg.FIRST, outcome == Outcome.SERVED
        is_done = is_served & ~legs.is_handed_over
        came_by = came.channel
        for place, channel in enumerate(frame.channels[:-1]):
            of_channel = came_by == place
            cases = is_first & of_channel & counts
            replied = is_first & of_channel & is_served
            response = frame.open_seconds(place, legs.at[replied], legs.replied[replied])
            _spread(self.first_response.at(channel), response)
            target = frame.targets_s[place]
            self.in_target.at(channel).add_many(int((response < target).sum()), int(cases.sum()))
            solved = of_channel & is_done
            _spread(self.resolution.at(channel), frame.open_seconds(place, came.at[solved], legs.ended[solved]))
            if frame.is_message[place]:
                self.handoff.at(channel).add_many(int(legs.is_handed_over[cases].sum()), int(cases.sum()))

    def add_sales(self, asked: Asked, sales: Sales) -> None:
        """Sales contacts that were decided."""
        result = sales.result.astype(np.int64)
        key = asked.channel * RESULTS + result
        self.results += _counted(key, self.results.shape)
        self.amounts += _weighed(key, sales.amount, self.amounts.shape)
        sold = np.isin(result, SOLD)
        lost_people = np.isin(result, FOR_PEOPLE)
        lost_rooms = result >= SaleResult.STOP_SALE
        last = self.frame.days - 1
        day = np.minimum((asked.at // DAY_S).astype(np.int64), last)
        confirmed_on = np.minimum((sales.confirmed_at // DAY_S).astype(np.int64), last)
        for place, rows, on in ((5, sold, confirmed_on), (6, lost_people, day), (7, lost_rooms, day)):
            self.daily[place] += np.bincount(on[rows], sales.amount[rows], self.frame.days)
        self.daily[4] += np.bincount(confirmed_on[sold], minlength=self.frame.days)
        stays = sold & ~sales.is_cancelled & ~sales.is_no_show
        self.kept += float(sales.amount[stays].sum())
        self.nights += int(sales.nights[sold].sum())
        self.cancelled += int((sold & sales.is_cancelled).sum())
        self.no_shows += int((sold & sales.is_no_show).sum())

    def add_work(self, busy_s: F8, staffed_s: F8) -> None:
        """Agent seconds of the whole season, by interval (half hours from the first midnight) and group."""
        frame = self.frame
        slot = (np.arange(frame.days * HALF_HOURS) + frame.weekday * HALF_HOURS) % SLOTS
        peak = slice(frame.peak_day * HALF_HOURS, (frame.peak_day + 1) * HALF_HOURS)
        for total, at_peak, column in (
            (self.busy_s, self.peak_busy_s, busy_s),
            (self.staffed_s, self.peak_staffed_s, staffed_s),
        ):
            np.add.at(total, slot, column[: len(slot)])
            np.add(at_peak, column[peak], out=at_peak)

    def merge(self, other: "Scores") -> "Scores":
        """Both together, as a new one."""
        both = Scores(self.frame, self.n + other.n)
        for name in ("week", "peak", "daily", "outcomes", "results", "amounts", "kept", "nights", "cancelled"):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        for name in ("no_shows", "busy_s", "staffed_s", "peak_busy_s", "peak_staffed_s"):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        for name in ("level", "answer", "first_response", "in_target", "resolution", "handoff"):
            setattr(both, name, getattr(self, name).merge(getattr(other, name)))
        return both


def _counted(keys: I8, shape: tuple[int, ...]) -> I8:
    return np.bincount(keys, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64, copy=False)


def _weighed(keys: I8, weights: F8, shape: tuple[int, ...]) -> F8:
    sums: F8 = np.bincount(keys, weights, int(np.prod(shape))).reshape(shape).astype(np.float64, copy=False)
    return sums


def _spread(spread: Spread, seconds: F8) -> None:
    whole = seconds.astype(np.int64)
    if whole.max(initial=0) < _FEW:
        every = np.bincount(whole)
        values = np.flatnonzero(every)
        counts = every[values]
    else:
        values, counts = np.unique(whole, return_counts=True)
    spread.add_many(dict(zip(values.tolist(), counts.tolist(), strict=True)))
