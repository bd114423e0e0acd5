"""A surplus record of the PMS is cancelled: a second live one with a reference of ours that nobody was told about.

A lost request that ran after all leaves it behind. It is cancelled like anything else that is written: intent first,
one call, evidence (its status) when the answer is lost. The key is made of the record's number, so that whoever finds
it again goes on with the same intent. It names no reservation: ours is another record and is not touched. The end is
told thrice: on the board, in the audit, and to whoever asked.
"""

from dataclasses import dataclass

from domain.access import Actor, Role
from domain.errors import DomainError
from domain.hotel import CancelReason, HotelTerms
from domain.reservation import PmsRef, ReservationState
from integration.errors import PmsError, PmsRejected
from integration.ports.records import Intent, IntentKind, Task, TaskKind
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.one_write import Write
from integration.usecases.steps import rejected
from integration.usecases.tracing import audit
from integration.usecases.writing import carry_out

SURPLUS = "surplus"
WATCHER = "watch"


async def cancel_surplus(desk: Desk, hotel: HotelTerms, via: str, pms_ref: PmsRef, reference: str, kept: str) -> Body:
    """Cancel the record `pms_ref`; `kept`: the number that stays, empty for none. Raises as any write does."""
    return (await carry_out(desk, surplus_write(desk, hotel, via, pms_ref, reference, kept))).body


def surplus_write(desk: Desk, hotel: HotelTerms, via: str, pms_ref: PmsRef, reference: str, kept: str) -> Write:
    """The write; it goes under one name whoever starts it."""
    actor = Actor(WATCHER, Role.ADMIN, via)
    command = {"verb": SURPLUS, "pms_ref": pms_ref, "external_ref": reference, "kept": kept}
    steps = SurplusSteps(desk, hotel, actor, pms_ref, reference, kept)
    return Write(IntentKind.CANCEL_BOOKING, hotel, actor, f"surplus:{pms_ref}", command, steps)


@dataclass
class SurplusSteps:
    """Cancel a record that is not ours to keep. Evidence: its status."""

    desk: Desk
    hotel: HotelTerms
    actor: Actor
    pms_ref: PmsRef
    reference: str
    kept: str

    async def prepare(self, intent: Intent) -> str | None:
        """Nothing to read."""
        return None

    def check(self, tx: ReadTx) -> None:
        """Never the record that a reservation of ours names: RuntimeError, for that would be our own fault."""
        ours = tx.find_reservation(pms_ref=self.pms_ref, hotel_id=self.hotel.hotel_id)
        if ours is not None:
            raise RuntimeError(f"{self.pms_ref} is the record of {ours.reservation_id}")

    async def send(self, intent: Intent) -> str:
        """Cancel; "already cancelled" is what we wanted."""
        code = self.hotel.pms.cancel_codes[CancelReason.DUPLICATE]
        try:
            await self.desk.pms.cancel_booking(self.hotel, self.pms_ref, code, intent.external_ref, "surplus record")
        except PmsRejected:
            if await self.seek(intent) is None:
                raise
        return self.pms_ref

    async def seek(self, intent: Intent) -> str | None:
        """Cancelled, by us or by anybody."""
        try:
            booking = await self.desk.pms.read_booking(self.hotel, self.pms_ref)
        except PmsError:
            return None
        if booking is None or self.hotel.pms.states.get(booking.status) is ReservationState.CANCELLED:
            return self.pms_ref
        return None

    async def verify(self, intent: Intent, proof: str) -> None:
        """Nothing to read back."""

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Report it."""
        now, body = self.desk.clock.now(), self._body()
        ids = {name: str(value) for name, value in body.items() if value}
        tx.add_task(
            Task(self.desk.ids.new("tsk"), TaskKind.CHECK_BOOKING, self.hotel.hotel_id, now, ids, "surplus cancelled")
        )
        audit(tx, self.actor, now, "surplus_cancelled", ids)
        return body

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """The same again."""
        return self._body()

    def _body(self) -> Body:
        return {"pms_ref": self.pms_ref, "external_ref": self.reference, "kept": self.kept}

    async def refusal(self, error: PmsRejected) -> DomainError:
        """Keep the PMS's code."""
        return rejected(error)
