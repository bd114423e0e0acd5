"""Reading what can be sold: rates, other dates, counts, restrictions, guarantees, scripts.

Rates come in ONE call for all room types and rate codes (`includeClosedRates`, `returnOnlyAvailableRateCodes=false`),
so a fortnight of eighteen combinations costs the hotel one of its calls and not 252. Spans are at most 90 days and
pages at most 200 rows since release 24.4 [doc]; `hasMore` is followed by `pagePointerKey`, ten pages at the most.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, product
from typing import TypeVar

from domain.availability import Restriction
from domain.errors import DomainError
from domain.hotel import HotelTerms
from domain.stay import StayDates
from integration.adapters.ohip import mapping, mapping_rates, wire
from integration.adapters.ohip.client import OhipClient
from integration.adapters.ohip.query import encoded, with_query
from integration.errors import PmsProtocolError
from integration.ports.pms import AlternateDates, GuaranteeType, RateAnswer, RateQuestion, RateState, RoomCounts

T = TypeVar("T")
ROWS = 200
MOST_PAGES = 10
_MOST_ALTERNATE_CALLS = 3
_MOST_PRICED = 3


def understood(operation: str, make: Callable[[], T]) -> T:
    """Our value, or PmsProtocolError when what the PMS said breaks one of our rules."""
    try:
        return make()
    except (DomainError, ArithmeticError, OverflowError):
        raise PmsProtocolError("The PMS's answer to {operation} makes no sense.", operation=operation) from None


class OfferReads:
    """The reading half of selling."""

    def __init__(self, client: OhipClient) -> None:
        """Speak through `client`."""
        self._client = client

    async def read_rates(self, hotel: HotelTerms, question: RateQuestion) -> RateAnswer:
        """Availability and price of every room type and rate code asked for."""
        path = f"/par/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/availability?{_question(question)}"
        pages: list[wire.Availability] = []
        pointer = ""
        while True:
            page = await self._client.read(hotel, "availability", path + pointer, wire.AVAILABILITY)
            if page is None:
                break
            pages.append(page)
            key = next((one.paging_key for one in page.hotel_availability if one.has_more and one.paging_key), "")
            following = f"&pagePointerKey={encoded(key)}"
            if not key:
                break
            if following == pointer or len(pages) == MOST_PAGES:
                raise PmsProtocolError("The PMS's list of rates does not end.")
            pointer = following
        return understood("availability", lambda: mapping_rates.rate_answer(hotel, question, pages))

    async def read_alternate_dates(
        self, hotel: HotelTerms, question: RateQuestion, window_days: int
    ) -> tuple[AlternateDates, ...]:
        """Other arrivals, nearest first: three at most, with the price of the stay.

        The dialect answers for one room type and rate code, so three such pairs are asked at most; its `rateAmount`
        does not say what it is the price of [unv], so the dates found are priced by the availability call.
        """
        room_types = question.room_types or tuple(
            one.code
            for one in sorted(hotel.room_types.values(), key=lambda one: one.rank)
            if one.takes(question.party.adults, len(question.party.child_ages))
        )
        pairs = islice(((room, rate) for rate, room in product(question.rate_codes, room_types)), _MOST_ALTERNATE_CALLS)
        answers = await asyncio.gather(
            *(self._alternates(hotel, question, window_days, room, rate) for room, rate in pairs)
        )
        asked = question.stay.check_in
        found = [one for answer in answers for one in answer]
        near = sorted(found, key=lambda one: (abs((one.stay.check_in - asked).days), one.stay.check_in))
        first_of_day: dict[date, AlternateDates] = {}
        for one in near:
            first_of_day.setdefault(one.stay.check_in, one)
        return await self._priced(hotel, question, list(first_of_day.values())[:_MOST_PRICED])

    async def _priced(
        self, hotel: HotelTerms, question: RateQuestion, near: list[AlternateDates]
    ) -> tuple[AlternateDates, ...]:
        """What they cost; a date that does not sell after all is left out."""

        async def one(other: AlternateDates) -> AlternateDates | None:
            again = replace(question, stay=other.stay, room_types=(other.room_type,), rate_codes=(other.rate_code,))
            answer = await self.read_rates(hotel, again)
            sold = [rate for rate in answer.room_rates if rate.state == RateState.AVAILABLE and not answer.house_closed]
            return replace(other, total=sold[0].total) if sold else None

        priced = await asyncio.gather(*map(one, near))
        return tuple(other for other in priced if other is not None)

    async def _alternates(
        self, hotel: HotelTerms, question: RateQuestion, window_days: int, room_type: str, rate_code: str
    ) -> tuple[AlternateDates, ...]:
        stay = question.stay
        first = max(stay.check_in - timedelta(days=window_days), hotel.today(self._client.now()))
        path = with_query(
            f"/par/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/availability/alternate",
            [
                ("ratePlanCode", rate_code),
                ("roomType", room_type),
                ("startDate", first.isoformat()),
                ("endDate", (stay.check_in + timedelta(days=window_days)).isoformat()),
                ("duration", str(stay.night_count)),
                ("quantity", str(question.rooms)),
                ("adults", str(question.party.adults)),
                ("children", str(len(question.party.child_ages))),
                *(("childAge", str(age)) for age in question.party.child_ages),
            ],
        )
        answer = await self._client.read(hotel, "alternate_dates", path, wire.ALTERNATES)
        return understood("alternate_dates", lambda: mapping.alternate_dates(question, room_type, rate_code, answer))

    async def read_room_counts(self, hotel: HotelTerms, stay: StayDates) -> RoomCounts:
        """Rooms left by type and night; allowed overbooking and tentative bookings are not counted."""
        path = (
            f"/inv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/hotelInventory?dateRangeStart={stay.check_in.isoformat()}"
            f"&dateRangeEnd={stay.last_night.isoformat()}&roomCountRequested=1&dailyInventory=true"
            "&includeOverbooking=false&includeTentativeInventory=false"
        )
        answer = await self._client.read(hotel, "hotel_inventory", path, wire.INVENTORY)
        return understood("hotel_inventory", lambda: mapping.room_counts(answer, stay))

    async def read_restrictions(self, hotel: HotelTerms, stay: StayDates) -> tuple[Restriction, ...]:
        """Restrictions that touch the stay, its day of departure included."""
        path = (
            f"/par/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/restrictions"
            f"?restrictionSearchCriteriaStartDate={stay.check_in.isoformat()}&end={stay.check_out.isoformat()}"
            f"&restrictionInfo=Detail&limit={ROWS}"
        )
        answer = await self._client.read(hotel, "restrictions", path, wire.RESTRICTIONS)
        return understood("restrictions", lambda: mapping.restrictions(answer, stay))

    async def read_guarantees(self, hotel: HotelTerms, arrival: date) -> tuple[GuaranteeType, ...]:
        """Guarantee codes for an arrival."""
        path = f"/par/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/guarantees?arrivalDate={arrival.isoformat()}"
        return mapping.guarantees(await self._client.read(hotel, "guarantees", path, wire.GUARANTEES))

    async def read_script(self, hotel: HotelTerms, language: str) -> tuple[str, ...]:
        """The script of a language, and the sell messages."""
        number = encoded(hotel.pms.pms_hotel_id)
        script, messages = await asyncio.gather(
            self._client.read(
                hotel, "script", f"/rsv/v1/hotels/{number}/script?languageCode={encoded(language.upper())}", wire.SCRIPT
            ),
            self._client.read(
                hotel, "sell_messages", f"/rsv/v1/sellMessages?hotelId={number}&limit={ROWS}", wire.SELL_MESSAGES
            ),
        )
        return mapping.script_texts(script, messages, language)


def _question(question: RateQuestion) -> str:
    stay, party = question.stay, question.party
    parts = [
        f"roomStayStartDate={stay.check_in.isoformat()}&roomStayEndDate={stay.check_out.isoformat()}"
        f"&roomStayQuantity={question.rooms}&adults={party.adults}&children={len(party.child_ages)}"
        f"&includeClosedRates=true&returnOnlyAvailableRateCodes=false&limit={ROWS}"
    ]
    parts += [f"childAge={age}" for age in party.child_ages]
    parts += [f"ratePlanCode={encoded(code)}" for code in question.rate_codes]
    parts += [f"roomType={encoded(code)}" for code in question.room_types]
    if question.promo:
        parts.append(f"promotionCode={encoded(question.promo)}")
    return "&".join(parts)
