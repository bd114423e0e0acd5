"""Whether a reservation of ours and the PMS's record of it agree, field by field.

Pure: two values in, gaps out. What is over on both sides agrees, whatever else it carries. A hold that is due is not a
difference until it is swept. From arrival on the front desk leads: a guest who has checked in, left or not come is
followed by us and is no difference, and dates and money of such a record are the desk's business.
"""

from datetime import datetime

from domain.hotel import HotelTerms
from domain.money import Money
from domain.reservation import Guarantee, Reservation, ReservationState
from integration.ports.comparisons import Gap
from integration.ports.pms import PmsBooking

_S = ReservationState
OVER = frozenset({_S.CANCELLED, _S.EXPIRED, _S.ROLLED_BACK})
DESKS = frozenset({_S.IN_HOUSE, _S.CHECKED_OUT, _S.NO_SHOW})
_FOLLOWED = {
    _S.CONFIRMED: DESKS,
    _S.NO_SHOW: frozenset({_S.IN_HOUSE, _S.CHECKED_OUT}),
    _S.IN_HOUSE: frozenset({_S.CHECKED_OUT}),
}


def state_there(hotel: HotelTerms, booking: PmsBooking) -> ReservationState:
    """The PMS's state in ours: by its status, and while it says no more than `reserved` by the guarantee code."""
    mapped = hotel.pms.states.get(booking.status)
    if mapped not in {None, _S.CONFIRMED}:
        return mapped or _S.CONFIRMED
    timed = (state for state in (_S.HOLD, _S.OPTION) if hotel.pms.guarantee_codes.get(state) == booking.guarantee_code)
    return next(timed, _S.CONFIRMED)


def guarantee_there(hotel: HotelTerms, booking: PmsBooking) -> Guarantee | None:
    """What stands behind it; None for a code that means none of ours."""
    codes = hotel.pms.guarantee_codes
    return next((kind for kind in Guarantee if codes.get(kind) == booking.guarantee_code), None)


def is_live_there(hotel: HotelTerms, booking: PmsBooking) -> bool:
    """Whether it keeps a room in the PMS, or did: not cancelled."""
    return state_there(hotel, booking) is not _S.CANCELLED


def keeps_room(hotel: HotelTerms, booking: PmsBooking) -> bool:
    """Whether it keeps a room in the PMS now."""
    return state_there(hotel, booking) not in {_S.CANCELLED, _S.CHECKED_OUT, _S.NO_SHOW}


def paid_there(booking: PmsBooking, currency: str) -> Money:
    """Deposits on the record; nothing told is nothing paid."""
    return booking.deposit_paid or Money.zero(currency)


def has_moved_on(hotel: HotelTerms, ours: Reservation, booking: PmsBooking) -> bool:
    """Whether the front desk has taken the guest a step further than we know."""
    return state_there(hotel, booking) in _FOLLOWED.get(ours.state, frozenset())


def gaps_of(hotel: HotelTerms, ours: Reservation, booking: PmsBooking, now: datetime) -> tuple[Gap, ...]:
    """Everything that does not agree; empty when all does."""
    there = state_there(hotel, booking)
    if _states_settle_it(hotel, ours, booking, now):
        return ()
    if there not in _comparable(ours) or ours.state not in {_S.HOLD, _S.OPTION, _S.CONFIRMED}:
        return (Gap("status", ours.state.value, there.value),)
    status = () if there is ours.state else (Gap("status", ours.state.value, there.value),)
    return (*status, *_guarantee(hotel, ours, booking), *_stay(ours, booking), *_money(ours, booking))


def _comparable(ours: Reservation) -> frozenset[ReservationState]:
    return frozenset({_S.HOLD, _S.OPTION, _S.CONFIRMED, ours.state})


def _states_settle_it(hotel: HotelTerms, ours: Reservation, booking: PmsBooking, now: datetime) -> bool:
    """Whether the states alone say that there is nothing to compare and nothing wrong."""
    there = state_there(hotel, booking)
    if there is _S.CANCELLED:
        return ours.state in OVER or ours.is_due(now)
    if there in DESKS:
        return there is ours.state or has_moved_on(hotel, ours, booking)
    return ours.state is _S.NO_SHOW


def _guarantee(hotel: HotelTerms, ours: Reservation, booking: PmsBooking) -> tuple[Gap, ...]:
    if ours.state is not _S.CONFIRMED or state_there(hotel, booking) is not _S.CONFIRMED or ours.guarantee is None:
        return ()
    there = guarantee_there(hotel, booking)
    if there is ours.guarantee:
        return ()
    return (Gap("guarantee", ours.guarantee.value, there.value if there else booking.guarantee_code),)


def _stay(ours: Reservation, booking: PmsBooking) -> tuple[Gap, ...]:
    pairs = (
        ("check_in", ours.stay.check_in.isoformat(), booking.stay.check_in.isoformat()),
        ("check_out", ours.stay.check_out.isoformat(), booking.stay.check_out.isoformat()),
        ("adults", str(ours.party.adults), str(booking.party.adults)),
        ("child_ages", _ages(ours.party.child_ages), _ages(booking.party.child_ages)),
        ("rooms", str(ours.rooms), str(booking.rooms)),
        ("room_type", ours.room_type, booking.room_type),
        ("rate_code", ours.rate_code, booking.rate_code),
    )
    return tuple(Gap(*pair) for pair in pairs if pair[1] != pair[2])


def _ages(ages: tuple[int, ...]) -> str:
    return ",".join(str(age) for age in sorted(ages))


def _money(ours: Reservation, booking: PmsBooking) -> tuple[Gap, ...]:
    paid = paid_there(booking, ours.total.currency)
    total = () if booking.total in {None, ours.total} else (Gap("total", str(ours.total), str(booking.total)),)
    return (*total, *(() if paid == ours.paid else (Gap("paid", str(ours.paid), str(paid)),)))
