"""Remembering what the PMS has just said: a `Pms` around a `Pms`.

Many agents ask about the same week within a second, and every question costs the hotel's PMS a call. So rates, room
counts and restrictions are kept for at most `max_age_s` seconds (counted from when the question was sent), guarantee
codes and scripts for ten minutes. Of equal questions that come at the same time only the first goes out. A write of
ours drops what is known of that hotel, also what is being read at that moment, so an agent never sees the room he has
just sold; a write by somebody else is seen after `max_age_s`. It never makes anything sellable: the PMS checks its
own stock at every write. Everything else passes through. Failures are not remembered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import date
from typing import Any, TypeVar, cast

from domain.availability import Restriction
from domain.hotel import HotelTerms
from domain.reservation import PmsRef
from domain.stay import StayDates
from integration.ports.pms import (
    AlternateDates,
    BookingChange,
    BookingDraft,
    BookingPage,
    BookingSearch,
    CallRecord,
    Deposit,
    GuaranteeType,
    Pms,
    PmsBooking,
    PmsProfile,
    ProfileDraft,
    ProfileSearch,
    RateAnswer,
    RateQuestion,
    RoomCounts,
    Turnaway,
)

T = TypeVar("T")
Entries = dict[Hashable, tuple[float, "asyncio.Future[Any]"]]
LONG_AGE_S = 600.0
MOST_ENTRIES = 512


class _Shelf:
    """Entries of one kind of age, by hotel: (asked at, the answer or its being fetched)."""

    def __init__(self, max_age_s: float) -> None:
        self._max_age_s = max_age_s
        self._hotels: dict[str, Entries] = {}

    async def get(self, hotel_id: str, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        now = asyncio.get_running_loop().time()
        entries = self._hotels.setdefault(hotel_id, {})
        kept = entries.get(key)
        if kept is None or now - kept[0] >= self._max_age_s:
            kept = (now, self._fetch(entries, key, fetch))
            entries.pop(key, None)
            entries[key] = kept
            if len(entries) > MOST_ENTRIES:
                del entries[next(iter(entries))]
        answer = kept[1]
        return cast("T", answer.result() if answer.done() else await asyncio.shield(answer))

    def _fetch(self, entries: Entries, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> "asyncio.Future[Any]":
        """Start the question; if it fails, forget that it was asked."""
        answer: asyncio.Future[Any] = asyncio.ensure_future(fetch())

        def ended(done: "asyncio.Future[Any]") -> None:
            if done.cancelled() or done.exception() is not None:
                kept = entries.get(key)
                if kept is not None and kept[1] is done:
                    del entries[key]

        answer.add_done_callback(ended)
        return answer

    def drop(self, hotel_id: str) -> None:
        """Forget a hotel; a question under way still answers those who asked it, and nobody after them."""
        self._hotels.pop(hotel_id, None)


class CachedPms:
    """The decorator. `max_age_s` is how old a rate, room count or restriction may be."""

    def __init__(self, pms: Pms, max_age_s: float) -> None:
        """Wrap `pms`; closing this closes it."""
        self._pms = pms
        self._fresh = _Shelf(max_age_s)
        self._lasting = _Shelf(max(max_age_s, LONG_AGE_S))

    async def read_rates(self, hotel: HotelTerms, question: RateQuestion) -> RateAnswer:
        """Kept for `max_age_s`."""
        return await self._fresh.get(hotel.hotel_id, ("rates", question), lambda: self._pms.read_rates(hotel, question))

    async def read_room_counts(self, hotel: HotelTerms, stay: StayDates) -> RoomCounts:
        """Kept for `max_age_s`."""
        return await self._fresh.get(hotel.hotel_id, ("counts", stay), lambda: self._pms.read_room_counts(hotel, stay))

    async def read_restrictions(self, hotel: HotelTerms, stay: StayDates) -> tuple[Restriction, ...]:
        """Kept for `max_age_s`."""
        return await self._fresh.get(hotel.hotel_id, ("rules", stay), lambda: self._pms.read_restrictions(hotel, stay))

    async def read_guarantees(self, hotel: HotelTerms, arrival: date) -> tuple[GuaranteeType, ...]:
        """Kept for ten minutes."""
        return await self._lasting.get(
            hotel.hotel_id, ("guarantees", arrival), lambda: self._pms.read_guarantees(hotel, arrival)
        )

    async def read_script(self, hotel: HotelTerms, language: str) -> tuple[str, ...]:
        """Kept for ten minutes."""
        return await self._lasting.get(
            hotel.hotel_id, ("script", language), lambda: self._pms.read_script(hotel, language)
        )

    async def read_alternate_dates(
        self, hotel: HotelTerms, question: RateQuestion, window_days: int
    ) -> tuple[AlternateDates, ...]:
        """Passes through."""
        return await self._pms.read_alternate_dates(hotel, question, window_days)

    async def find_profiles(self, hotel: HotelTerms, search: ProfileSearch) -> tuple[PmsProfile, ...]:
        """Passes through."""
        return await self._pms.find_profiles(hotel, search)

    async def read_profile(self, hotel: HotelTerms, profile_id: str) -> PmsProfile | None:
        """Passes through."""
        return await self._pms.read_profile(hotel, profile_id)

    async def create_profile(self, hotel: HotelTerms, draft: ProfileDraft) -> str:
        """Passes through: a guest takes no room."""
        return await self._pms.create_profile(hotel, draft)

    async def update_profile(self, hotel: HotelTerms, profile_id: str, draft: ProfileDraft, note: str | None) -> None:
        """Passes through: a guest takes no room."""
        await self._pms.update_profile(hotel, profile_id, draft, note)

    async def find_bookings(self, hotel: HotelTerms, search: BookingSearch) -> tuple[PmsBooking, ...]:
        """Passes through: evidence is always fresh."""
        return await self._pms.find_bookings(hotel, search)

    async def page_bookings(self, hotel: HotelTerms, first: date, last: date, offset: int) -> BookingPage:
        """Passes through: evidence is always fresh."""
        return await self._pms.page_bookings(hotel, first, last, offset)

    async def read_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> PmsBooking | None:
        """Passes through: evidence is always fresh."""
        return await self._pms.read_booking(hotel, pms_ref)

    async def create_booking(self, hotel: HotelTerms, draft: BookingDraft) -> PmsRef:
        """Passes through and drops the hotel, whatever becomes of it."""
        try:
            return await self._pms.create_booking(hotel, draft)
        finally:
            self._fresh.drop(hotel.hotel_id)

    async def change_booking(self, hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> None:
        """Passes through and drops the hotel, whatever becomes of it."""
        try:
            await self._pms.change_booking(hotel, pms_ref, change)
        finally:
            self._fresh.drop(hotel.hotel_id)

    async def cancel_booking(
        self, hotel: HotelTerms, pms_ref: PmsRef, reason_code: str, reference: str, text: str
    ) -> None:
        """Passes through and drops the hotel, whatever becomes of it."""
        try:
            await self._pms.cancel_booking(hotel, pms_ref, reason_code, reference, text)
        finally:
            self._fresh.drop(hotel.hotel_id)

    async def reinstate_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> None:
        """Passes through and drops the hotel, whatever becomes of it."""
        try:
            await self._pms.reinstate_booking(hotel, pms_ref)
        finally:
            self._fresh.drop(hotel.hotel_id)

    async def post_deposit(
        self, hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
    ) -> None:
        """Passes through and drops the hotel: a new guarantee may take the room out of stock."""
        try:
            await self._pms.post_deposit(hotel, pms_ref, deposit, payment_method, guarantee_code)
        finally:
            self._fresh.drop(hotel.hotel_id)

    async def read_deposits(self, hotel: HotelTerms, pms_ref: PmsRef) -> tuple[Deposit, ...]:
        """Passes through: evidence is always fresh."""
        return await self._pms.read_deposits(hotel, pms_ref)

    async def log_call(self, hotel: HotelTerms, record: CallRecord) -> None:
        """Passes through."""
        await self._pms.log_call(hotel, record)

    async def log_turnaway(self, hotel: HotelTerms, turnaway: Turnaway) -> None:
        """Passes through."""
        await self._pms.log_turnaway(hotel, turnaway)

    async def close(self) -> None:
        """Close what is wrapped."""
        await self._pms.close()
