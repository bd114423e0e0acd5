"""Ways out when nothing sells as asked: other dates first, then sister hotels, then the waiting list.

"Other dates" begins with the same arrival in the length the hotel asks for; then come the days around on which the PMS
says there is room. Each way out is priced before it is said to a guest. A PMS that fails costs only the suggestion.
Dates and sisters do not hang on each other, so they are asked at once, and as soon as nothing is seen to sell: a guest
on the telephone waits for the longest of the questions, not for their sum.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from domain.availability import RestrictionKind
from domain.choosing import choose
from domain.errors import InvalidInput, NotFound
from domain.hotel import HotelTerms
from domain.offer import Alternative, AlternativeKind
from domain.stay import StayDates
from integration.errors import PmsError
from integration.ports.pms import RateQuestion
from integration.usecases.desk import Desk
from integration.usecases.reading_rates import Reading, candidates_of
from integration.usecases.stay_wish import StayWish, question_of

MOST_ALTERNATIVES = 3
_LENGTHS = frozenset(
    {
        RestrictionKind.MIN_STAY,
        RestrictionKind.MAX_STAY,
        RestrictionKind.MIN_STAY_THROUGH,
        RestrictionKind.MAX_STAY_THROUGH,
    }
)


Elsewhere = tuple[list[Alternative], list[Alternative]]


async def look_elsewhere(desk: Desk, hotel: HotelTerms, question: RateQuestion, wish: StayWish) -> Elsewhere:
    """Other dates, and sister hotels: what need not be known why nothing sells here."""
    sisters = [desk.hotels[one] for one in hotel.sister_hotels if one in desk.hotels]
    dates, *there = await asyncio.gather(
        _other_dates(desk, hotel, question), *(_at_sister(desk, sister, wish) for sister in sisters)
    )
    return dates, [one for found in there for one in found]


async def alternatives_to(
    desk: Desk, hotel: HotelTerms, question: RateQuestion, reading: Reading, elsewhere: Awaitable[Elsewhere]
) -> tuple[Alternative, ...]:
    """Ways out, best first; the waiting list is always the last. `elsewhere`: what `look_elsewhere` finds."""
    found, (dates, sisters) = await asyncio.gather(_other_length(desk, hotel, question, reading), elsewhere)
    found += dates
    room = max(0, 2 * MOST_ALTERNATIVES - len(found))
    return (*found, *sisters[:room], Alternative(AlternativeKind.WAITLIST, hotel.hotel_id, question.stay))


async def _other_length(desk: Desk, hotel: HotelTerms, question: RateQuestion, reading: Reading) -> list[Alternative]:
    """The same arrival with as many nights as the minimum or maximum stay in the way asks for."""
    lengths = {
        rule.unit
        for rate in reading.answer.room_rates
        for rule in reading.broken_by(rate)
        if rule.kind in _LENGTHS and rule.unit
    }
    stays = [
        StayDates.of_nights(question.stay.check_in, nights)
        for nights in sorted(lengths)[:MOST_ALTERNATIVES]
        if nights <= hotel.rules.max_nights
    ]
    found = await asyncio.gather(
        *(_cheapest(desk, hotel, replace(question, stay=stay), AlternativeKind.OTHER_DATES) for stay in stays)
    )
    return [one for one in found if one is not None]


async def _other_dates(desk: Desk, hotel: HotelTerms, question: RateQuestion) -> list[Alternative]:
    """The PMS says on which days there is room; each is priced before it is said to a guest."""
    try:
        dates = await desk.pms.read_alternate_dates(hotel, question, hotel.rules.alternate_days)
    except PmsError:
        return []
    stays = list(dict.fromkeys(one.stay for one in dates))[:MOST_ALTERNATIVES]
    found = await asyncio.gather(
        *(_cheapest(desk, hotel, replace(question, stay=stay), AlternativeKind.OTHER_DATES) for stay in stays)
    )
    return [one for one in found if one is not None]


async def _cheapest(desk: Desk, hotel: HotelTerms, question: RateQuestion, kind: AlternativeKind) -> Alternative | None:
    """The cheapest that sells as a way out; None when nothing does or the PMS cannot be read."""
    try:
        answer = await desk.pms.read_rates(hotel, question)
    except PmsError:
        return None
    candidates = candidates_of(hotel, Reading.plain(question, answer, hotel.today(desk.clock.now())))
    for one in choose(candidates, hotel.room_types, question.party)[:1]:
        best = one.candidate
        return Alternative(kind, hotel.hotel_id, question.stay, best.room_type, best.rate_plan, best.total)
    return None


async def _at_sister(desk: Desk, sister: HotelTerms, wish: StayWish) -> list[Alternative]:
    asked = StayWish(
        wish.check_in, wish.nights, wish.adults, wish.child_ages, wish.rooms, currency=wish.currency, market=wish.market
    )
    try:
        question = question_of(desk, sister, asked)
    except (InvalidInput, NotFound):
        return []
    found = await _cheapest(desk, sister, question, AlternativeKind.SISTER_HOTEL)
    return [found] if found is not None else []
