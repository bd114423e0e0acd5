"""Cancel, and take back: cancellation with its penalty shown first, and reinstatement when stock allows.

The penalty and the refund are reckoned on the hotel's day from the terms that were sold, before anything is written. A
cancellation carries our own id to the PMS, so that after a lost answer ours is told from somebody else's; either way
a record that is cancelled is what we wanted.
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.access import Actor, Permission
from domain.deadlines import hold_deadline
from domain.errors import DomainError, InvalidInput, MoveNotAllowed, NoRoomLeft
from domain.hotel import CancelReason, HotelTerms
from domain.money import Money
from domain.reservation import SELLING, Reservation, ReservationState, check_move
from integration.errors import PmsError, PmsRejected
from integration.ports.records import Intent, IntentKind, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.mark_no_show import mark_no_show
from integration.usecases.move_reservation import fetch
from integration.usecases.steps import ReservationSteps, carry, load
from integration.usecases.views import money, reservation_body

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Penalty:
    """What cancelling costs now and what goes back to the guest."""

    penalty: Money
    refund: Money


def penalty_of(desk: Desk, hotel: HotelTerms, one: Reservation) -> Penalty:
    """What its terms say on the hotel's day; a hold or option costs nothing. Refund = paid - penalty."""
    penalty = Money.zero(one.total.currency)
    if one.state is ReservationState.CONFIRMED:
        penalty = penalty_today(one, hotel.today(desk.clock.now()))
    refund = one.paid - penalty if penalty < one.paid else Money.zero(one.total.currency)
    return Penalty(penalty, refund)


def penalty_today(one: Reservation, today: date) -> Money:
    """What letting go costs on the hotel's day: by the terms; once the arrival day is over, as for a no-show."""
    prices = one.nightly_prices()
    if today > one.stay.check_in:
        return one.cancellation.no_show_penalty(prices)
    return one.cancellation.penalty(prices, one.stay.check_in, today)


def penalty_body(penalty: Penalty) -> Body:
    """For showing."""
    return {"penalty": money(penalty.penalty), "refund": money(penalty.refund)}


async def preview_cancel(desk: Desk, actor: Actor, reservation_id: str) -> Body:
    """What a cancellation would cost; writes nothing. MoveNotAllowed when it cannot be cancelled."""
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    check_move(one, ReservationState.CANCELLED)
    return {**reservation_body(one), **penalty_body(penalty_of(desk, desk.hotel(one.hotel_id), one)), "dry_run": True}


async def cancel_reservation(desk: Desk, actor: Actor, reservation_id: str, key: str, reason: str = "") -> Answer:
    """Cancel; the body also holds `penalty` and `refund`. A refund due opens a task."""
    actor.require(Permission.SELL)
    if len(reason) > MAX_REASON:
        raise InvalidInput("A reason has at most {most} characters.", most=MAX_REASON, field="reason")
    one = await fetch(desk, reservation_id)
    steps = CancelSteps(desk, desk.hotel(one.hotel_id), actor, one, text=reason)
    command = {"reservation_id": reservation_id, "reason": reason}
    return await carry(IntentKind.CANCEL_BOOKING, steps, key, command)


@dataclass
class CancelSteps(ReservationSteps):
    """Cancel. Evidence: the record's status."""

    text: str = ""
    because: CancelReason = CancelReason.GUEST
    to: ReservationState = ReservationState.CANCELLED

    def check(self, tx: ReadTx) -> None:
        """The table of moves allows it."""
        super().check(tx)
        check_move(self.reservation, self.to)

    async def send(self, intent: Intent) -> str:
        """Cancel; "already cancelled" is what we wanted."""
        code = self.hotel.pms.cancel_codes[self.because]
        try:
            await self.desk.pms.cancel_booking(self.hotel, self.pms_ref, code, intent.external_ref, self.text)
        except PmsRejected:
            if await self._is_cancelled():
                return self.pms_ref
            raise
        return self.pms_ref

    async def _is_cancelled(self) -> bool:
        booking = await self.booking_if_readable()
        return booking is not None and self.state_in_pms(booking) is ReservationState.CANCELLED

    async def seek(self, intent: Intent) -> str | None:
        """Cancelled by us or by anybody."""
        booking = await self.booking()
        done = booking is not None and self.state_in_pms(booking) is ReservationState.CANCELLED
        return self.pms_ref if done else None

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Record penalty and refund; money to give back is a person's task. What has lapsed meanwhile is let go."""
        before = load(tx, self.reservation.reservation_id)
        if before.state is self.to or (self.to, before.state) == (ReservationState.CANCELLED, ReservationState.EXPIRED):
            return reservation_body(before)
        cost = penalty_of(self.desk, self.hotel, before)
        detail = {"penalty": str(cost.penalty), "refund": str(cost.refund), "because": self.because.value}
        body = self.settle(tx, before.moved(self.to), self.to.value, before=before, detail=detail, reason=self.text)
        if cost.refund.amount > 0:
            add_refund_task(self.desk, tx, before, cost.refund)
        return {**body, **penalty_body(cost)}


def add_refund_task(desk: Desk, tx: Tx, one: Reservation, amount: Money) -> None:
    """Put a refund on the board."""
    tx.add_task(
        Task(
            desk.ids.new("tsk"),
            TaskKind.REFUND,
            one.hotel_id,
            desk.clock.now(),
            {"reservation_id": one.reservation_id},
            f"refund {amount}",
        )
    )


def forget_refunds(desk: Desk, tx: Tx, one: Reservation) -> None:
    """A reservation that stands again keeps its money: open refund tasks of it are done."""
    for task in tx.list_tasks(hotel_id=one.hotel_id, open_only=True, limit=100_000):
        if task.kind is TaskKind.REFUND and task.ids.get("reservation_id") == one.reservation_id:
            tx.finish_task(task.task_id, desk.clock.now())


async def reinstate_reservation(desk: Desk, actor: Actor, reservation_id: str, key: str) -> Answer:
    """Take a cancelled, expired or no-show reservation back to what it was, if stock allows (NoRoomLeft otherwise)."""
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    if one.state is ReservationState.NO_SHOW:
        return await mark_no_show(desk, actor, reservation_id, key, undo=True)
    steps = ReinstateSteps(desk, desk.hotel(one.hotel_id), actor, one)
    return await carry(IntentKind.REINSTATE_BOOKING, steps, key, {"reservation_id": reservation_id})


@dataclass
class ReinstateSteps(ReservationSteps):
    """Reinstate. Evidence: the record's status."""

    @property
    def target(self) -> ReservationState:
        """What it was before it ended: the last selling state."""
        before = self.reservation.previous_state
        return before if before in SELLING else ReservationState.HOLD

    def _deadline(self, start: datetime) -> datetime | None:
        """A fresh one, counted from `start`; none for what was confirmed."""
        if self.target is ReservationState.HOLD:
            return hold_deadline(start, self.hotel.rules.hold)
        if self.target is not ReservationState.OPTION:
            return None
        return min(start + self.hotel.rules.option, self.hotel.option_limit(self.reservation.stay.check_in))

    def check(self, tx: ReadTx) -> None:
        """Cancelled or expired, not in the past, and an option before the cut-off."""
        super().check(tx)
        one = self.reservation
        if one.state not in {ReservationState.CANCELLED, ReservationState.EXPIRED}:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; only a cancelled or expired one can be reinstated.",
                reservation_id=one.reservation_id,
                state=one.state.value,
            )
        check_move(one, self.target)
        if one.stay.check_in < self.hotel.today(self.desk.clock.now()):
            raise InvalidInput("The arrival {check_in} is in the past.", check_in=one.stay.check_in.isoformat())
        deadline = self._deadline(self.desk.clock.now())
        if deadline is not None and deadline <= self.desk.clock.now():
            raise InvalidInput("It is past the hotel's cut-off for options on this arrival; confirm or let go.")

    async def send(self, intent: Intent) -> str:
        """Reinstate; a record that stands is what we wanted."""
        try:
            await self.desk.pms.reinstate_booking(self.hotel, self.pms_ref)
        except PmsRejected:
            if await self.seek(intent) is not None:
                return self.pms_ref
            raise
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """No longer cancelled."""
        try:
            booking = await self.booking()
        except PmsError:
            return None
        stands = booking is not None and self.state_in_pms(booking) is not ReservationState.CANCELLED
        return self.pms_ref if stands else None

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Almost always: the room has been sold meanwhile."""
        return NoRoomLeft(
            "The PMS would not give the room back ({pms_code}).", pms_code=error.pms_code or str(error.status)
        )

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Back to what it was, with a fresh deadline when it has one."""
        before = load(tx, self.reservation.reservation_id)
        if before.state in SELLING:
            return reservation_body(before)
        after = before.moved(self.target, expires_at=self._deadline(intent.sent_at or intent.created_at))
        forget_refunds(self.desk, tx, before)
        return self.settle(tx, after, "reinstated", before=before, detail={"to": after.state.value})
