"""The writes of a rollback, through the same exactly-once machinery as every other write to the PMS.

A step leads a reservation from one snapshot to another. Before anything is sent it looks once more: our record must
have the version that the plan (or the step before) left, the PMS's record must look as the plan saw it. The step's row
is marked done in the transaction that stores the outcome, whoever stores it: the rollback itself, or the resolver that
takes over the write of a process that died.

Evidence: cancel and reinstate, the record's status; a change, read back and compared with the snapshot.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor
from domain.deadlines import hold_deadline, option_deadline
from domain.errors import DomainError, NoRoomLeft, Refused
from domain.hotel import CancelReason, HotelTerms
from domain.reservation import SELLING, TIMED, Reservation, ReservationState
from domain.rollback import Compensation, RollbackId, Snapshot, StepStatus, check_way_back, put_back
from integration.errors import PmsRejected
from integration.ports.pms import BookingChange, PmsBooking
from integration.ports.records import Intent, Task, TaskKind
from integration.ports.rollbacks import RollbackStep
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.booking_steps import per_room
from integration.usecases.desk import Desk
from integration.usecases.mark_no_show import NoShowSteps
from integration.usecases.rollback_document import step_of
from integration.usecases.rollback_lead import follow_lead
from integration.usecases.rollback_line import SHORT_REASON, Line, since_plan
from integration.usecases.rollback_pms import code_of, in_pms_as, silent_guarantee
from integration.usecases.steps import ReservationSteps, load, rejected
from integration.usecases.views import reservation_body


@dataclass
class BackSteps(ReservationSteps):
    """What the steps of a rollback have in common. `before`, `after`: the snapshots they lead from and to."""

    line: Line
    action: Compensation
    before: Snapshot
    after: Snapshot
    seen: PmsBooking | None = None

    def check(self, tx: ReadTx) -> None:
        """As the plan saw it, allowed to go there, and a deadline can be given."""
        super().check(tx)
        if self.reservation.version != self.line.expected(tx):
            raise since_plan(self.reservation.reservation_id)
        check_way_back(self.reservation, self.after.state)
        self.deadline(self.desk.clock.now())

    async def prepare(self, intent: Intent) -> str | None:
        """The record is as the plan saw it, or as this step wants it (then it has happened)."""
        self.seen = await self.booking()
        rooms = self.reservation.rooms
        if self.seen is None or not any(
            in_pms_as(self.hotel, self.seen, rooms, one) for one in (self.before, self.after)
        ):
            raise since_plan(self.reservation.reservation_id)
        return None

    def deadline(self, start: datetime) -> datetime | None:
        """When it lapses: as it was if that is still to come and it stays on its rung, else a fresh deadline."""
        state, rules = self.after.state, self.hotel.rules
        if state not in TIMED:
            return None
        known = self.after.expires_at
        if state is self.before.state and known is not None and known > start:
            return known
        if state is ReservationState.HOLD:
            return hold_deadline(start, rules.hold)
        return option_deadline(start, rules.option, self.hotel.option_limit(self.after.stay.check_in))

    def deadline_for(self, intent: Intent) -> datetime | None:
        """The same, counted from when it was sent."""
        return self.deadline(intent.sent_at or intent.created_at)

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Put ours back too, with history and audit, and mark the step done."""
        before = load(tx, self.reservation.reservation_id)
        if self.line.load(tx).status is StepStatus.DONE:
            return reservation_body(before)
        after = put_back(before, self.after, self.deadline_for(intent))
        if after.state in SELLING and before.state not in SELLING:
            self.line.forget_refunds(self.desk, tx, before)
        body = self.settle(
            tx, after, f"rollback_{self.action.value}", before=before, detail=self._detail(before, after),
            fields=("state", "stay", "party", "room_type", "rate_plan", "total"), reason=self.line.reason,
        )  # fmt: skip
        self.line.done(tx, after.version)
        self._price_task(tx, after)
        follow_lead(self.desk, tx, self.actor, before, after, self.line.reason)
        return body

    def _detail(self, before: Reservation, after: Reservation) -> dict[str, str]:
        known = {"rollback_id": self.line.rollback_id, "line": str(self.line.number)}
        if before.total != after.total or before.stay != after.stay:
            known |= {"stay": f"{after.stay.check_in}..{after.stay.check_out}", "total": str(after.total)}
        return known

    def _price_task(self, tx: Tx, after: Reservation) -> None:
        """The PMS keeps another price than the one that was sent: a person looks."""
        total = self.seen.total if self.seen is not None else None
        if after.state not in SELLING or total is None or total == after.total:
            return
        ids = {"reservation_id": str(after.reservation_id), "pms_ref": str(after.pms_ref)}
        detail = f"rolled back at {after.total}, the PMS keeps {total}"
        tx.add_task(
            Task(self.desk.ids.new("tsk"), TaskKind.CHECK_BOOKING, after.hotel_id, self.desk.clock.now(), ids, detail)
        )


@dataclass
class CancelBack(BackSteps):
    """Give the room back under the PMS's code for a rollback. Nothing is charged for a wrong entry."""

    async def send(self, intent: Intent) -> str:
        """Cancel; "already cancelled" is what we wanted."""
        code, text = self.hotel.pms.cancel_codes[CancelReason.ROLLED_BACK], f"rollback {self.line.rollback_id}"
        try:
            await self.desk.pms.cancel_booking(self.hotel, self.pms_ref, code, intent.external_ref, text)
        except PmsRejected:
            if await self.seek(intent) is None:
                raise
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """Cancelled, by us or by anybody."""
        booking = await self.booking()
        gone = booking is not None and self.state_in_pms(booking) is ReservationState.CANCELLED
        return self.pms_ref if gone else None


@dataclass
class ReinstateBack(BackSteps):
    """Take the record back from its cancellation, if stock allows."""

    async def send(self, intent: Intent) -> str:
        """Reinstate; a record that stands is what we wanted."""
        try:
            await self.desk.pms.reinstate_booking(self.hotel, self.pms_ref)
        except PmsRejected:
            if await self.seek(intent) is None:
                raise
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """It stands again."""
        return self.pms_ref if self.stands(await self.booking()) else None

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Almost always: the room has been sold meanwhile."""
        return NoRoomLeft(
            "The PMS would not give the room back ({pms_code}).", pms_code=error.pms_code or str(error.status)
        )


@dataclass
class ChangeBack(BackSteps):
    """Dates, party, room, rate, guarantee and deadline as the snapshot has them; the price is sent explicitly."""

    async def send(self, intent: Intent) -> str:
        """One change of everything that differs."""
        to, is_other_sale = self.after, self.after.sold != self.before.sold
        change = BookingChange(guarantee_code=code_of(self.hotel, to), deadline=self.deadline_for(intent))
        if is_other_sale:
            rooms = self.reservation.rooms
            change = replace(
                change, stay=to.stay, party=to.party, rooms=rooms, room_type=to.room_type, rate_code=to.rate_code,
                nightly=per_room(to.nightly, rooms),
            )  # fmt: skip
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, change)
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The record looks as the snapshot has it. A deadline is ours alone and needs no proof."""
        booking = await self.booking()
        done = booking is not None and in_pms_as(self.hotel, booking, self.reservation.rooms, self.after)
        return self.pms_ref if done else None

    async def verify(self, intent: Intent, proof: str) -> None:
        """Read it back: a guarantee that was silently replaced is set once more, a price is compared."""
        self.seen = await self.booking_if_readable()
        code = silent_guarantee(self.hotel, self.seen, self.after)
        if code is not None:
            await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(guarantee_code=code))

    async def refusal(self, error: PmsRejected) -> DomainError:
        """A room that was given up may be gone; what the PMS says is kept."""
        if self.after.sold == self.before.sold:
            return rejected(error)
        return NoRoomLeft(
            "The PMS would not change it back ({pms_code}).", pms_code=error.pms_code or str(error.status)
        )


@dataclass
class NoShowBack(NoShowSteps):
    """A no-show marked by mistake, or the undoing of that: the record gets its nights back, or loses them again."""

    line: Line | None = None

    def check(self, tx: ReadTx) -> None:
        """As the plan saw it."""
        super().check(tx)
        if self.line is not None and self.reservation.version != self.line.expected(tx):
            raise since_plan(self.reservation.reservation_id)

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Mark ours, and the step."""
        body = super().finish(tx, intent, proof)
        if self.line is not None:
            self.line.done(tx, load(tx, self.reservation.reservation_id).version)
        return body


_CLASSES: dict[Compensation, type[BackSteps]] = {
    Compensation.CANCEL: CancelBack,
    Compensation.REINSTATE: ReinstateBack,
    Compensation.CHANGE_BACK: ChangeBack,
    Compensation.BACK_TO_HOLD: ChangeBack,
    Compensation.BACK_TO_OPTION: ChangeBack,
    Compensation.DEADLINE_BACK: ChangeBack,
    Compensation.CHANGE_AGAIN: ChangeBack,
}


def steps_for(
    desk: Desk, hotel: HotelTerms, actor: Actor, one: Reservation, step: RollbackStep, reason: str
) -> ReservationSteps:
    """The write of a step that changes the PMS."""
    line, kept = Line(step.rollback_id, step.line, reason[:SHORT_REASON]), step_of(step)
    if step.action in {Compensation.NO_SHOW_BACK, Compensation.NO_SHOW_AGAIN}:
        undo = step.action is Compensation.NO_SHOW_BACK
        return NoShowBack(desk, hotel, actor, one, undo=undo, line=line)
    if kept.before is None or kept.after is None:
        raise Refused("This step writes nothing to the PMS.")
    return _CLASSES[step.action](desk, hotel, actor, one, line, step.action, kept.before, kept.after)


def command_of(step: RollbackStep) -> Body:
    """What a step asks for: the same from whoever applies the rollback."""
    return {"rollback_id": step.rollback_id, "line": step.line, "action": step.action.value, "target": step.target}


def rollback_write(desk: Desk, tx: ReadTx, command: Body, actor: Actor, one: Reservation) -> ReservationSteps | None:
    """The write behind the intent of a step, built anew from its command; None when the step is gone."""
    rollback = tx.get_rollback(RollbackId(command["rollback_id"]))
    step = tx.get_rollback_step(RollbackId(command["rollback_id"]), command["line"])
    if rollback is None or step is None:
        return None
    return steps_for(desk, desk.hotel(one.hotel_id), actor, one, step, rollback.reason)
