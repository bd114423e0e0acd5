"""From the PMS's prices to ours ([spec], [inf] and [unv] as in `bodies`).

* A price is `amountAfterTax` when it is there, else `amountBeforeTax` [spec: taxes that are inclusive are part of it].
* A night's price is `rates.rate[].total`, else its `base`; both are taken as one room's, per night, and `end` as the
  last night slept [inf].
* If the nights do not add up to the `total` of the rate, be it of one room or of all (taxes or packages put on top, a
  total told per range), the nights are stretched to it: the guest is told what he will pay. Written back, such a rate
  shows another total and is taken back as a changed price; it is never sold at a wrong one.
* `numberOfUnits` is shown as rooms left but never relied on [unv]; counts come from the inventory.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.hotel import HotelTerms
from domain.money import Money
from domain.rates import NightPrice
from integration.adapters.ohip import wire
from integration.ports.pms import RateAnswer, RateQuestion, RateState, RoomRate

_CENT = Decimal("0.01")


RATE_STATES = {
    "Available": RateState.AVAILABLE,
    "Restricted": RateState.RESTRICTED,
    "RestrictedDueToInventory": RateState.NO_INVENTORY,
    "RestrictedDueToOccupancy": RateState.OVER_OCCUPANCY,
    "RestrictedDueToItemInventory": RateState.NO_ITEM,
}


def price_of(total: wire.Total | None) -> Decimal | None:
    """The amount a guest pays, taxes included."""
    if total is None:
        return None
    return total.amount_before_tax if total.amount_after_tax is None else total.amount_after_tax


def currency_of(hotel: HotelTerms, rate_code: str, named: str) -> str:
    """The currency named, else the rate code's own, else the hotel's."""
    if named:
        return named
    for plan in hotel.rate_plans.values():
        for currency, code in plan.pms_codes:
            if code == rate_code:
                return currency
    return hotel.currency


def rate_answer(hotel: HotelTerms, question: RateQuestion, pages: Iterable[wire.Availability]) -> RateAnswer:
    """One answer from all pages."""
    nights = tuple(question.stay.nights())
    purse = _Purse(hotel, question.rooms)
    room_rates: list[RoomRate] = []
    is_closed = False
    for page in pages:
        for segment in page.hotel_availability:
            is_closed = is_closed or segment.closed
            for stay in segment.room_stays:
                room_rates += [_room_rate(rate, nights, purse) for rate in stay.room_rates]
    return RateAnswer(tuple(room_rates), house_closed=is_closed)


class _Purse:
    """Makes Money, once per amount: within an answer the same few amounts come again and again."""

    __slots__ = ("_hotel", "_made", "rooms")

    def __init__(self, hotel: HotelTerms, rooms: int) -> None:
        self._hotel = hotel
        self.rooms = rooms
        self._made: dict[str, dict[Decimal, Money]] = {}

    def priced(self, nights: tuple[date, ...], prices: list[Decimal], currency: str) -> tuple[NightPrice, ...]:
        made, priced = self._made.setdefault(currency, {}), []
        for night, price in zip(nights, prices, strict=True):
            money = made.get(price)
            if money is None:
                money = made[price] = Money(price, currency)
            priced.append(NightPrice(night, money))
        return tuple(priced)

    def currency(self, rate_code: str, named: str) -> str:
        return named or currency_of(self._hotel, rate_code, named)


def _room_rate(rate: wire.RoomRate, nights: tuple[date, ...], purse: _Purse) -> RoomRate:
    nightly, total = _prices(rate, nights, purse)
    return RoomRate(
        room_type=rate.room_type,
        rate_code=rate.rate_plan_code,
        state=RATE_STATES.get(rate.availability, RateState.RESTRICTED),
        units=max(0, rate.number_of_units),
        nightly=nightly,
        total=total,
        packages=tuple([one.package_code for one in rate.packages if one.package_code]) if rate.packages else (),
    )


def _prices(
    rate: wire.RoomRate, nights: tuple[date, ...], purse: _Purse
) -> tuple[tuple[NightPrice, ...], Money | None]:
    """One room's nights and their sum; nothing when a night has no price."""
    prices = _by_night(rate.rates.rate, nights) if rate.rates is not None else None
    whole = price_of(rate.total)
    if prices is None:
        if whole is None or len(nights) != 1:
            return (), None
        prices = [whole]
    total = sum(prices, Decimal(0))
    if whole is not None and whole not in {total, total * purse.rooms}:
        prices = _stretched(prices, total, whole)
        total = whole
    currency = purse.currency(rate.rate_plan_code, _named_currency(rate))
    return purse.priced(nights, prices, currency), Money(total, currency)


def nights_of(hotel: HotelTerms, rate: wire.RoomRate, nights: tuple[date, ...]) -> tuple[NightPrice, ...]:
    """One room's nights of a reservation; empty when a night has no price."""
    prices = _by_night(rate.rates.rate, nights) if rate.rates is not None and rate.rates.rate else None
    currency = currency_of(hotel, rate.rate_plan_code, _named_currency(rate))
    return tuple(NightPrice(night, Money(price, currency)) for night, price in zip(nights, prices or (), strict=False))


def _named_currency(rate: wire.RoomRate) -> str:
    if rate.total is not None and rate.total.currency_code:
        return rate.total.currency_code
    for one in rate.rates.rate if rate.rates is not None else ():
        for total in (one.total, one.base):
            if total is not None and total.currency_code:
                return total.currency_code
    return ""


def _by_night(rates: tuple[wire.Rate, ...], nights: tuple[date, ...]) -> list[Decimal] | None:
    """Prices in the order of the nights; None when one is missing."""
    return _one_by_one(rates, nights) or _from_ranges(rates, nights)


def _one_by_one(rates: tuple[wire.Rate, ...], nights: tuple[date, ...]) -> list[Decimal]:
    """The usual answer: one rate a night, in order. Empty when it is anything else."""
    if len(rates) != len(nights):
        return []
    prices: list[Decimal] = []
    for one, night in zip(rates, nights, strict=True):
        price = _of_rate(one)
        if price is None or one.start != night or one.end != night:
            return []
        prices.append(price)
    return prices


def _from_ranges(rates: tuple[wire.Rate, ...], nights: tuple[date, ...]) -> list[Decimal] | None:
    found: dict[date, Decimal] = {}
    for one in rates:
        price = _of_rate(one)
        if price is not None:
            start = one.start or nights[0]
            end = one.end or one.start or nights[-1]
            found.update((night, price) for night in nights if start <= night <= end)
    return [found[night] for night in nights] if len(found) == len(nights) else None


def _of_rate(rate: wire.Rate) -> Decimal | None:
    price = price_of(rate.total)
    return price_of(rate.base) if price is None else price


def _stretched(prices: list[Decimal], total: Decimal, whole: Decimal) -> list[Decimal]:
    """Nights in the same proportion that add up to `whole`; the last one takes what rounding leaves."""
    if total:
        spread = [(price * whole / total).quantize(_CENT, ROUND_HALF_UP) for price in prices]
    else:
        spread = [(whole / len(prices)).quantize(_CENT, ROUND_HALF_UP) for _ in prices]
    spread[-1] = whole - sum(spread[:-1], Decimal(0))
    return spread
