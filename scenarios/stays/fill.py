"""Turn nightly targets into stays without selling a room twice.

Day by day and room type by room type, the rooms that are missing from the
target arrive; each stay's length is drawn and cut where a later night has no
room left. The count of taken rooms is checked before every night is taken, so
the book can be full but never over. Cancelled bookings are added beside the
stays in the share of their channel and take no room.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from random import Random
from typing import Literal

from scenarios.people.draw import COUNTRY
from scenarios.schema.draws import BookingChannel
from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import RatePlan, RoomType
from scenarios.schema.types import Currency
from scenarios.seasons import PriceCalendar
from scenarios.stays.bookings import LeadTimes
from scenarios.stays.curve import NightTargets
from scenarios.stays.guestbook import GuestBook
from scenarios.stays.horizon import Horizon
from scenarios.stays.party import Party, PartyDraw, party_factor

StayStatus = Literal["reserved", "in_house", "checked_out", "cancelled", "no_show"]
WARM_UP = 30
CANCELLED_SO_FAR = 0.5
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Stay:
    """A booking in the hotel's book; `guest` is a place in the profile list, codes are the PMS's."""

    number: int
    guest: int
    room_type: str
    rate_plan: str
    market_code: str
    channel: BookingChannel
    arrival: date
    departure: date
    adults: int
    child_ages: tuple[int, ...]
    amount_per_night: Decimal
    currency: Currency
    status: StayStatus
    created_on: date


def draw_stays(
    hotel: Hotel, rng: Random, span: Horizon, languages: list[str], *, first_number: int = 1, scale: float = 1.0
) -> Iterator[Stay]:
    """Yield the stays of `span` in order of arrival; `languages` gives each profile's language."""
    return _Filling(hotel, rng, span, languages, scale).stays(first_number)


class _Filling:
    def __init__(self, hotel: Hotel, rng: Random, span: Horizon, languages: list[str], scale: float) -> None:
        self._hotel, self._rng, self._span, self._languages = hotel, rng, span, languages
        self._from = -min(WARM_UP, span.today)
        warm = Horizon(span.day(self._from), span.start, span.last)
        shape = hotel.stays
        self._nights = [weight.value for weight in shape.nights]
        self._night_weights = list(accumulate(float(weight.weight) for weight in shape.nights))
        self._factors: dict[tuple[str, int, tuple[int, ...]], float] = {}
        self._no_show = float(shape.no_show)
        self._leads = LeadTimes(rng, shape.channels)
        self._guests = GuestBook(rng, shape, len(languages))
        self._parties = PartyDraw(shape, hotel.settings.max_child_age)
        self._targets = NightTargets(warm, hotel.room_types, tail=max(self._nights))
        self._targets.follow(rng, hotel.occupancy, self._leads, scale)
        for pinned in hotel.occupancy.pinned:
            self._targets.pin(pinned)
        self._taken = {code: [0] * len(most) for code, most in self._targets.most.items()}
        self._prices = _StayPrices(hotel, warm, max(self._nights))
        self._plan_weights = list(accumulate(float(plan.seed_weight) for plan in hotel.rate_plans))

    def stays(self, first_number: int) -> Iterator[Stay]:
        number = first_number
        for day in range(len(self._targets.wanted[self._hotel.room_types[0].code]) - max(self._nights)):
            for room in self._hotel.room_types:
                for stay in self._arrivals(day, room, number):
                    if stay.arrival >= self._span.first:
                        yield stay
                        number += 1

    def _arrivals(self, day: int, room: RoomType, number: int) -> Iterator[Stay]:
        ramp = min(1.0, (day + 1) / -self._from) if self._from else 1.0
        missing = self._targets.wanted[room.code][day] * ramp - self._taken[room.code][day]
        for _ in range(int(missing + self._rng.random()) if missing > 0 else 0):
            nights = self._take(room.code, day, self._draw_nights())
            if nights == 0:
                return
            stay = self._stay(day, nights, room, number, is_cancelled=False)
            yield stay
            number += stay.arrival >= self._span.first
            odds = float(stay.channel.cancelled) / (1 - float(stay.channel.cancelled))
            odds *= CANCELLED_SO_FAR if stay.arrival >= self._span.start else 1.0
            if self._rng.random() < odds:
                yield self._stay(day, self._draw_nights(), room, number, is_cancelled=True)
                number += stay.arrival >= self._span.first

    def _draw_nights(self) -> int:
        return self._rng.choices(self._nights, cum_weights=self._night_weights)[0]

    def _take(self, code: str, day: int, nights: int) -> int:
        """Take a room for up to `nights` nights from `day` on; give how many were free in a row."""
        taken, most = self._taken[code], self._targets.most[code]
        for length in range(nights):
            if taken[day + length] >= most[day + length]:
                return length
            taken[day + length] += 1
        return nights

    def _stay(self, day: int, nights: int, room: RoomType, number: int, *, is_cancelled: bool) -> Stay:
        rng, span = self._rng, self._span
        arrival = span.day(day + self._from)
        departure = arrival + timedelta(days=nights)
        channel, lead = self._leads.draw(rng, max(0, (arrival - span.start).days))
        guest = self._guests.take(rng, day, day if is_cancelled else day + nights)
        plan = rng.choices(self._hotel.rate_plans, cum_weights=self._plan_weights)[0]
        is_home = COUNTRY[self._languages[guest]] == self._hotel.hotel.home_market
        currency = self._hotel.hotel.home_currency if is_home else self._hotel.hotel.currency
        party = self._parties.draw(rng, room, arrival.month)
        amount = self._prices.average(plan, currency, room.code, day, nights) * self._factor(plan, party)
        return Stay(
            number=number,
            guest=guest,
            room_type=room.code,
            rate_plan=plan.codes[currency],
            market_code=plan.market_codes[currency],
            channel=channel,
            arrival=arrival,
            departure=departure,
            adults=party.adults,
            child_ages=party.child_ages,
            amount_per_night=Decimal(amount).quantize(CENT, ROUND_HALF_UP),
            currency=currency,
            status="cancelled" if is_cancelled else self._status(arrival, departure),
            created_on=arrival - timedelta(days=lead),
        )

    def _factor(self, plan: RatePlan, party: Party) -> float:
        key = (plan.code, party.adults, party.child_ages)
        if key not in self._factors:
            self._factors[key] = party_factor(plan, party)
        return self._factors[key]

    def _status(self, arrival: date, departure: date) -> StayStatus:
        if arrival >= self._span.start:
            return "reserved"
        if self._rng.random() < self._no_show:
            return "no_show"
        return "checked_out" if departure <= self._span.start else "in_house"


class _StayPrices:
    """Average nightly price of a stay from running sums of whole units."""

    def __init__(self, hotel: Hotel, span: Horizon, tail: int) -> None:
        calendar = PriceCalendar(hotel, span.first, span.last + timedelta(days=tail))
        self._sums = {
            (plan.code, currency, room.code): _running_sum(calendar, plan, currency, room)
            for plan in hotel.rate_plans
            for currency in plan.prices
            for room in hotel.room_types
        }

    def average(self, plan: RatePlan, currency: Currency, room_type: str, day: int, nights: int) -> float:
        sums = self._sums[plan.code, currency, room_type]
        return (sums[day + nights] - sums[day]) / nights


def _running_sum(calendar: PriceCalendar, plan: RatePlan, currency: Currency, room: RoomType) -> list[int]:
    nightly = [
        int(row.amount) for row in calendar.rows(plan, currency, room) for _ in range((row.end - row.start).days + 1)
    ]
    return [0, *accumulate(nightly)]
