"""One look at the hotel for one stay: every room type and rate plan with its price, rooms left, or its "no".

The vendor's enumeration has five words; the first that applies is said: occupancy (the party never fits), then
restriction, then inventory. Which restriction it was goes into the free text `roomRateInfo` ("Information about the
Room Rate Combination" `[inf]`), spelled `MinimumLengthOfStay=5; ClosedForArrival`, so that one call answers for all
of them.

Rates that cannot be sold are listed only with `includeClosedRates=true`; without it nothing sellable is "no match"
(204). A house-level restriction closes the whole answer: `closed: true` and `restriction`.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from pms_mock.engine.days import nights
from pms_mock.engine.hotel import Hotel, Promotion, RatePlan, Restriction, RoomType
from pms_mock.engine.pricing import Night, extras_of, party_factor, price_list, priced, promotion_for
from pms_mock.engine.restrictions import Asked, met, scoped, spelled
from pms_mock.engine.stock import rooms_left


@dataclass(frozen=True, slots=True)
class Party:
    """Who comes, in how many rooms (each room holds the whole party)."""

    adults: int
    child_ages: tuple[int, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """The narrowing of the question: empty means all."""

    room_types: tuple[str, ...] = ()
    rate_plans: tuple[str, ...] = ()
    promotions: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One room type in one rate plan. `status` is the vendor's word; `why` spells the restrictions."""

    room: RoomType
    plan: RatePlan
    status: str
    why: str
    units: int
    nights: list[Night] | None
    promotion: Promotion | None


@dataclass(frozen=True, slots=True)
class Look:
    """All offers of the stay, and the restriction that closes the house, if one does."""

    asked: Asked
    party: Party
    house: Restriction | None
    offers: list[Offer] = field(default_factory=list)


def look(connection: sqlite3.Connection, hotel: Hotel, asked: Asked, party: Party, wanted: Wanted) -> Look:
    """Judge every wanted room type and rate plan with three queries: stock, sell limits, prices."""
    restrictions = met(hotel, asked)
    left = rooms_left(connection, hotel, asked.arrival, asked.departure)
    amounts = price_list(connection, hotel, asked.arrival, asked.departure, wanted.rate_plans)
    stay = nights(asked.arrival, asked.departure)
    answer = Look(asked, party, next((row for row in restrictions if row.is_house), None))
    for room, plan in _pairs(hotel, wanted):
        promotion = promotion_for(hotel, plan, wanted.promotions, asked.today)
        prices = priced(
            hotel,
            amounts.get((plan.code, room.code), {}),
            stay,
            factor=party_factor(plan, party.adults, party.child_ages),
            promotion=promotion,
            packages=extras_of(hotel, plan, wanted.packages),
        )
        units = min(left[room.code, day] for day in stay)
        status, why = judged(room, plan, asked, party, scoped(restrictions, room, plan))
        if prices is None and status == "Available":
            status, why = "Restricted", "RateDetailsNotSet"
        if status == "Available" and units < party.units:
            status = "RestrictedDueToInventory"
        answer.offers.append(Offer(room, plan, status, why, units, prices, promotion))
    return answer


def judged(
    room: RoomType, plan: RatePlan, asked: Asked, party: Party, restrictions: list[Restriction]
) -> tuple[str, str]:
    """(the vendor's word, why) before stock and prices are looked at."""
    why = "; ".join(dict.fromkeys(spelled(row) for row in restrictions))
    if not room.holds(party.adults, len(party.child_ages)):
        return "RestrictedDueToOccupancy", why
    if not (plan.bookable_from or "0") <= asked.today <= (plan.bookable_to or "9"):
        return "Restricted", "; ".join(filter(None, ("RateNotBookable", why)))
    return ("Restricted", why) if why else ("Available", "")


def _pairs(hotel: Hotel, wanted: Wanted) -> Iterator[tuple[RoomType, RatePlan]]:
    for room in hotel.room_types.values():
        if not wanted.room_types or room.code in wanted.room_types:
            for plan in hotel.rate_plans.values():
                if not wanted.rate_plans or plan.code in wanted.rate_plans:
                    yield room, plan
