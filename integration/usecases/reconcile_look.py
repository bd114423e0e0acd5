"""One record looked at closely, on both sides, before it counts as a difference.

A listing of the PMS and one of our store are never of the same moment, and agents sell meanwhile. So what looked wrong
is read again: ours, the PMS's, ours once more. Only when ours stood still between the two and no write to it is under
way is the verdict given; otherwise it is *pending*, which is no error. The record that ours names is read by its
number, which also finds one that the desk has moved to other dates and one that a search does not show yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.hotel import HotelTerms
from domain.reservation import PmsRef, Reservation
from integration.ports.comparisons import FindingKind, Gap
from integration.ports.pms import BookingSearch, PmsBooking
from integration.ports.records import Intent, IntentKind, IntentState
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.reconcile_compare import (
    OVER,
    gaps_of,
    has_moved_on,
    is_live_there,
    keeps_room,
    state_there,
)

TRIES = 3
MANY = 1000
UNDER_WAY = frozenset({IntentState.SENT, IntentState.UNKNOWN})
STALE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong with a record; `booking`: the PMS's side, None when it has none."""

    kind: FindingKind
    booking: PmsBooking | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a close look gave. `own`: the PMS's record that ours names; `followed`: the desk is a step ahead."""

    reference: str
    reservation: Reservation | None
    own: PmsBooking | None
    found: tuple[Found, ...] = ()
    is_pending: bool = False
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class _Ours:
    reservation: Reservation | None
    under_way: frozenset[str]
    is_refused: bool


def unsettled_of(tx: ReadTx, hotel_id: str) -> list[Intent]:
    """Writes of a hotel that are under way or have no known outcome."""
    sent = tx.unsettled_intents(limit=MANY, is_sent=True)
    return [one for one in sent if one.hotel_id == hotel_id and one.state in UNDER_WAY]


def writes_under_way(tx: ReadTx, hotel_id: str, reference: str, one: Reservation | None) -> frozenset[str]:
    """Ids of intents that may still change this record."""
    if one is not None:
        intents = tx.unsettled_intents(reservation_id=one.reservation_id)
        return frozenset(str(each.intent_id) for each in intents if each.state in UNDER_WAY)
    return frozenset(str(each.intent_id) for each in creates_of(tx, hotel_id, reference))


def creates_of(tx: ReadTx, hotel_id: str, reference: str) -> list[Intent]:
    """Unsettled intents that were to make the record with this reference."""
    creates = (each for each in unsettled_of(tx, hotel_id) if each.kind is IntentKind.CREATE_BOOKING)
    return [each for each in creates if each.external_ref == reference]


def _read_ours(tx: ReadTx, hotel_id: str, reference: str, now: datetime) -> _Ours:
    """A sale sent long ago that nobody has taken over is not under way any more: its record is missing here."""
    one = tx.find_reservation(external_ref=reference)
    under_way = writes_under_way(tx, hotel_id, reference, one)
    if one is None:
        creates = creates_of(tx, hotel_id, reference)
        old = {str(each.intent_id) for each in creates if each.sent_at is not None and now - each.sent_at >= STALE}
        under_way -= old
    refused = one is None and bool(tx.refused_references(hotel_id, [reference]))
    return _Ours(one, under_way, refused)


async def look(desk: Desk, hotel: HotelTerms, reference: str) -> Verdict:
    """Read both sides of one record again and say what is wrong. Raises PmsError when the PMS cannot be read."""
    ours = await desk.store.read(lambda tx: _read_ours(tx, hotel.hotel_id, reference, desk.clock.now()))
    for _ in range(TRIES):
        own, others = await _theirs(desk, hotel, reference, ours.reservation)
        again = await desk.store.read(lambda tx: _read_ours(tx, hotel.hotel_id, reference, desk.clock.now()))
        if again == ours and not again.under_way:
            return _judged(desk, hotel, reference, again, own, others)
        ours = again
    return Verdict(reference, ours.reservation, None, is_pending=True)


async def _theirs(
    desk: Desk, hotel: HotelTerms, reference: str, one: Reservation | None
) -> tuple[PmsBooking | None, list[PmsBooking]]:
    """The record that ours names, and the other live ones with our reference, in the order of their numbers."""
    number = one.pms_ref if one is not None else None
    own = await desk.pms.read_booking(hotel, number) if number is not None else None
    found = await desk.pms.find_bookings(hotel, BookingSearch(reference=reference))
    counts = is_live_there if one is None else keeps_room
    others = [each for each in found if each.pms_ref != number and counts(hotel, each)]
    return own, sorted(others, key=lambda each: by_number(each.pms_ref))


def by_number(ref: PmsRef) -> tuple[int, str]:
    """Order of PMS numbers: the shorter first, then by digits."""
    return len(ref), ref


def _judged(
    desk: Desk, hotel: HotelTerms, reference: str, ours: _Ours, own: PmsBooking | None, others: list[PmsBooking]
) -> Verdict:
    one = ours.reservation
    if one is None:
        found = _unknown_here(hotel, others, is_refused=ours.is_refused)
        return Verdict(reference, None, None, found)
    stands = own is not None and is_live_there(hotel, own)
    if one.state not in OVER and not stands and len(others) == 1:
        gap = Gap("pms_ref", one.pms_ref, others[0].pms_ref)
        more = gaps_of(hotel, one, others[0], desk.clock.now())
        return Verdict(reference, one, own, (Found(FindingKind.DIFFERENT, others[0], (gap, *more)),))
    surplus = tuple(_surplus(hotel, each) for each in others) if stands or one.state in OVER else ()
    if own is None:
        return Verdict(reference, one, None, (*_missing_there(one), *surplus))
    gaps = gaps_of(hotel, one, own, desk.clock.now())
    different = (Found(FindingKind.DIFFERENT, own, gaps),) if gaps else ()
    return Verdict(reference, one, own, (*different, *surplus), is_followed=has_moved_on(hotel, one, own))


def _missing_there(one: Reservation) -> tuple[Found, ...]:
    """What is over needs no record."""
    if one.state in OVER:
        return ()
    return (Found(FindingKind.MISSING_IN_PMS, None, (Gap("status", one.state.value, None),)),)


def _unknown_here(hotel: HotelTerms, live: list[PmsBooking], *, is_refused: bool) -> tuple[Found, ...]:
    """A live record with our reference and no reservation: ours was lost, or the caller was told no."""
    if is_refused:
        return tuple(_surplus(hotel, each) for each in live)
    missing = tuple(
        Found(FindingKind.MISSING_HERE, each, (Gap("status", None, state_there(hotel, each).value),))
        for each in live[:1]
    )
    return (*missing, *(_surplus(hotel, each) for each in live[1:]))


def _surplus(hotel: HotelTerms, booking: PmsBooking) -> Found:
    return Found(FindingKind.SURPLUS, booking, (Gap("status", None, state_there(hotel, booking).value),))
