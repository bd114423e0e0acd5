"""From the PMS's words to ours: prices, counts, restrictions, guarantees, scripts.

* A price is `amountAfterTax` when it is there, else `amountBeforeTax` [spec: taxes that are inclusive are part of it].
* A night's price is `rates.rate[].total`, else its `base`; both are taken as one room's, per night, and `end` as the last
  night slept [inf]. If the nights do not add up to the `total` of the rate (taxes or packages put on top, a total per range),
  the nights are stretched to it: the guest is told what he will pay. Written back, such a rate shows another total and is
  taken back as a changed price; it is never sold at a wrong one.
* `numberOfUnits` is shown as rooms left but never relied on [unv]; counts come from the inventory, without overbooking.
* A restriction for another booking channel is not ours [inf]; one for a room class or a rate category, which the hotel file
  does not know, is kept as `other`, which breaks nothing: the availability itself says whether a rate can be sold.
* `LOSNotAvailable` names forbidden lengths 1..7; for the stay asked about it becomes the nearest length that is allowed.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.availability import Restriction, RestrictionKind
from domain.hotel import HotelTerms
from domain.money import Money
from domain.rates import NightPrice
from domain.stay import StayDates
from integration.adapters.ohip import wire
from integration.ports.pms import AlternateDates, GuaranteeType, RateAnswer, RateQuestion, RateState, RoomCounts, RoomRate

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")

RATE_STATES = {
    "Available": RateState.AVAILABLE,
    "Restricted": RateState.RESTRICTED,
    "RestrictedDueToInventory": RateState.NO_INVENTORY,
    "RestrictedDueToOccupancy": RateState.OVER_OCCUPANCY,
    "RestrictedDueToItemInventory": RateState.NO_ITEM,
}

RESTRICTION_KINDS = {
    "Closed": RestrictionKind.CLOSED,
    "ClosedForArrival": RestrictionKind.CLOSED_TO_ARRIVAL,
    "ClosedForDeparture": RestrictionKind.CLOSED_TO_DEPARTURE,
    "MinimumLengthOfStay": RestrictionKind.MIN_STAY,
    "MaximumLengthOfStay": RestrictionKind.MAX_STAY,
    "MinimumStayThrough": RestrictionKind.MIN_STAY_THROUGH,
    "MaximumStayThrough": RestrictionKind.MAX_STAY_THROUGH,
    "MinimumAdvanceBooking": RestrictionKind.MIN_ADVANCE,
    "MaximumAdvanceBooking": RestrictionKind.MAX_ADVANCE,
}
_OPENINGS = frozenset({"Open", "OpenForArrival", "OpenForDeparture"})
_LONGEST_FLAG = 7


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
    purse = _Purse(hotel)
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

    __slots__ = ("_hotel", "_made")

    def __init__(self, hotel: HotelTerms) -> None:
        self._hotel = hotel
        self._made: dict[tuple[Decimal, str], Money] = {}

    def money(self, amount: Decimal, currency: str) -> Money:
        key = (amount, currency)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Money(amount, currency)
        return found

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


def _prices(rate: wire.RoomRate, nights: tuple[date, ...], purse: _Purse) -> tuple[tuple[NightPrice, ...], Money | None]:
    """One room's nights and their sum; nothing when a night has no price."""
    prices = _by_night(rate.rates.rate, nights) if rate.rates is not None else None
    whole = price_of(rate.total)
    if prices is None:
        if whole is None or len(nights) != 1:
            return (), None
        prices = [whole]
    total = sum(prices, Decimal(0))
    if whole is not None and whole != total and len(prices) == len(nights):
        prices = _stretched(prices, total, whole)
        total = whole
    currency = purse.currency(rate.rate_plan_code, _named_currency(rate))
    nightly = tuple([NightPrice(night, purse.money(price, currency)) for night, price in zip(nights, prices, strict=True)])
    return nightly, purse.money(total, currency)


def _named_currency(rate: wire.RoomRate) -> str:
    if rate.total is not None and rate.total.currency_code:
        return rate.total.currency_code
    for one in rate.rates.rate if rate.rates is not None else ():
        for total in (one.total, one.base):
            if total is not None and total.currency_code:
                return total.currency_code
    return ""


def _by_night(rates: list[wire.Rate], nights: tuple[date, ...]) -> list[Decimal] | None:
    """Prices in the order of the nights; None when one is missing."""
    found: dict[date, Decimal] = {}
    for one in rates:
        price = price_of(one.total)
        if price is None:
            price = price_of(one.base)
        if price is None:
            continue
        start = one.start or nights[0]
        end = one.end or (one.start or nights[-1])
        if start == end:
            found[start] = price
        else:
            found.update((night, price) for night in nights if start <= night <= end)
    try:
        return [found[night] for night in nights]
    except KeyError:
        return None


def _stretched(prices: list[Decimal], total: Decimal, whole: Decimal) -> list[Decimal]:
    """Nights in the same proportion that add up to `whole`; the last one takes what rounding leaves."""
    if total:
        spread = [(price * whole / total).quantize(_CENT, ROUND_HALF_UP) for price in prices]
    else:
        spread = [(whole / len(prices)).quantize(_CENT, ROUND_HALF_UP) for _ in prices]
    spread[-1] = whole - sum(spread[:-1], Decimal(0))
    return spread


def room_counts(inventory: wire.Inventory | None, stay: StayDates) -> RoomCounts:
    """Rooms left by room type and night of the stay; never below zero."""
    available: dict[tuple[str, date], int] = {}
    nights = tuple(stay.nights())
    for hotel in inventory.hotel_inventories if inventory is not None else ():
        for level in hotel.room_type_inventories:
            for count in level.inventory_counts:
                if count.start_date is None:
                    continue
                left = max(0, count.available_count)
                end = count.end_date or count.start_date
                if count.start_date == end:
                    available[level.code, end] = left
                    continue
                available.update(((level.code, night), left) for night in nights if count.start_date <= night <= end)
    return RoomCounts(available)


def restrictions(answer: wire.Restrictions | None, stay: StayDates) -> tuple[Restriction, ...]:
    """Restrictions that touch the stay, its day of departure included."""
    outer = answer.restrictions_by_date_range if answer is not None else None
    inner = outer.restrictions_by_date_range if outer is not None else None
    found: list[Restriction] = []
    for one in inner.restriction_sets if inner is not None else ():
        found += _restriction(one, stay)
    return tuple(found)


def _restriction(one: wire.RestrictionSet, stay: StayDates) -> Iterator[Restriction]:
    status = one.restriction_status or wire.RestrictionStatus()
    scope = one.restriction_control or wire.RestrictionControl()
    if one.start is None or status.code in _OPENINGS or scope.booking_channel_code:
        return
    kind, unit = _kind(status, stay)
    if kind is None:
        return
    if scope.room_class or scope.rate_plan_category:
        kind = RestrictionKind.OTHER
    for start, end in _runs(one, one.start, one.end or one.start, stay):
        yield Restriction(kind, start, end, unit, scope.room_type or None, scope.rate_plan_code or None)


def _kind(status: wire.RestrictionStatus, stay: StayDates) -> tuple[RestrictionKind | None, int | None]:
    """Our kind and unit; None when the rule has nothing to say about a stay of this length."""
    if status.code != "LOSNotAvailable":
        kind = RESTRICTION_KINDS.get(status.code, RestrictionKind.OTHER)
        return kind, status.unit
    flags = (status.los1, status.los2, status.los3, status.los4, status.los5, status.los6, status.los7)
    forbidden = {length for length, flag in enumerate(flags, start=1) if flag}
    length = stay.night_count
    if length not in forbidden:
        return None, None
    longer = next(n for n in range(length + 1, _LONGEST_FLAG + 2) if n not in forbidden)
    shorter = next((n for n in range(length - 1, 0, -1) if n not in forbidden), None)
    if longer > _LONGEST_FLAG and shorter is not None:
        return RestrictionKind.MAX_STAY, shorter
    return RestrictionKind.MIN_STAY, longer


def _runs(one: wire.RestrictionSet, start: date, end: date, stay: StayDates) -> Iterator[tuple[date, date]]:
    """The rule's days: as they are, or, when it stands on some weekdays only, the runs of such days in the stay."""
    flags = (one.monday, one.tuesday, one.wednesday, one.thursday, one.friday, one.saturday, one.sunday)
    if end < stay.check_in or start > stay.check_out:
        return
    if all(flags) or not any(flags):
        yield start, end
        return
    day, last, began = max(start, stay.check_in), min(end, stay.check_out), None
    while day <= last:
        if flags[day.weekday()] and began is None:
            began = day
        if began is not None and not flags[day.weekday()]:
            yield began, day - _DAY
            began = None
        day += _DAY
    if began is not None:
        yield began, last


def guarantees(answer: wire.Guarantees | None) -> tuple[GuaranteeType, ...]:
    """Guarantee codes; one that does not say so takes no room out of stock."""
    return tuple(
        GuaranteeType(one.guarantee_code, deducts=one.reserve_inventory, on_hold=one.on_hold)
        for one in (answer.res_guarantees if answer is not None else ())
        if one.guarantee_code
    )


def alternate_dates(
    hotel: HotelTerms, question: RateQuestion, room_type: str, rate_code: str, answer: wire.Alternates | None
) -> tuple[AlternateDates, ...]:
    """Arrivals on which the room type can be had; `rateAmount` is the first night's price [unv], so no total is told."""
    del hotel
    nights = question.stay.night_count
    return tuple(
        AlternateDates(StayDates.of_nights(one.date, nights), room_type, rate_code, None)
        for one in (answer.alternates if answer is not None else ())
        if one.status == "Available" and one.date is not None and one.date != question.stay.check_in
    )


def script_texts(script: wire.Script | None, messages: wire.SellMessages | None, language: str) -> tuple[str, ...]:
    """The script, then the sell messages of the language (or of none); each text once."""
    texts: dict[str, None] = {}
    if script is not None and script.script:
        texts[_plain(script.script)] = None
    listed = messages.sell_messages.sell_message if messages is not None and messages.sell_messages is not None else []
    for one in listed:
        if one.message and one.language_code.casefold() in {"", language.casefold()}:
            texts[one.message] = None
    return tuple(texts)


def _plain(text: str) -> str:
    """Base64 ("format byte" [spec]); a text that is not, as it is."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text
