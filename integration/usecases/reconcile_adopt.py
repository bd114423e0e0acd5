"""The PMS wins: our record as the PMS has it, and a record made from the PMS's alone.

Pure but for ids: values in, values out. A record that comes back to life as a hold or option gets the end that we
mirrored in the PMS, or a fresh one, and lapses in the normal way. Prices come night by night when the PMS tells them
and they add up to its total; otherwise the total is spread over the nights.
"""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from domain.deadlines import hold_deadline, option_deadline
from domain.errors import NotFound, Refused
from domain.guest import GuestId
from domain.hotel import HotelTerms
from domain.money import Money, total_of
from domain.rates import Board, NightPrice, RatePlan
from domain.reservation import TIMED, Reservation, ReservationId, ReservationState
from integration.ports.pms import PmsBooking
from integration.usecases.reconcile_compare import DESKS, guarantee_there, paid_there, state_there

_S = ReservationState


def adopted(hotel: HotelTerms, ours: Reservation, booking: PmsBooking, now: datetime) -> Reservation:
    """Ours as the PMS has it. MoveNotAllowed when our table of states does not lead there."""
    there = state_there(hotel, booking)
    after = replace(ours, version=ours.version + 1) if there is ours.state else _moved(hotel, ours, booking, now)
    after = replace(after, pms_ref=booking.pms_ref)
    if there is _S.CANCELLED or there in DESKS:
        return after
    plan = _plan(hotel, booking.rate_code)
    nightly = nightly_of(booking, ours.total)
    return replace(
        after,
        stay=booking.stay,
        party=booking.party,
        rooms=booking.rooms,
        room_type=booking.room_type,
        rate_code=booking.rate_code,
        rate_plan=plan.code if plan else ours.rate_plan,
        board=plan.board.value if plan else ours.board,
        cancellation=plan.cancellation if plan and plan.code != ours.rate_plan else ours.cancellation,
        nightly=nightly,
        total=total_of([one.price for one in nightly], nightly[0].price.currency),
        paid=paid_there(booking, nightly[0].price.currency),
        guarantee=guarantee_there(hotel, booking) if there is _S.CONFIRMED else after.guarantee,
    )


def _moved(hotel: HotelTerms, ours: Reservation, booking: PmsBooking, now: datetime) -> Reservation:
    """The state of the PMS; a guest who has left had come before. A sale that we confirmed never becomes one that would
    lapse: our table of states does not have that move, and a person looks.
    """
    there = state_there(hotel, booking)
    if there is _S.CHECKED_OUT and ours.state is not _S.IN_HOUSE:
        return replace(ours.moved(_S.IN_HOUSE).moved(there), version=ours.version + 1)
    if there is _S.HOLD and ours.state is _S.OPTION:
        return replace(ours, state=there, previous_state=ours.state, version=ours.version + 1)
    return ours.moved(there, expires_at=deadline_of(hotel, booking, there, now))


def deadline_of(hotel: HotelTerms, booking: PmsBooking, state: ReservationState, now: datetime) -> datetime | None:
    """When it lapses: as mirrored in the PMS, else a fresh time; now when it should have lapsed already."""
    if state not in TIMED:
        return None
    if booking.deadline is not None:
        return booking.deadline
    if state is _S.HOLD:
        return hold_deadline(now, hotel.rules.hold)
    try:
        return option_deadline(now, hotel.rules.option, hotel.option_limit(booking.stay.check_in))
    except Refused:
        return now


def nightly_of(booking: PmsBooking, former: Money | None) -> tuple[NightPrice, ...]:
    """Prices for all rooms, adding up to the PMS's total; `former`: what is taken when the PMS tells no total."""
    told = tuple(replace(one, price=one.price.times(booking.rooms)) for one in booking.nightly)
    total = booking.total or former
    if told and (total is None or total_of([one.price for one in told], told[0].price.currency) == booking.total):
        return told
    if total is None:
        raise NotFound("The PMS tells no price of reservation {pms_ref}.", pms_ref=booking.pms_ref)
    return _spread(booking, total)


def _spread(booking: PmsBooking, total: Money) -> tuple[NightPrice, ...]:
    nights = tuple(booking.stay.nights())
    each = (total.amount / len(nights)).quantize(Decimal("0.01"), ROUND_DOWN)
    first = total.amount - each * (len(nights) - 1)
    return tuple(
        NightPrice(night, Money(first if place == 0 else each, total.currency)) for place, night in enumerate(nights)
    )


def _plan(hotel: HotelTerms, rate_code: str) -> RatePlan | None:
    try:
        return hotel.rate_plan(rate_code)
    except NotFound:
        return None


def made_from(
    hotel: HotelTerms, booking: PmsBooking, reference: str, guest_id: GuestId, *, reservation_id: str, by: str,
    key: str, now: datetime,
) -> Reservation:  # fmt: skip
    """A record of ours from the PMS's alone: offer, call and case are not known any more."""
    state, plan, nightly = state_there(hotel, booking), _plan(hotel, booking.rate_code), nightly_of(booking, None)
    total = total_of([one.price for one in nightly], nightly[0].price.currency)
    terms = plan or next(iter(hotel.rate_plans.values()))
    rule = terms.deposit or hotel.default_deposit
    return Reservation(
        reservation_id=ReservationId(reservation_id),
        hotel_id=hotel.hotel_id,
        state=state,
        stay=booking.stay,
        party=booking.party,
        rooms=booking.rooms,
        room_type=booking.room_type,
        rate_plan=plan.code if plan else booking.rate_code,
        rate_code=booking.rate_code,
        board=(plan.board if plan else Board.ROOM_ONLY).value,
        nightly=nightly,
        total=total,
        deposit_due=rule.due(tuple(one.price for one in nightly)),
        paid=paid_there(booking, total.currency),
        cancellation=terms.cancellation,
        guest_id=guest_id,
        request_key=key,
        external_ref=reference,
        created_at=now,
        created_by=by,
        pms_ref=booking.pms_ref,
        expires_at=deadline_of(hotel, booking, state, now),
        guarantee=guarantee_there(hotel, booking) if state is _S.CONFIRMED else None,
    )
