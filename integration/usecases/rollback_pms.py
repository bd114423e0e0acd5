"""Does the PMS still have a reservation as a snapshot says? Asked when a rollback is planned and before each step.

Whoever works at the front desk may have checked the guest in, moved him or cancelled him since: then a rollback keeps
its hands off. What is compared is what a rollback would overwrite: the status, what was sold, the guarantee.
"""

from domain.hotel import HotelTerms
from domain.reservation import SELLING, Reservation, ReservationState
from domain.rollback import Obstacle, Snapshot
from integration.ports.pms import PmsBooking

_S = ReservationState
_GONE = frozenset({_S.CANCELLED, _S.EXPIRED, _S.ROLLED_BACK})


def code_of(hotel: HotelTerms, one: Snapshot) -> str | None:
    """The PMS's guarantee code of a snapshot; None when we do not know it (the hotel confirmed it)."""
    codes = hotel.pms.guarantee_codes
    if one.state is _S.CONFIRMED:
        return codes[one.guarantee] if one.guarantee is not None else None
    return codes.get(one.state)


def in_pms_as(hotel: HotelTerms, booking: PmsBooking, rooms: int, one: Snapshot) -> bool:
    """Whether the record is as the snapshot says. `rooms`: how many were sold."""
    state = hotel.pms.states.get(booking.status)
    if one.state in _GONE:
        return state is _S.CANCELLED
    if one.state is _S.NO_SHOW:
        return state not in {_S.CANCELLED, _S.IN_HOUSE, _S.CHECKED_OUT}
    if one.state not in SELLING or state in {_S.CANCELLED, _S.NO_SHOW, _S.IN_HOUSE, _S.CHECKED_OUT}:
        return False
    code = code_of(hotel, one)
    sold = (booking.stay, booking.party, booking.rooms, booking.room_type, booking.rate_code)
    if sold != (one.stay, one.party, rooms, one.room_type, one.rate_code):
        return False
    return (code is None or booking.guarantee_code == code) and booking.total in {None, one.total}


def desk_obstacle(hotel: HotelTerms, booking: PmsBooking | None, one: Reservation, now: Snapshot) -> Obstacle | None:
    """What the hotel did that stands in the way; None when the record is as we left it."""
    if booking is None:
        return Obstacle.NOT_IN_PMS
    state = hotel.pms.states.get(booking.status)
    if state is _S.IN_HOUSE:
        return Obstacle.IN_HOUSE
    if state is _S.CHECKED_OUT:
        return Obstacle.CHECKED_OUT
    return None if in_pms_as(hotel, booking, one.rooms, now) else Obstacle.FRONT_DESK


def silent_guarantee(hotel: HotelTerms, booking: PmsBooking | None, one: Snapshot) -> str | None:
    """The code to set once more when the PMS silently replaced it; None when it is right or not ours to know."""
    code = code_of(hotel, one)
    if booking is None or code is None or booking.guarantee_code == code:
        return None
    return code
