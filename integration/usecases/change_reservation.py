"""Change dates, party, room or rate of a reservation: re-priced live, the difference shown before anything is written.

The rooms the reservation itself keeps count as free for its own change. What was before is kept in the history, so
that a wrong change can be changed back.
"""

from dataclasses import dataclass, field, replace

from domain.access import Actor, Permission
from domain.errors import DomainError, InvalidInput, MoveNotAllowed, NoRoomLeft, Refused
from domain.hotel import HotelTerms
from domain.money import Money
from domain.offer import Candidate
from domain.rates import CancellationTerms
from domain.reservation import SELLING, Reservation, ReservationState, check_usable
from integration.errors import PmsError, PmsRejected
from integration.ports.pms import BookingChange
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.before_change import kept
from integration.usecases.booking_steps import patiently, per_room, price_changed
from integration.usecases.cancel_reservation import add_refund_task, penalty_today
from integration.usecases.change_wish import ChangeWish, Target, target_of
from integration.usecases.desk import Desk
from integration.usecases.kept_price import priced_from, priced_text
from integration.usecases.move_reservation import fetch
from integration.usecases.quote_stay import read
from integration.usecases.reading_rates import candidates_of, closed_of
from integration.usecases.steps import ReservationSteps, carry, load, rejected
from integration.usecases.views import day, money, reservation_body, stay_body


async def _price(desk: Desk, hotel: HotelTerms, target: Target) -> Candidate:
    """The candidate for the wish; NoRoomLeft with the reason when it does not sell."""
    reading = await read(desk, hotel, target.question)
    for one in candidates_of(hotel, reading):
        if one.room_type == target.room_type and one.rate_code == target.rate_code:
            return one
    why = [alert.code.value for room in closed_of(hotel, reading) for alert in room.alerts]
    raise NoRoomLeft(
        "{room_type} on {rate_plan} cannot be had as wished ({why}).",
        room_type=target.room_type,
        rate_plan=target.rate_plan,
        why=", ".join(dict.fromkeys(why)) or "sold_out",
    )


def _penalty(desk: Desk, hotel: HotelTerms, one: Reservation, new: Candidate) -> Money:
    """What giving up part of a confirmed stay costs: the reduction, as far as a cancellation today would cost."""
    nothing = Money.zero(one.total.currency)
    if one.state is not ReservationState.CONFIRMED or one.total <= new.total:
        return nothing
    given_up, cost = one.total - new.total, penalty_today(one, hotel.today(desk.clock.now()))
    return given_up if given_up <= cost else cost


def _terms(desk: Desk, hotel: HotelTerms, one: Reservation, new: Candidate) -> CancellationTerms:
    """The new plan's terms; but a confirmed stay that is no longer free to cancel keeps its own."""
    bound = one.state is ReservationState.CONFIRMED and penalty_today(one, hotel.today(desk.clock.now())).amount > 0
    return one.cancellation if bound else new.cancellation


def _overpaid(after: Reservation, penalty: Money) -> Money:
    """What goes back to the guest: paid beyond the new total, less the penalty."""
    due = after.total + penalty
    return after.paid - due if due < after.paid else Money.zero(after.total.currency)


def _difference(one: Reservation, new: Candidate, target: Target, penalty: Money) -> Body:
    return {
        "penalty": money(penalty),
        "difference": money(new.total - one.total),
        "old_total": money(one.total),
        "new_total": money(new.total),
        "new": {
            **stay_body(target.question.stay),
            "adults": target.question.party.adults,
            "child_ages": list(target.question.party.child_ages),
            "room_type": target.room_type,
            "rate_plan": target.rate_plan,
            "deposit_due": money(new.deposit),
        },
    }


async def preview_change(desk: Desk, actor: Actor, reservation_id: str, wish: ChangeWish) -> Body:
    """What the change would cost; writes nothing."""
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    _check_changeable(desk, one)
    hotel = desk.hotel(one.hotel_id)
    target = target_of(desk, hotel, one, wish)
    new = await _price(desk, hotel, target)
    penalty = _penalty(desk, hotel, one, new)
    return {**reservation_body(one), **_difference(one, new, target, penalty), "dry_run": True}


def _check_changeable(desk: Desk, one: Reservation) -> None:
    if one.state not in SELLING:
        raise MoveNotAllowed(
            "Reservation {reservation_id} is {state} and cannot be changed.",
            reservation_id=one.reservation_id,
            state=one.state.value,
        )
    check_usable(one, desk.clock.now(), desk.hotel(one.hotel_id).zone)
    if desk.hotel(one.hotel_id).today(desk.clock.now()) > one.stay.check_in:
        raise Refused("The day of arrival is over; this stay is the front office's to change.")


async def change_reservation(desk: Desk, actor: Actor, reservation_id: str, key: str, wish: ChangeWish) -> Answer:
    """Change; the body also holds `difference`, `old_total`, `new_total`."""
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    steps = ChangeSteps(desk, desk.hotel(one.hotel_id), actor, one, wish=wish)
    command = {
        "reservation_id": reservation_id,
        "check_in": day(wish.check_in),
        "nights": wish.nights,
        "adults": wish.adults,
        "child_ages": list(wish.child_ages) if wish.child_ages is not None else None,
        "room_type": wish.room_type,
        "rate_plan": wish.rate_plan,
        "expected_total": money(wish.expected_total),
    }
    return await carry(IntentKind.CHANGE_BOOKING, steps, key, command)


@dataclass
class ChangeSteps(ReservationSteps):
    """Change. Evidence: read back and compare stay, room type and rate."""

    wish: ChangeWish = field(default_factory=ChangeWish)
    target: Target | None = None
    candidate: Candidate | None = None

    def check(self, tx: ReadTx) -> None:
        """Still sold and alive."""
        super().check(tx)
        _check_changeable(self.desk, self.reservation)

    async def prepare(self, intent: Intent) -> str | None:
        """Price it now, once; a price that is not the expected one is refused."""
        self.target = target_of(self.desk, self.hotel, self.reservation, self.wish)
        if intent.prepared is not None:
            self.candidate = priced_from(self.hotel, self.target, intent.prepared)
            return intent.prepared
        self.candidate = await _price(self.desk, self.hotel, self.target)
        expected = self.wish.expected_total
        if expected is not None and expected != self.candidate.total:
            raise price_changed(expected, self.candidate.total)
        return priced_text(self.candidate)

    def _ready(self) -> tuple[Target, Candidate]:
        if self.target is None or self.candidate is None:
            raise InvalidInput("Say what to change.", field="reservation_id")
        return self.target, self.candidate

    async def send(self, intent: Intent) -> str:
        """Change it at the price just read."""
        target, new = self._ready()
        change = BookingChange(
            stay=target.question.stay,
            party=target.question.party,
            rooms=target.question.rooms,
            room_type=target.room_type,
            rate_code=target.rate_code,
            nightly=per_room(new.nightly, target.question.rooms),
        )
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, change)
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The record stands and looks as wished."""
        target, _ = self._ready()
        booking = await self.booking()
        wished = (target.question.stay, target.question.party, target.room_type, target.rate_code)
        if booking is None or not self.stands(booking):
            return None
        same = (booking.stay, booking.party, booking.room_type, booking.rate_code) == wished
        return self.pms_ref if same else None

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Somebody else may have taken the room since it was read."""
        target, _ = self._ready()
        try:
            await patiently(self.desk, lambda: _price(self.desk, self.hotel, target))
        except NoRoomLeft as refusal:
            return refusal
        except PmsError:
            pass
        return rejected(error)

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Keep the new value, and the old one in the history."""
        target, new = self._ready()
        before = load(tx, self.reservation.reservation_id)
        plan = self.hotel.rate_plan(target.rate_plan)
        penalty = _penalty(self.desk, self.hotel, before, new)
        after = replace(
            before,
            stay=target.question.stay,
            party=target.question.party,
            room_type=target.room_type,
            rate_plan=target.rate_plan,
            rate_code=target.rate_code,
            board=plan.board.value,
            nightly=new.nightly,
            total=new.total,
            deposit_due=new.deposit,
            cancellation=_terms(self.desk, self.hotel, before, new),
            version=before.version + 1,
        )
        detail = {**kept(before), "new_total": str(after.total), "penalty": str(penalty)}
        body = self.settle(
            tx,
            after,
            "changed",
            before=before,
            detail=detail,
            fields=("stay", "party", "room_type", "rate_plan", "total"),
        )
        owed = _overpaid(after, penalty)
        if owed.amount > 0:
            add_refund_task(self.desk, tx, before, owed)
        return {**body, **_difference(before, new, target, penalty)}
