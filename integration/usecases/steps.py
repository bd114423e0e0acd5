"""Steps: what the kinds of write have in common, and the ones that move an existing reservation.

Each class is one row of the evidence table: what it checks before, what it sends, what proves that it happened, how it
ends. Reads for evidence go to the PMS, never to our own copy.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from domain.access import Actor
from domain.errors import DomainError, NotFound, Refused
from domain.hotel import HotelTerms
from domain.reservation import PmsRef, Reservation, ReservationId, ReservationState
from integration.errors import PmsError, PmsRejected
from integration.ports.pms import PmsBooking
from integration.ports.records import Intent, IntentKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.one_write import Write
from integration.usecases.tracing import record_move
from integration.usecases.views import reservation_body
from integration.usecases.writing import carry_out


def load(tx: ReadTx, reservation_id: str) -> Reservation:
    """The reservation, or NotFound."""
    found = tx.get_reservation(ReservationId(reservation_id))
    if found is None:
        raise NotFound(
            "There is no reservation {reservation_id}.", reservation_id=reservation_id, field="reservation_id"
        )
    return found


def rejected(error: PmsRejected) -> Refused:
    """The PMS's no, with its own code, when we know no better word for it."""
    return Refused("The PMS refused this ({pms_code}).", pms_code=error.pms_code or str(error.status), hint=error.hint)


@dataclass
class ReservationSteps(ABC):
    """Steps on one existing reservation; subclasses say what to send and how to recognise it."""

    desk: Desk
    hotel: HotelTerms
    actor: Actor
    reservation: Reservation

    @property
    def pms_ref(self) -> PmsRef:
        """The PMS's number; Refused when the record never got one."""
        if self.reservation.pms_ref is None:
            raise Refused(
                "Reservation {reservation_id} is not in the PMS.", reservation_id=self.reservation.reservation_id
            )
        return self.reservation.pms_ref

    async def prepare(self, intent: Intent) -> str | None:
        """Nothing to read, nothing to keep."""
        return None

    async def booking(self) -> PmsBooking | None:
        """The record as it stands in the PMS."""
        return await self.desk.pms.read_booking(self.hotel, self.pms_ref)

    async def booking_if_readable(self) -> PmsBooking | None:
        """The same, None when the PMS cannot be read: what was acknowledged stays acknowledged."""
        try:
            return await self.booking()
        except PmsError:
            return None

    def state_in_pms(self, booking: PmsBooking) -> ReservationState | None:
        """What the PMS's status means to us; None when it says no more than `reserved`."""
        return self.hotel.pms.states.get(booking.status)

    def stands(self, booking: PmsBooking | None) -> bool:
        """Whether the record is there and not cancelled: only then does what it carries prove anything."""
        return booking is not None and self.state_in_pms(booking) is not ReservationState.CANCELLED

    @abstractmethod
    async def send(self, intent: Intent) -> str:
        """Make the one PMS call; return the proof."""

    @abstractmethod
    async def seek(self, intent: Intent) -> str | None:
        """Look for evidence in the PMS."""

    @abstractmethod
    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Write the outcome."""

    async def verify(self, intent: Intent, proof: str) -> None:  # noqa: B027 - most kinds need no second look
        """Nothing to read back."""

    def check(self, tx: ReadTx) -> None:
        """Re-read in the transaction; subclasses refuse what the state forbids."""
        self.reservation = load(tx, self.reservation.reservation_id)

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Keep the PMS's code."""
        return rejected(error)

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """The reservation as it stands now."""
        return reservation_body(load(tx, self.reservation.reservation_id))

    def settle(
        self,
        tx: Tx,
        after: Reservation,
        action: str,
        *,
        before: Reservation,
        detail: dict[str, str] | None = None,
        fields: tuple[str, ...] = (),
        reason: str = "",
    ) -> Body:
        """Write the reservation's new value, its history and the audit row."""
        if not tx.update_reservation(after, expected_version=before.version):
            raise Refused("Reservation {reservation_id} was changed meanwhile.", reservation_id=after.reservation_id)
        record_move(
            tx,
            self.actor,
            self.desk.clock.now(),
            action,
            after,
            before=before.state,
            detail=detail,
            fields=fields,
            reason=reason,
        )
        return reservation_body(after)


async def carry(
    kind: IntentKind, steps: ReservationSteps, key: str, command: Body, *, may_resend: bool = True
) -> Answer:
    """Carry out a write on the steps' reservation under a request key."""
    one = steps.reservation
    write = Write(
        kind,
        steps.hotel,
        steps.actor,
        key,
        command,
        steps,
        reservation_id=one.reservation_id,
        guest_id=one.guest_id,
        may_resend=may_resend,
    )
    return await carry_out(steps.desk, write)
