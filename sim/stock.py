"""Rooms that run out: how many are left to sell, by room type and night, while others sell from the same hotel.

A **product** is a room type of a hotel. Its nights are counted in whole rooms. Tour operators, OTAs and the hotel's own
web site take their share as the night comes nearer (`pick_up`); what the call centre sells comes on top, and neither
may ever take more than there is. Restrictions are the hotel's: a stop-sale closes a night, a day closed to arrivals
and a minimum stay refuse a stay, each with its own name: a planner wants to know *which* no lost the sale.

Nights are numbered from the season's first day and reach as far beyond its last as a guest may book.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from scenarios.scenario_hotels import ScenarioHotel
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.draws import Occupancy
from scenarios.schema.rates import Restriction
from scenarios.schema.season_selling import Closure
from scenarios.streams import Purpose, Streams
from sim.stay_rules import Left, StayRules

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
Flags = NDArray[np.bool_]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_OF_WEEK = 7
_BLOCK = 32  # products at a time: what one step makes stays in the processor's cache for the next


class Refusal(IntEnum):
    """Why a stay cannot be sold, the first that holds."""

    STOP_SALE = 0
    MIN_STAY = 1
    NO_ROOMS = 2


_STOPPED, _TOO_SHORT, _NO_ROOMS = Refusal  # an enum's own lookup costs more than all else that `find` does


@dataclass(frozen=True, slots=True)
class StockPlan:
    """All of it that does not change. Rows are products, columns nights; products of one hotel stand together, cheapest
    first.

    `first_of[h]`..`first_of[h + 1]`: the products of hotel h; `rooms`: of each product; `type_limits`: cumulated share
    of a hotel's rooms, its products' places in it; `others`: rooms that others will have sold in the end; `booked[k]`:
    part of these that is sold k nights before; `closed`, `no_arrival`, `no_departure`; `min_stay`: by arrival.
    `sisters[h]`: hotels a guest of h may be offered instead, nearest first.
    """

    hotels: tuple[str, ...]
    first_of: tuple[int, ...]
    rooms: I4
    type_limits: tuple[tuple[float, ...], ...]
    others: F8
    others_spread: float
    booked: F8
    closed: Flags
    no_arrival: Flags
    no_departure: Flags
    min_stay: I4
    sisters: tuple[tuple[int, ...], ...]
    known_rules: list[StayRules] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def rules(self) -> StayRules:
        """What the restrictions say of a stay; remembered with the plan, for all replications of this process."""
        if not self.known_rules:
            self.known_rules.append(StayRules(self))
        return self.known_rules[0]

    @property
    def nights(self) -> int:
        """How many nights are kept."""
        return int(self.others.shape[1])


@dataclass(slots=True)
class Stock:
    """The rooms of one replication. `left`: still to sell; `ours`, `theirs`: sold by the call centre and by others."""

    plan: StockPlan
    wanted: F8
    left: I4
    ours: I4
    theirs: I4 = field(repr=False)
    _kind_of: list[int] = field(init=False, repr=False)
    _known_stays: dict[tuple[int, int, int], Left] = field(init=False, repr=False)
    _orders: list[list[tuple[tuple[int, int], ...]]] = field(init=False, repr=False)
    _cells: memoryview = field(init=False, repr=False)
    _sold: memoryview = field(init=False, repr=False)
    _nights: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay the rooms out as plain memory: a stay asks for single places, and numpy is slow with few."""
        self._cells, self._sold, self._nights = _cells(self.left), _cells(self.ours), self.plan.nights
        starts = zip(self.plan.first_of[:-1], self.plan.first_of[1:], strict=True)
        self._orders = [[_order(first, after, place) for place in range(after - first)] for first, after in starts]
        self._kind_of, self._known_stays = self.plan.rules.kind_of, self.plan.rules.known

    def pick_up(self, day: int) -> None:
        """Others sell what they have sold by the morning of this day, as far as there are rooms."""
        booked = self.plan.booked[: self.plan.nights - day]
        for first in range(0, len(self.left), _BLOCK):
            rows = slice(first, first + _BLOCK)
            left, theirs = self.left[rows, day:], self.theirs[rows, day:]
            sold = self.wanted[rows, day:] * booked
            more = np.rint(sold, out=sold).astype(np.int32)
            more -= theirs
            np.minimum(more, left, out=more)
            np.maximum(more, 0, out=more)
            theirs += more
            left -= more

    def find(self, hotel: int, place: int, arrival: int, nights: int) -> int | Refusal:
        """A product of the hotel that can be sold, the one asked for (its place) if possible, then better ones, then
        cheaper ones; or why none of them: no rooms counts before a minimum stay, that before a stop-sale."""
        key = (self._kind_of[hotel], arrival, nights)
        left, is_too_short = self._known_stays.get(key) or self.plan.rules.of(*key)
        if not left:
            return _TOO_SHORT if is_too_short else _STOPPED
        cells, total = self._cells, self._nights
        for product, bit in self._orders[hotel][place]:
            if left & bit:
                start = product * total + arrival
                if min(cells[start : start + nights]) > 0:
                    return product
        return _NO_ROOMS

    def take(self, product: int, arrival: int, nights: int) -> None:
        """Sell one room."""
        self._move(product, arrival, nights, 1)

    def give_back(self, product: int, arrival: int, nights: int) -> None:
        """One room of ours is free again."""
        self._move(product, arrival, nights, -1)

    def _move(self, product: int, arrival: int, nights: int, rooms: int) -> None:
        cells, sold, start = self._cells, self._sold, product * self._nights + arrival
        for cell in range(start, start + nights):
            cells[cell] -= rooms
            sold[cell] += rooms


def _cells(rooms: I4) -> memoryview:
    """The same memory as one row of ints; TypeError for an array that does not lie in one piece."""
    return rooms.data.cast("B").cast("i")


def _order(first: int, after: int, place: int) -> tuple[tuple[int, int], ...]:
    """A hotel's products as a guest would take them, each with its bit: his own, better ones, then cheaper ones."""
    products = (*range(first + place, after), *range(first + place - 1, first - 1, -1))
    return tuple((product, 1 << (product - first)) for product in products)


def open_stock(plan: StockPlan, numbers: Streams) -> Stock:
    """The rooms on the eve of the season: what others want varies week by week, and is sold as far as it is by now."""
    weeks = -(-plan.nights // _DAYS_OF_WEEK)
    spread = plan.others_spread
    lots = numbers.at(-1, Purpose.OTHERS).standard_normal((len(plan.hotels), weeks))
    factor = np.exp(spread * lots - spread**2 / 2).repeat(_DAYS_OF_WEEK, axis=1)[:, : plan.nights]
    of_product = np.repeat(np.arange(len(plan.hotels)), np.diff(plan.first_of))
    wanted = np.minimum(plan.others * factor[of_product], plan.rooms[:, None])
    left = np.repeat(plan.rooms[:, None], plan.nights, axis=1)
    stock = Stock(plan, wanted, left, ours=np.zeros_like(left), theirs=np.zeros_like(left))
    stock.pick_up(0)
    return stock


def stock_plan(loaded: LoadedScenario) -> StockPlan:
    """The rooms of a scenario's hotels, from their files."""
    selling, first = loaded.scenario.selling, loaded.first
    longest = max(one.value for one in selling.nights)
    nights = loaded.days + selling.lead_time.most_days + selling.alternatives.days + longest + 2
    days = [first + timedelta(days=night) for night in range(nights)]
    shelves = [_Shelf(one, days) for one in loaded.hotels]
    for shelf in shelves:
        shelf.fill(selling.others.occupancy_factor * (1 - selling.others.direct_share))
        if selling.use_restrictions:
            shelf.restrict()
        shelf.close(selling.closures)
    ids = [one.hotel_id for one in loaded.hotels]
    lead = gamma(selling.others.lead_shape, scale=selling.others.lead_scale_days)
    return StockPlan(
        hotels=tuple(ids),
        first_of=tuple(int(n) for n in np.cumsum([0, *(len(shelf.rooms) for shelf in shelves)])),
        rooms=np.concatenate([shelf.rooms for shelf in shelves]),
        type_limits=tuple(tuple((shelf.rooms.cumsum() / shelf.rooms.sum()).tolist()) for shelf in shelves),
        others=np.concatenate([shelf.others for shelf in shelves]),
        others_spread=selling.others.spread,
        booked=lead.sf(np.arange(nights)),
        closed=np.concatenate([shelf.closed for shelf in shelves]),
        no_arrival=np.concatenate([shelf.no_arrival for shelf in shelves]),
        no_departure=np.concatenate([shelf.no_departure for shelf in shelves]),
        min_stay=np.concatenate([shelf.min_stay for shelf in shelves]),
        sisters=tuple(_sisters(loaded.hotels, place) for place in range(len(ids))),
    )


def _sisters(hotels: tuple[ScenarioHotel, ...], place: int) -> tuple[int, ...]:
    """The other hotels of the same file, then those its file names, each in the order that follows this one."""
    own = hotels[place].hotel
    others = [(place + step) % len(hotels) for step in range(1, len(hotels))]
    alike = [one for one in others if hotels[one].hotel.id == own.id]
    return (*alike, *(one for one in others if hotels[one].hotel.id in own.hotel.sisters))


class _Shelf:
    """The products of one hotel."""

    def __init__(self, use: ScenarioHotel, days: list[date]) -> None:
        types = sorted(use.hotel.room_types, key=lambda one: one.price_factor)
        self._use, self._days = use, days
        self._places = {one.code: place for place, one in enumerate(types)}
        self.rooms = np.array([use.rooms_by_type[one.code] for one in types], dtype=np.int32)
        shape = (len(types), len(days))
        self.others = np.zeros(shape)
        self.closed, self.no_arrival, self.no_departure = (np.zeros(shape, np.bool_) for _ in range(3))
        self.min_stay = np.ones(shape, dtype=np.int32)

    def fill(self, share: float) -> None:
        """What others sell: the year's occupancy, and days that fill up whoever sells."""
        occupancy: Occupancy = self._use.hotel.occupancy
        monthly = np.array([float(occupancy.monthly[day.month - 1]) for day in self._days])
        self.others[:] = self.rooms[:, None] * monthly * share
        for pinned in occupancy.pinned:
            places = [self._places[code] for code in pinned.room_types] or list(range(len(self.rooms)))
            for start, end in pinned.occurrences(self._days[0], self._days[-1]):
                for place in places:
                    left = min(pinned.rooms_left, int(self.rooms[place]))
                    self.others[place, self._span(start, end)] = self.rooms[place] - left

    def restrict(self) -> None:
        """The rules of the hotel's file that hold for a room whatever its rate; where several meet the stricter."""
        for rule in self._use.hotel.restrictions:
            if rule.rate_plan is None:
                for night in self._nights(rule):
                    self._apply(rule, night)

    def close(self, closures: tuple[Closure, ...]) -> None:
        """The scenario's own closures."""
        for closure in closures:
            if closure.hotel not in {None, self._use.hotel_id, self._use.hotel.id}:
                continue
            span = self._span(closure.start, closure.end)
            if closure.min_stay is None:
                self.closed[:, span] = True
            else:
                self.min_stay[:, span] = np.maximum(self.min_stay[:, span], closure.min_stay)

    def _apply(self, rule: Restriction, night: int) -> None:
        rows = slice(None) if rule.room_type is None else self._places[rule.room_type]
        if rule.rule == "stop_sale":
            self.closed[rows, night] = True
        elif rule.rule == "cta":
            self.no_arrival[rows, night] = True
        elif rule.rule == "ctd":
            self.no_departure[rows, night] = True
        elif rule.rule in {"min_stay", "min_stay_through"} and rule.unit is not None:
            self.min_stay[rows, night] = np.maximum(self.min_stay[rows, night], rule.unit)

    def _nights(self, rule: Restriction) -> list[int]:
        return [
            night
            for start, end in rule.period.occurrences(self._days[0], self._days[-1])
            for night in range((start - self._days[0]).days, (end - self._days[0]).days + 1)
            if not rule.weekdays or WEEKDAYS[self._days[night].weekday()] in rule.weekdays
        ]

    def _span(self, start: date, end: date) -> slice:
        first = self._days[0]
        return slice(max((start - first).days, 0), max((end - first).days + 1, 0))
