"""What can be booked, and for whom: the command behind `book_stay`."""

from dataclasses import dataclass
from datetime import timedelta

from domain.money import Money
from domain.reservation import Guarantee, ReservationState
from integration.usecases.quote_stay import StayWish
from integration.usecases.write_guest import GuestCard


@dataclass(frozen=True, slots=True)
class BookRequest:
    """What to book: `offer_id` and `pick`, or a `wish` with room type and rate plan.

    Who: `guest_id`, `card`, or the guest of the call or case. `expected_total`: sell at no other price; not part of
    the command.
    """

    to: ReservationState
    request_key: str
    offer_id: str | None = None
    pick: int | None = None
    wish: StayWish | None = None
    guest_id: str | None = None
    card: GuestCard | None = None
    guarantee: Guarantee | None = None
    requests: tuple[str, ...] = ()
    note: str | None = None
    call_id: str | None = None
    option_for: timedelta | None = None
    expected_total: Money | None = None
