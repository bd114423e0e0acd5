"""Move an existing reservation up its ladder: hold -> option, hold or option -> confirmed, a later deadline.

All three are one PMS change of guarantee code and deadline on the same record, and one row of the evidence table: read
back and compare.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.access import Actor, Permission
from domain.deadlines import extended_deadline, option_deadline
from domain.errors import InvalidInput, MoveNotAllowed, Refused
from domain.reservation import (
    TIMED,
    Guarantee,
    Reservation,
    ReservationState,
    check_guaranteed,
    check_move,
    check_usable,
)
from integration.ports.pms import BookingChange
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.opening import must_be_ours
from integration.usecases.steps import ReservationSteps, carry, load
from integration.usecases.views import instant, reservation_body


async def fetch(desk: Desk, reservation_id: str) -> Reservation:
    """The reservation, or NotFound."""
    return await desk.store.read(lambda tx: load(tx, reservation_id))


async def take_option(
    desk: Desk, actor: Actor, reservation_id: str, key: str, *, length: timedelta | None = None
) -> Answer:
    """Turn a live hold into an option of `length` (the hotel's option time at most)."""
    actor.require(Permission.SELL)
    reservation = await fetch(desk, reservation_id)
    steps = OptionSteps(desk, desk.hotel(reservation.hotel_id), actor, reservation, length=length)
    command = {"reservation_id": reservation_id, "length_s": int(length.total_seconds()) if length else None}
    return await carry(IntentKind.CHANGE_BOOKING, steps, key, {"verb": "option", **command})


async def confirm_reservation(
    desk: Desk, actor: Actor, reservation_id: str, key: str, guarantee: Guarantee | None
) -> Answer:
    """Confirm a live hold or option on a guarantee, or on the deposit already paid. NotGuaranteed otherwise."""
    actor.require(Permission.SELL)
    reservation = await fetch(desk, reservation_id)
    steps = ConfirmSteps(desk, desk.hotel(reservation.hotel_id), actor, reservation, guarantee=guarantee)
    command = {"reservation_id": reservation_id, "guarantee": guarantee.value if guarantee else None}
    return await carry(IntentKind.CONFIRM_BOOKING, steps, key, command)


async def extend_reservation(desk: Desk, actor: Actor, reservation_id: str, key: str, until: datetime) -> Answer:
    """Move the deadline of a live hold or option to `until`; needs the permission and leaves a trace."""
    actor.require(Permission.EXTEND)
    reservation = await fetch(desk, reservation_id)
    steps = ExtendSteps(desk, desk.hotel(reservation.hotel_id), actor, reservation, until=until)
    return await carry(
        IntentKind.EXTEND_BOOKING, steps, key, {"reservation_id": reservation_id, "until": instant(until)}
    )


@dataclass
class OptionSteps(ReservationSteps):
    """Hold -> option: guarantee code OPT and the mirrored deadline."""

    length: timedelta | None = None

    def _deadline(self, start: datetime) -> datetime:
        longest = self.hotel.rules.option
        return option_deadline(
            start, min(self.length or longest, longest), self.hotel.option_limit(self.reservation.stay.check_in)
        )

    def check(self, tx: ReadTx) -> None:
        """A live hold, and time left before the cut-off."""
        super().check(tx)
        now = self.desk.clock.now()
        check_move(self.reservation, ReservationState.OPTION)
        if self.reservation.state is not ReservationState.HOLD:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; reinstate it first.",
                reservation_id=self.reservation.reservation_id,
                state=self.reservation.state.value,
            )
        check_usable(self.reservation, now, self.hotel.zone)
        self._deadline(now)

    async def prepare(self, intent: Intent) -> str | None:
        """Look first: a hold that the hotel has confirmed meanwhile must not fall back to an option."""
        booking = await self.booking()
        codes = self.hotel.pms.guarantee_codes
        timed = {codes[ReservationState.HOLD], codes[ReservationState.OPTION]}
        if booking is not None and self.stands(booking) and booking.guarantee_code not in timed:
            raise Refused(
                "The hotel has confirmed reservation {reservation_id} in the PMS meanwhile.",
                reservation_id=self.reservation.reservation_id,
                hint="Nothing is left to do; our record follows by itself.",
            )
        return None

    async def send(self, intent: Intent) -> str:
        """Change guarantee code and deadline."""
        code = self.hotel.pms.guarantee_codes[ReservationState.OPTION]
        change = BookingChange(guarantee_code=code, deadline=self._deadline(intent.created_at))
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, change)
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The record stands and carries the option's code."""
        booking = await self.booking()
        code = self.hotel.pms.guarantee_codes[ReservationState.OPTION]
        return self.pms_ref if booking is not None and self.stands(booking) and booking.guarantee_code == code else None

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Become an option."""
        before = load(tx, self.reservation.reservation_id)
        if before.state is ReservationState.OPTION:
            return reservation_body(before)
        after = before.moved(ReservationState.OPTION, expires_at=self._deadline(intent.created_at))
        return self.settle(tx, after, "option_taken", before=before, detail={"until": str(instant(after.expires_at))})


@dataclass
class ConfirmSteps(ReservationSteps):
    """Hold or option -> confirmed, by the guarantee's code."""

    guarantee: Guarantee | None = None

    @property
    def code(self) -> str:
        """The PMS's code for the guarantee; the deposit's when none is named."""
        return self.hotel.pms.guarantee_codes[self.guarantee or Guarantee.DEPOSIT]

    def check(self, tx: ReadTx) -> None:
        """Live, allowed to move, and guaranteed."""
        super().check(tx)
        check_move(self.reservation, ReservationState.CONFIRMED)
        if self.reservation.state not in TIMED:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; reinstate it first.",
                reservation_id=self.reservation.reservation_id,
                state=self.reservation.state.value,
            )
        check_usable(self.reservation, self.desk.clock.now(), self.hotel.zone)
        check_guaranteed(self.reservation, self.guarantee)

    async def send(self, intent: Intent) -> str:
        """Change the guarantee code."""
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(guarantee_code=self.code))
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The record stands and carries the guarantee's code."""
        booking = await self.booking()
        is_done = booking is not None and self.stands(booking) and booking.guarantee_code == self.code
        return self.pms_ref if is_done else None

    async def verify(self, intent: Intent, proof: str) -> None:
        """A guarantee code that was silently replaced is set once more."""
        booking = await self.booking_if_readable()
        if booking is not None and booking.guarantee_code != self.code:
            await must_be_ours(self.desk, intent)
            await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(guarantee_code=self.code))

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Become confirmed."""
        before = load(tx, self.reservation.reservation_id)
        if before.state is ReservationState.CONFIRMED:
            return reservation_body(before)
        guarantee = self.guarantee or Guarantee.DEPOSIT
        after = replace(before.moved(ReservationState.CONFIRMED), guarantee=guarantee)
        return self.settle(
            tx, after, "confirmed", before=before, detail={"guarantee": guarantee.value}, fields=("guarantee",)
        )


@dataclass
class ExtendSteps(ReservationSteps):
    """A later deadline for a hold or an option."""

    until: datetime | None = None

    def _until(self) -> datetime:
        if self.until is None:
            raise InvalidInput("Say until when.", field="until")
        return self.until

    def check(self, tx: ReadTx) -> None:
        """Live, timed, and the new deadline is later but inside the cut-off."""
        super().check(tx)
        now, one = self.desk.clock.now(), self.reservation
        if one.state not in TIMED or one.expires_at is None:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; only a hold or option has a deadline.",
                reservation_id=one.reservation_id,
                state=one.state.value,
            )
        check_usable(one, now, self.hotel.zone)
        extended_deadline(now, one.expires_at, self._until(), self.hotel.option_limit(one.stay.check_in))

    async def send(self, intent: Intent) -> str:
        """Mirror the deadline in the PMS."""
        await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(deadline=self._until()))
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """The deadline that counts is ours; its mirror in the PMS is for the hotel's eyes and needs no proof."""
        return self.pms_ref

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Keep the new deadline and who gave it."""
        before = load(tx, self.reservation.reservation_id)
        if before.state not in TIMED:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; only a hold or option has a deadline.",
                reservation_id=before.reservation_id,
                state=before.state.value,
            )
        after = replace(before, expires_at=self._until(), version=before.version + 1)
        detail = {"from": str(instant(before.expires_at)), "until": str(instant(after.expires_at))}
        return self.settle(tx, after, "extended", before=before, detail=detail, fields=("expires_at",))
