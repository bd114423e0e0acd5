"""Reservations: finding, reading and the five writes.

A search by reference asks for our system code too, because the PMS otherwise looks among references of `External` only
[spec]. It finds cancelled records as well (`searchTypes=Any`) and shows each one's status. Numbers are never unique by
themselves: several records can carry one reference, and all of them are returned.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from domain.hotel import HotelTerms
from domain.reservation import PmsRef
from integration.adapters.ohip import bodies, bodies_desk, mapping_bookings
from integration.adapters.ohip import wire_bookings as records
from integration.adapters.ohip.client import OhipClient
from integration.adapters.ohip.failures import unknown
from integration.adapters.ohip.offers import MOST_PAGES, ROWS, understood
from integration.adapters.ohip.query import encoded, personal, with_query
from integration.adapters.ohip.transport import Reply
from integration.errors import PmsProtocolError, PmsRejected, PmsUnavailable
from integration.ports.pms import (
    BookingChange,
    BookingDraft,
    BookingPage,
    BookingSearch,
    CallRecord,
    Deposit,
    PmsBooking,
    Turnaway,
    UnreadableBooking,
)

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_FETCH = "fetchInstructions=Reservation&fetchInstructions=Comments&fetchInstructions=TotalDepositPaid"
_FETCH_AGES = "&fetchInstructions=FetchChildAges"
_FETCH_ROW = ("Reservation", "ReservationID", "Deposits", "CancellationInfo", "FetchChildAges")
_CANCELLED = "Cancelled"
LONGEST_DAYS = 90


def number_in_location(operation: str, reply: Reply, collection: str) -> str:
    """The id that a `Location` ends with; PmsOutcomeUnknown when there is none, since the record exists somewhere."""
    parts = urlsplit(reply.headers.get("location", "")).path.rstrip("/").split("/")
    if len(parts) < 2 or parts[-2] != collection or not _NUMBER.fullmatch(parts[-1]):  # noqa: PLR2004 - collection and number
        raise unknown(operation, "success without a number")
    return parts[-1]


class BookingRecords:
    """Reservations in the PMS."""

    def __init__(self, client: OhipClient) -> None:
        """Speak through `client`."""
        self._client = client

    async def find_bookings(self, hotel: HotelTerms, search: BookingSearch) -> tuple[PmsBooking, ...]:
        """Reservations that match all criteria."""
        rows: list[records.BookingInfo] = []
        for days in _windows(search):
            rows += await self._rows(hotel, search, days)
        listed = understood("find_bookings", lambda: [mapping_bookings.booking_info(hotel, one) for one in rows])
        return tuple(one for one in listed if one is not None and _fits(one, search))

    async def _rows(
        self, hotel: HotelTerms, search: BookingSearch, days: list[tuple[str, str]]
    ) -> list[records.BookingInfo]:
        """Every page of one search."""
        pairs = [*_criteria(hotel, search), *days]
        path = with_query(f"/rsv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/reservations", pairs)
        if search.phone:
            path = f"{path}&phone={personal(search.phone)}"
        found: list[records.BookingInfo] = []
        for _ in range(MOST_PAGES):
            page = await self._client.read(hotel, "find_bookings", f"{path}&offset={len(found)}", records.BOOKINGS)
            rows = page.reservations if page is not None else None
            if rows is None or not rows.reservation_info:
                return found
            found += rows.reservation_info
            if not rows.has_more:
                return found
        raise PmsProtocolError("The PMS's list of reservations does not end.")

    async def page_bookings(self, hotel: HotelTerms, first: date, last: date, offset: int) -> BookingPage:
        """A page of a hotel's arrivals. No search by system code alone is promised [spec], so all are read and those
        without a reference of ours are counted and left out.
        """
        pairs = [
            *_criteria(hotel, BookingSearch()),
            ("externalSystemCodes", hotel.pms.system_code),
            ("arrivalStartDate", first.isoformat()),
            ("arrivalEndDate", last.isoformat()),
            ("offset", str(offset)),
        ]
        path = with_query(f"/rsv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/reservations", pairs)
        page = await self._client.read(hotel, "page_bookings", path, records.ROWS_UNREAD)
        rows = page.reservations if page is not None else None
        listed = rows.reservation_info if rows is not None else ()
        found = [mapping_bookings.row_of(hotel, row, place) for place, row in enumerate(listed, offset + 1)]
        following = offset + len(listed) if rows is not None and rows.has_more and listed else None
        return BookingPage(
            tuple(one for one in found if isinstance(one, PmsBooking) and one.references),
            len(listed),
            following,
            tuple(one for one in found if isinstance(one, UnreadableBooking)),
        )

    async def read_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> PmsBooking | None:
        """One reservation with comments, deposits and, when it is cancelled, the cancellation's number."""
        path = f"{_booking_path(hotel, pms_ref)}?{_FETCH}{_FETCH_AGES}"
        answer = await self._client.read(hotel, "read_booking", path, records.BOOKING)
        listed = answer.reservations.reservation if answer is not None and answer.reservations is not None else ()
        if not listed:
            return None
        found = understood("read_booking", lambda: mapping_bookings.booking(hotel, listed[0]))
        if found is None:
            raise PmsProtocolError("Reservation {pms_ref} of the PMS is of a kind not sold here.", pms_ref=pms_ref)
        if found.status == _CANCELLED and not found.cancel_references:
            return replace(found, cancel_references=await self._cancellation_numbers(hotel, pms_ref))
        return found

    async def _cancellation_numbers(self, hotel: HotelTerms, pms_ref: PmsRef) -> tuple[str, ...]:
        path = f"{_booking_path(hotel, pms_ref)}/cancellationHistory"
        history = await self._client.read(hotel, "cancellation_history", path, records.CANCELLATIONS)
        activities = history.cxl_activity_log if history is not None else ()
        return tuple(dict.fromkeys(i.id for one in activities for i in one.cancellation_id_list if i.id))

    async def create_booking(self, hotel: HotelTerms, draft: BookingDraft) -> PmsRef:
        """Write a reservation; its number comes in `Location` [spec]."""
        path = f"/rsv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/reservations"
        body = bodies.create_body(hotel, draft)
        reply = await self._client.write(hotel, "create_booking", "POST", path, body)
        return PmsRef(number_in_location("create_booking", reply, "reservations"))

    async def change_booking(self, hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> None:
        """Change a reservation. Stay, room and rate are sent together; what the caller left out is read first."""
        whole = await self._completed(hotel, pms_ref, change)
        body = bodies.change_body(hotel, pms_ref, whole)
        await self._client.write(hotel, "change_booking", "PUT", _booking_path(hotel, pms_ref), body)

    async def _completed(self, hotel: HotelTerms, pms_ref: PmsRef, change: BookingChange) -> BookingChange:
        parts = (change.stay, change.room_type, change.rate_code, change.rooms)
        if all(part is None for part in (*parts, change.nightly)) or all(part is not None for part in parts):
            return change
        try:
            now = await self.read_booking(hotel, pms_ref)
        except PmsProtocolError as error:
            raise PmsUnavailable("The reservation cannot be read, so nothing was changed.") from error
        if now is None:
            raise PmsRejected("The PMS has no reservation {pms_ref}.", status=404, pms_ref=pms_ref)
        return replace(
            change,
            stay=change.stay or now.stay,
            room_type=change.room_type or now.room_type,
            rate_code=change.rate_code or now.rate_code,
            rooms=change.rooms or now.rooms,
        )

    async def cancel_booking(
        self, hotel: HotelTerms, pms_ref: PmsRef, reason_code: str, reference: str, text: str
    ) -> None:
        """Cancel; `reference` (at most 50 characters) becomes the cancellation's number."""
        body = bodies.cancel_body(hotel, pms_ref, reason_code, reference, text)
        path = f"{_booking_path(hotel, pms_ref)}/cancellations"
        await self._client.write(hotel, "cancel_booking", "POST", path, body)

    async def reinstate_booking(self, hotel: HotelTerms, pms_ref: PmsRef) -> None:
        """Take a cancelled reservation back without overriding stock or rates."""
        body = bodies.reinstate_body(hotel, pms_ref)
        path = f"{_booking_path(hotel, pms_ref)}/cancellations"
        await self._client.write(hotel, "reinstate_booking", "PUT", path, body)

    async def post_deposit(
        self, hotel: HotelTerms, pms_ref: PmsRef, deposit: Deposit, payment_method: str, guarantee_code: str | None
    ) -> None:
        """Put money on a reservation and, with it, set the guarantee."""
        body = bodies.deposit_body(hotel, pms_ref, deposit, payment_method, guarantee_code)
        await self._client.write(hotel, "post_deposit", "POST", _deposits_path(hotel, pms_ref), body)

    async def read_deposits(self, hotel: HotelTerms, pms_ref: PmsRef) -> tuple[Deposit, ...]:
        """Money put on a reservation, with our references."""
        answer = await self._client.read(hotel, "read_deposits", _deposits_path(hotel, pms_ref), records.DEPOSITS)
        return understood("read_deposits", lambda: mapping_bookings.deposits(hotel, answer))

    async def log_call(self, hotel: HotelTerms, record: CallRecord) -> None:
        """Write the PMS's call log."""
        await self._client.write(hotel, "log_call", "POST", "/rsv/v1/calls", bodies_desk.call_body(hotel, record))

    async def log_turnaway(self, hotel: HotelTerms, turnaway: Turnaway) -> None:
        """Write a regret or denial."""
        path = f"/rsv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/turnaways"
        await self._client.write(hotel, "log_turnaway", "POST", path, bodies_desk.turnaway_body(hotel, turnaway))


def _booking_path(hotel: HotelTerms, pms_ref: PmsRef) -> str:
    return f"/rsv/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/reservations/{encoded(pms_ref)}"


def _deposits_path(hotel: HotelTerms, pms_ref: PmsRef) -> str:
    return f"/csh/v1/hotels/{encoded(hotel.pms.pms_hotel_id)}/reservations/{encoded(pms_ref)}/depositPayments"


def _criteria(hotel: HotelTerms, search: BookingSearch) -> list[tuple[str, str]]:
    pairs = [("limit", str(ROWS)), *(("fetchInstructions", word) for word in _FETCH_ROW)]
    if search.include_cancelled:
        pairs.append(("searchTypes", "Any"))
    if search.reference is not None:
        pairs += [("externalReferenceIds", search.reference), ("externalSystemCodes", hotel.pms.system_code)]
    if search.profile_id is not None:
        pairs.append(("profileId", search.profile_id))
    return pairs


def _windows(search: BookingSearch) -> list[list[tuple[str, str]]]:
    """The arrival days as spans that the PMS takes: 90 days at most [doc]; a missing end is 90 days off."""
    span = timedelta(days=LONGEST_DAYS - 1)
    given = [day for day in (search.arrival_from, search.arrival_to) if day is not None]
    if not given:
        return [[]]
    first = search.arrival_from if search.arrival_from is not None else given[0] - span
    last = search.arrival_to if search.arrival_to is not None else given[0] + span
    windows: list[list[tuple[str, str]]] = []
    while first <= last:
        end = min(last, first + span)
        windows.append([("arrivalStartDate", first.isoformat()), ("arrivalEndDate", end.isoformat())])
        first = end + timedelta(days=1)
    return windows


def _fits(one: PmsBooking, search: BookingSearch) -> bool:
    """A PMS that shows a record's references must show the one asked for; and cancelled ones only when wanted."""
    if search.reference is not None and one.references and search.reference not in one.references:
        return False
    return search.include_cancelled or one.status != _CANCELLED
