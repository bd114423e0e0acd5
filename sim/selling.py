"""What becomes of a sales contact: a yes or a no, a room or none, and why.

A guest who was answered says yes with the channel's conversion, halved by every half life he waited. A yes needs
rooms: the hotel and the dates he asks for, else other dates, else a sister hotel, as far as he takes them. It is then
confirmed at once, or an option that is confirmed or lapses, or a hold that lapses within minutes. Confirmed stays may
be cancelled later and guests may not come: the rooms are back in the stock from that day on. Some who said no are
called again.

Two losses are told apart. **For want of people**: the guest would have bought, nobody answered or so late that a yes
became a no, and there was a room. **For want of rooms**: he would have bought, and everything he would take was sold,
closed or too short. Would have bought: says yes when answered at once, and neither hold nor option lapses, by the very
draws that decide a sale; so what was sold and what was lost for want of people is what people without end would sell.
The event loop knows nothing of this: the day's ended contacts are sold to in the order in which they ended.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.demand import SalesDraw
from scenarios.demand_plan import DAY_S
from scenarios.streams import Streams
from sim.selling_plan import SellingPlan
from sim.stock import Refusal, Stock, open_stock
from sim.wishes import EVEN, Asked, Wishes

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]


class SaleResult(IntEnum):
    """How a sales contact ended. `TOO_LATE`: would have bought had somebody answered at once; `NOT_REACHED`: the same,
    and nobody ever answered; `UNANSWERED`: nobody ever answered one who would not have bought; `NOT_BOUGHT`: answered,
    and nothing is lost that people or rooms could have won; `PMS_DOWN`: nothing could be looked up, so he is called
    another day. The two refusals before `NO_ROOMS` are the hotel's own restrictions."""

    CONFIRMED = 0
    CONFIRMED_LATER = 1
    OPTION_LAPSED = 2
    HOLD_LAPSED = 3
    NOT_BOUGHT = 4
    TOO_LATE = 5
    NOT_REACHED = 6
    PMS_DOWN = 7
    UNANSWERED = 8
    STOP_SALE = 9
    MIN_STAY = 10
    NO_ROOMS = 11


SOLD = (SaleResult.CONFIRMED, SaleResult.CONFIRMED_LATER)
FOR_ROOMS = (SaleResult.STOP_SALE, SaleResult.MIN_STAY, SaleResult.NO_ROOMS)
FOR_PEOPLE = (SaleResult.TOO_LATE, SaleResult.NOT_REACHED)
NOT_ANSWERED = (SaleResult.NOT_REACHED, SaleResult.UNANSWERED)
_REFUSED = tuple(map(int, FOR_ROOMS))  # by Refusal; plain ints, which numpy takes in faster than a member of an enum
_CONFIRMED, _CONFIRMED_LATER = map(int, SOLD)
_OPTION_LAPSED, _HOLD_LAPSED = int(SaleResult.OPTION_LAPSED), int(SaleResult.HOLD_LAPSED)
_PMS_DOWN = int(SaleResult.PMS_DOWN)


@dataclass(frozen=True, slots=True)
class Sales:
    """What became of them, row by row as asked. `result`: `SaleResult`; `amount`: of the stay, sold or lost (0 when the
    guest would not have bought); `nights`; `arrival`: night of the season; `hotel`: the one sold; `is_cancelled`,
    `is_no_show`: what will become of a sold one; `is_called_again`: an undecided guest whose follow-up call is due on
    `call_on`; `confirmed_at`: when a sold one became so."""

    result: NDArray[np.int8]
    amount: F8
    nights: I8
    arrival: I8
    hotel: I8
    is_cancelled: Flags
    is_no_show: Flags
    is_called_again: Flags
    call_on: I8
    confirmed_at: F8


class Return(NamedTuple):
    """Nights that come back into the stock."""

    product: int
    arrival: int
    nights: int


@dataclass(slots=True)
class SalesDesk:
    """Sells one replication's season. `returns`: nights that come back on the morning of a day."""

    plan: SellingPlan
    stock: Stock
    returns: defaultdict[int, list[Return]] = field(default_factory=lambda: defaultdict(list))
    _near: tuple[tuple[int, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Other dates in the order in which guests look at them: later first, earlier first."""
        self._near = tuple(_near(self.plan.other_days, earlier_first=first) for first in (False, True))

    def open_day(self, day: int) -> None:
        """The morning: rooms come back, others sell theirs."""
        for back in self.returns.pop(day, ()):
            self.stock.give_back(back.product, back.arrival, back.nights)
        self.stock.pick_up(day)

    def sell(self, asked: Asked) -> Sales:
        """Decide the day's sales contacts, one after the other where it comes to rooms."""
        plan, draws = self.plan, asked.draws
        base = np.array(plan.conversion)[asked.channel]
        waiting = np.array(plan.half_life_s)[asked.channel]
        late = base * np.exp2(-asked.waited / waiting)
        u = np.where(asked.tries > 0, draws.follow_up_u[:, 1], draws.convert_u)
        says_yes, wants = asked.is_answered & (u < late), u < base
        buys = wants & _lasts(plan, draws)
        result = np.where(asked.is_answered, np.int8(SaleResult.NOT_BOUGHT), np.int8(SaleResult.UNANSWERED))
        result[buys & ~says_yes & asked.is_answered] = SaleResult.TOO_LATE
        result[buys & ~asked.is_answered] = SaleResult.NOT_REACHED
        is_down = asked.is_answered & _within(asked.at, plan.outages_s)
        result[is_down] = SaleResult.PMS_DOWN
        says_yes &= ~is_down
        sales = _nothing_sold(asked, result, np.maximum(draws.lead_days + asked.booked_on, _today(asked)))
        self._call_again(asked, sales, wants)
        rows = np.flatnonzero(says_yes | buys)
        wished = Wishes(plan, asked, _today(asked), sales.arrival, rows)
        chosen = zip(rows.tolist(), says_yes[rows].tolist(), buys[rows].tolist(), strict=True)
        for k, (row, says, lasts) in enumerate(chosen):
            self._decide(wished, k, row, sales, says_yes=says, lasts=lasts)
        delay = np.minimum(draws.confirm_delay_e * plan.confirm_delay_s, plan.option_life_s)
        sales.confirmed_at[:] += np.where(sales.result == _CONFIRMED_LATER, delay, 0.0)
        return sales

    def _decide(self, wished: Wishes, k: int, row: int, sales: Sales, *, says_yes: bool, lasts: bool) -> None:
        """One guest who says yes, or would have bought. Not `lasts`: he says yes and will let it lapse."""
        if sales.result[row] == _PMS_DOWN:
            sales.amount[row] = wished.amount(k, wished.arrival[k])
            return
        found = self._find(wished, k)
        if isinstance(found, Refusal):
            if lasts:
                sales.result[row] = _REFUSED[found]
                sales.amount[row] = wished.amount(k, wished.arrival[k])
            return
        product, hotel, arrival = found
        sales.amount[row] = wished.amount(k, arrival)
        sales.arrival[row], sales.hotel[row] = arrival, hotel
        if says_yes:
            self._book(wished, k, row, sales, product, arrival)

    def _find(self, wished: Wishes, k: int) -> tuple[int, int, int] | Refusal:
        """Product, hotel and arrival that suit: as asked, on other dates, in a sister hotel."""
        hotel, arrival, nights, place = wished.hotel[k], wished.arrival[k], wished.nights[k], wished.place[k]
        asked_for = self.stock.find(hotel, place, arrival, nights)
        if not isinstance(asked_for, Refusal):
            return asked_for, hotel, arrival
        for other_hotel, other_arrival in self._others(wished, k):
            places = len(self.plan.stock.type_limits[other_hotel])
            found = self.stock.find(other_hotel, min(place, places - 1), other_arrival, nights)
            if not isinstance(found, Refusal):
                return found, other_hotel, other_arrival
        return asked_for

    def _others(self, wished: Wishes, k: int) -> Iterator[tuple[int, int]]:
        """Hotel and arrival of what else this guest would take."""
        hotel, arrival = wished.hotel[k], wished.arrival[k]
        takes_dates, which, takes_sister = wished.alternative[k]
        if takes_dates < self.plan.other_dates:
            for offset in self._near[which < EVEN]:
                if arrival + offset >= wished.today[k]:
                    yield hotel, arrival + offset
        if takes_sister < self.plan.sister_hotel:
            for sister in self.plan.stock.sisters[hotel]:
                yield sister, arrival

    def _book(self, wished: Wishes, k: int, row: int, sales: Sales, product: int, arrival: int) -> None:
        plan, stage = self.plan, wished.stage[k]
        if stage >= plan.confirmed_at_once + plan.option:
            sales.result[row] = _HOLD_LAPSED
            return
        nights = wished.nights[k]
        self.stock.take(product, arrival, nights)
        if stage >= plan.confirmed_at_once:
            if wished.lapse[k] >= plan.option_confirmed:
                sales.result[row] = _OPTION_LAPSED
                ends = ceil((wished.at[k] + plan.option_life_s) / DAY_S)
                self.returns[max(ends, wished.today[k] + 1)].append(Return(product, arrival, nights))
                return
            sales.result[row] = _CONFIRMED_LATER
        else:
            sales.result[row] = _CONFIRMED
        self._after(wished, k, row, sales, Return(product, arrival, nights))

    def _after(self, wished: Wishes, k: int, row: int, sales: Sales, stay: Return) -> None:
        """What a confirmed stay comes to."""
        today = wished.today[k]
        if wished.cancel[k] < self.plan.cancel_share[wished.channel[k]]:
            sales.is_cancelled[row] = True
            back_on = today + 1 + int(wished.elapsed[k] * max(stay.arrival - today - 1, 0))
            if back_on <= stay.arrival:
                self.returns[back_on].append(stay)
        elif wished.no_show[k] < self.plan.no_show:
            sales.is_no_show[row] = True
            if stay.nights > 1:
                self.returns[stay.arrival + 1].append(Return(stay.product, stay.arrival + 1, stay.nights - 1))

    def _call_again(self, asked: Asked, sales: Sales, wants: Flags) -> None:
        """Who was answered and did not want to buy, and is called again."""
        no = (sales.result == SaleResult.NOT_BOUGHT) & ~wants
        again = no & (asked.draws.follow_up_u[:, 0] < self.plan.follow_up_share)
        again |= sales.result == SaleResult.PMS_DOWN
        again &= asked.tries < self.plan.follow_up_most
        sales.is_called_again[:] = again
        sales.call_on[:] = _today(asked) + asked.draws.follow_up_days


def _lasts(plan: SellingPlan, draws: SalesDraw) -> Flags:
    """Whose yes comes to a confirmed stay: at once, or by an option that is confirmed."""
    is_option = draws.stage_u < plan.confirmed_at_once + plan.option
    lasts: Flags = (draws.stage_u < plan.confirmed_at_once) | (is_option & (draws.lapse_u < plan.option_confirmed))
    return lasts


def _today(asked: Asked) -> I8:
    return (asked.at // DAY_S).astype(np.int64)


def _within(at: F8, spans: tuple[tuple[float, float], ...]) -> Flags:
    found = np.zeros(len(at), np.bool_)
    for start, end in spans:
        found |= (at >= start) & (at < end)
    return found


def _near(days: int, *, earlier_first: bool) -> tuple[int, ...]:
    """1 day away, 2 days away..., earlier or later first."""
    sign = -1 if earlier_first else 1
    return tuple(way * step for step in range(1, days + 1) for way in (sign, -sign))


def _nothing_sold(asked: Asked, result: NDArray[np.int8], arrival: I8) -> Sales:
    count = len(asked)
    return Sales(
        result=result,
        amount=np.zeros(count),
        nights=asked.draws.nights,
        arrival=arrival,
        hotel=asked.hotel.copy(),
        is_cancelled=np.zeros(count, np.bool_),
        is_no_show=np.zeros(count, np.bool_),
        is_called_again=np.zeros(count, np.bool_),
        call_on=np.zeros(count, np.int64),
        confirmed_at=asked.at.copy(),
    )


def open_desk(plan: SellingPlan, seed: int, replication: int) -> SalesDesk:
    """The sales desk of a replication, on the eve of the season."""
    return SalesDesk(plan, open_stock(plan.stock, Streams(seed, replication)))
