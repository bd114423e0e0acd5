"""What the PMS last said of a reservation, kept for the KPIs whenever somebody reads the PMS."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.hotel import HotelTerms
from integration.ports.kpi import PmsCopy
from integration.ports.pms import PmsBooking
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.reconcile_compare import state_there


async def keep_copies(desk: Desk, copies: Sequence[PmsCopy]) -> None:
    """What the PMS said last is what is kept."""

    def work(tx: Tx) -> None:
        for one in copies:
            tx.put_pms_copy(one)

    if copies:
        await desk.store.transact(work)


def copy_of(hotel: HotelTerms, reservation_id: str, booking: PmsBooking, at: datetime) -> PmsCopy:
    """A record of the PMS as the KPIs keep it; `at`: before it was asked."""
    rooms = sum((night.price.amount for night in booking.nightly), Decimal(0)) * booking.rooms
    return PmsCopy(
        reservation_id=reservation_id,
        hotel_id=hotel.hotel_id,
        state=state_there(hotel, booking).value,
        pms_ref=booking.pms_ref,
        check_in=booking.stay.check_in,
        check_out=booking.stay.check_out,
        rooms=booking.rooms,
        currency=booking.total.currency if booking.total else None,
        total=booking.total.amount if booking.total else None,
        room_revenue=rooms if booking.nightly and booking.total else None,
        seen_at=at.replace(microsecond=at.microsecond // 1000 * 1000),
    )
