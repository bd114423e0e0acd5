"""One window of arrival days, compared both ways in bounded memory: pages of the PMS against ours.

What agrees at first sight is only counted. Everything else is a *suspect*, looked at closely afterwards
(`reconcile_look`). A record is compared in the window of our arrival; one whose arrival the desk has moved into this
window is left to the window that ours lies in. Windows follow each other, each as wide (90 days at most, as the PMS
allows) as keeps our side of it to about a thousand reservations.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from domain.hotel import HotelTerms
from domain.reservation import Reservation
from integration.errors import PmsUnavailable
from integration.ports.pms import BookingPage, PmsBooking, UnreadableBooking
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.kpi_copies import copy_of, keep_copies
from integration.usecases.reconcile_compare import OVER, gaps_of, has_moved_on, is_live_there

T = TypeVar("T")
WIDTHS = (90, 45, 21, 7, 3, 1)
ABOUT = 1000
PATIENT_TRIES, LEAST_WAIT_S, MOST_WAIT_S = 30, 0.5, 5.0


@dataclass(frozen=True, slots=True)
class Span:
    """Arrival days, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


@dataclass(slots=True)
class Seen:
    """What a window held: counts by name, external references to look at closely, each once, and rows of the PMS that
    cannot be understood and do not say whose they are."""

    counts: Counter[str] = field(default_factory=Counter)
    suspects: dict[str, None] = field(default_factory=dict)
    unreadable: list[UnreadableBooking] = field(default_factory=list)

    def suspect(self, reference: str) -> None:
        """Look at this record closely."""
        self.suspects[reference] = None


async def patiently(desk: Desk, ask: Callable[[], Awaitable[T]]) -> T:
    """Read the PMS; while our share of its calls is used up, wait as advised: selling goes first."""
    for _ in range(PATIENT_TRIES):
        try:
            return await ask()
        except PmsUnavailable as error:
            if error.retry_after is None or error.down_since is not None:
                raise
            wait = min(max(error.retry_after, LEAST_WAIT_S), MOST_WAIT_S)
        await desk.clock.sleep(wait)
    return await ask()


def next_window(tx: ReadTx, hotel_id: str, first: date, last: date) -> Span:
    """The next window from `first`, not past `last`."""
    for width in WIDTHS:
        end = min(last, first + timedelta(days=width - 1))
        if width == WIDTHS[-1] or tx.count_arriving(hotel_id, first, end) <= ABOUT:
            return Span(first, end)
    return Span(first, first)


async def compare_window(desk: Desk, hotel: HotelTerms, window: Span, whole: Span) -> Seen:
    """Hold one window of `whole` against the PMS."""
    seen = Seen()
    arriving = await desk.store.read(lambda tx: tx.arriving(hotel.hotel_id, window.first, window.last))
    ours = {one.external_ref: one for one in arriving}
    met: set[str] = set()
    seen.counts["here"] = len(ours)
    offset: int | None = 0
    while offset is not None:
        asked_at = desk.clock.now()
        page = await _page(desk, hotel, window, offset)
        strangers = await desk.store.read(lambda tx, page=page: _elsewhere(tx, page.bookings, ours.keys()))  # type: ignore[misc]
        known = Known(ours, strangers, whole)
        _hold(desk, hotel, page, known, seen, met)
        await _remember(desk, hotel, page, known, asked_at)
        offset = page.following
    for reference, one in ours.items():
        if reference not in met and one.state not in OVER:
            seen.suspect(reference)
    return seen


async def _page(desk: Desk, hotel: HotelTerms, window: Span, offset: int) -> BookingPage:
    return await patiently(desk, lambda: desk.pms.page_bookings(hotel, window.first, window.last, offset))


async def _remember(desk: Desk, hotel: HotelTerms, page: BookingPage, known: "Known", at: datetime) -> None:
    """What the PMS says of our records is kept for the KPIs."""
    named = ((known.of(reference), one) for one in page.bookings for reference in one.references)
    own = [(ours, one) for ours, one in named if ours is not None and ours.pms_ref == one.pms_ref]
    await keep_copies(desk, [copy_of(hotel, ours.reservation_id, one, at) for ours, one in own])


def _elsewhere(tx: ReadTx, bookings: Iterable[PmsBooking], known: Iterable[str]) -> dict[str, Reservation]:
    """Reservations of ours behind the references of a page that do not arrive in this window."""
    wanted = {reference for one in bookings for reference in one.references}.difference(known)
    found = ((reference, tx.find_reservation(external_ref=reference)) for reference in sorted(wanted))
    return {reference: one for reference, one in found if one is not None}


@dataclass(frozen=True, slots=True)
class Known:
    """What we have: reservations of this window, those of other days that a page names, and all days compared."""

    ours: dict[str, Reservation]
    elsewhere: dict[str, Reservation]
    whole: Span

    def of(self, reference: str) -> Reservation | None:
        """The reservation behind a reference."""
        return self.ours.get(reference) or self.elsewhere.get(reference)


def _hold(desk: Desk, hotel: HotelTerms, page: BookingPage, known: Known, seen: Seen, met: set[str]) -> None:
    seen.counts["others"] += page.listed - len(page.bookings) - len(page.unreadable)
    for row in page.unreadable:
        seen.unreadable += () if row.references else (row,)
        for reference in row.references:
            seen.suspect(reference)
    for booking in page.bookings:
        seen.counts["there"] += 1
        for reference in booking.references:
            one = known.of(reference)
            is_own = one is not None and one.pms_ref == booking.pms_ref
            if is_own:
                met.add(reference)
            if one is not None and is_own:
                _hold_own(desk, hotel, booking, one, known, seen)
            elif is_live_there(hotel, booking):
                seen.suspect(reference)


def _hold_own(desk: Desk, hotel: HotelTerms, booking: PmsBooking, one: Reservation, known: Known, seen: Seen) -> None:
    if one.external_ref not in known.ours and one.stay.check_in in known.whole:
        return
    if gaps_of(hotel, one, booking, desk.clock.now()):
        seen.suspect(one.external_ref)
    elif has_moved_on(hotel, one, booking):
        seen.counts["followed"] += 1
        seen.suspect(one.external_ref)
    else:
        seen.counts["same"] += 1
