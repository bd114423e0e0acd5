"""No-show, and back: the guest who never came, and the one who arrives at three in the morning.

The dialect has no operation that sets a no-show; the hotel's night audit does. We mark ours, free the nights after the
first one by shortening the PMS record, and put on the board what the front office must still do. When the guest turns
up after all, the record gets its nights back if they are still free.
"""

from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.errors import DomainError, MoveNotAllowed, NoRoomLeft, Refused
from domain.reservation import ReservationState, check_move
from domain.stay import StayDates
from integration.errors import PmsRejected
from integration.ports.pms import BookingChange
from integration.ports.records import Intent, IntentKind, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.booking_steps import per_room
from integration.usecases.desk import Desk
from integration.usecases.move_reservation import fetch
from integration.usecases.steps import ReservationSteps, carry, load
from integration.usecases.views import money

FRONT_DESK = "Set the record to no-show at the front desk (or leave it to the night audit)."


async def mark_no_show(desk: Desk, actor: Actor, reservation_id: str, key: str, *, undo: bool = False) -> Answer:
    """Mark a confirmed reservation whose arrival day has come as no-show; `undo` when the guest came after all."""
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    steps = NoShowSteps(desk, desk.hotel(one.hotel_id), actor, one, undo=undo)
    command = {"reservation_id": reservation_id, "undo": undo, "verb": "no_show"}
    return await carry(IntentKind.CHANGE_BOOKING, steps, key, command)


@dataclass
class NoShowSteps(ReservationSteps):
    """Shorten the record to its first night, or give it its nights back."""

    undo: bool = False

    @property
    def to(self) -> ReservationState:
        """Where it goes."""
        return ReservationState.CONFIRMED if self.undo else ReservationState.NO_SHOW

    def _stay(self) -> StayDates:
        whole = self.reservation.stay
        return whole if self.undo else StayDates.of_nights(whole.check_in, 1)

    def check(self, tx: ReadTx) -> None:
        """The table allows it, and it is past the cut-off of the day of arrival."""
        super().check(tx)
        one = self.reservation
        if self.undo and one.state is not ReservationState.NO_SHOW:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}, not a no-show.",
                reservation_id=one.reservation_id,
                state=one.state.value,
            )
        check_move(one, self.to)
        if self.desk.clock.now() < self.hotel.option_limit(one.stay.check_in):
            raise Refused(
                "A guest who is expected on {check_in} may still come; no-show is possible after the arrival cut-off.",
                check_in=one.stay.check_in.isoformat(),
            )

    async def send(self, intent: Intent) -> str:
        """Change the departure; nothing to do when the night audit was there first or there is one night only."""
        booking = await self.booking_if_readable()
        stay = self._stay()
        if booking is None or booking.stay == stay or self.state_in_pms(booking) is ReservationState.NO_SHOW:
            return self.pms_ref
        nightly = per_room(self.reservation.nightly[: stay.night_count], self.reservation.rooms)
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(stay=stay, nightly=nightly))
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The record has the nights it should have, or the PMS calls it a no-show."""
        booking = await self.booking()
        done = booking is not None and (
            booking.stay == self._stay() or self.state_in_pms(booking) is ReservationState.NO_SHOW
        )
        return self.pms_ref if done else None

    async def refusal(self, error: PmsRejected) -> DomainError:
        """The nights have been sold meanwhile."""
        return NoRoomLeft(
            "The PMS would not change the nights ({pms_code}).", pms_code=error.pms_code or str(error.status)
        )

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Mark ours; say what the front office must do."""
        before = load(tx, self.reservation.reservation_id)
        after = before.moved(self.to)
        owed = before.cancellation.no_show_penalty(before.nightly_prices())
        action = "no_show_undone" if self.undo else "no_show"
        body = self.settle(tx, after, action, before=before, detail={} if self.undo else {"penalty": str(owed)})
        if self.undo:
            return body
        ids = {"reservation_id": before.reservation_id, "pms_ref": str(before.pms_ref)}
        tx.add_task(
            Task(
                self.desk.ids.new("tsk"),
                TaskKind.FRONT_DESK,
                before.hotel_id,
                self.desk.clock.now(),
                ids,
                "set no-show",
            )
        )
        return {**body, "penalty": money(owed), "front_desk": FRONT_DESK}
