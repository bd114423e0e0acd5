"""Take note of a payment: money in the PMS on the reservation, and the confirmation when the deposit is met.

One PMS call posts the deposit and, when the sum reaches what is due, sets the guarantee. A deposit is never sent again
by a machine: after an unknown outcome it is looked for by our payment reference and, if it does not show, a person
decides. No card number ever passes through here. A payment for a reservation that has lapsed brings it back if stock
allows; otherwise the money is owed back, which is a task, and the agent is told.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from domain.access import Actor, Permission
from domain.errors import InvalidInput, MoveNotAllowed, NoRoomLeft
from domain.money import Money, total_of
from domain.reservation import TIMED, Guarantee, Reservation, ReservationState
from integration.ports.pms import BookingChange, Deposit
from integration.ports.records import Intent, IntentKind, IntentState, StoredAnswer
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer, Body, refusal_of
from integration.usecases.cancel_reservation import add_refund_task, reinstate_reservation
from integration.usecases.desk import Desk
from integration.usecases.found_again import was_restored
from integration.usecases.move_reservation import fetch
from integration.usecases.one_write import check_key, fingerprint
from integration.usecases.steps import ReservationSteps, carry, load
from integration.usecases.views import money
from integration.usecases.writing import ANSWER_LIFE

_PAYABLE = TIMED | {ReservationState.CONFIRMED, ReservationState.IN_HOUSE}


async def pay_reservation(
    desk: Desk, actor: Actor, reservation_id: str, key: str, amount: Money, method: str
) -> Answer:
    """Record a payment that was made; confirms when the deposit is met. The body also holds `payment`."""
    actor.require(Permission.SELL)
    if amount.amount <= 0:
        raise InvalidInput("A payment is more than nothing.", field="amount")
    one = await fetch(desk, reservation_id)
    methods = desk.hotel(one.hotel_id).pms.payment_methods
    if method not in methods:
        raise InvalidInput("{method} is not a way to pay.", method=method, hint=", ".join(methods), field="method")
    if amount.currency != one.total.currency:
        raise InvalidInput(
            "Reservation {reservation_id} is in {currency}.",
            reservation_id=reservation_id,
            currency=one.total.currency,
            field="currency",
        )
    steps = DepositSteps(desk, desk.hotel(one.hotel_id), actor, one, amount=amount, method=method)
    command = {"reservation_id": reservation_id, "amount": money(amount), "method": method}
    if one.state is ReservationState.EXPIRED and await desk.store.read(lambda tx: _is_new(tx, steps, key)):
        await _bring_back(steps, key, command)
    return await carry(IntentKind.DEPOSIT, steps, key, command, may_resend=False)


def _is_new(tx: ReadTx, steps: "DepositSteps", key: str) -> bool:
    """Nothing was done under this key yet: a payment told twice brings nothing back and is not owed twice."""
    who = (steps.hotel.hotel_id, steps.actor.name, key)
    intent = tx.intent_of_key(*who)
    return tx.get_answer(*who) is None and (intent is None or intent.state is IntentState.OPEN)


async def _bring_back(steps: "DepositSteps", key: str, command: Body) -> None:
    """Reinstate a lapsed reservation that was paid for; when the room is gone, owe the money back and say so.

    That refusal is the payment's final answer: it is kept under its key together with the one refund task.
    """
    check_key(key)
    one = steps.reservation
    try:
        await reinstate_reservation(steps.desk, steps.actor, one.reservation_id, f"{key[:200]}:reinstate")
    except (NoRoomLeft, InvalidInput) as why:
        refusal = NoRoomLeft(
            "Reservation {reservation_id} has lapsed and the room is gone; the payment of {amount} is to be refunded.",
            reservation_id=one.reservation_id,
            amount=str(steps.amount),
            hint="A refund task is on the board.",
        )
        await steps.desk.store.transact(lambda tx: _owe_back(tx, steps, key, command, refusal))
        raise refusal from why


def _owe_back(tx: Tx, steps: "DepositSteps", key: str, command: Body, refusal: NoRoomLeft) -> None:
    if steps.amount is None or not _is_new(tx, steps, key):
        return
    add_refund_task(steps.desk, tx, steps.reservation, steps.amount)
    now = steps.desk.clock.now()
    tx.put_answer(
        StoredAnswer(
            hotel_id=steps.hotel.hotel_id,
            actor=steps.actor.name,
            request_key=key,
            fingerprint=fingerprint(IntentKind.DEPOSIT, command),
            created_at=now,
            until=now + ANSWER_LIFE,
            intent_id=None,
            error_code=refusal.code,
            body=json.dumps(refusal_of(refusal), ensure_ascii=False),
        )
    )


@dataclass
class DepositSteps(ReservationSteps):
    """Post a deposit. Evidence: our payment reference among the reservation's deposits."""

    amount: Money | None = None
    method: str = ""
    there: Money | None = None

    def _amount(self) -> Money:
        if self.amount is None:
            raise InvalidInput("A payment is more than nothing.", field="amount")
        return self.amount

    def _confirms(self, one: Reservation) -> bool:
        return one.state in TIMED and one.deposit_due <= self._paid(one)

    def _paid(self, one: Reservation) -> Money:
        """What is paid with this payment; one that was there before it was sent may be counted already."""
        return one.paid + self._amount() if self.there is None else max(one.paid, self.there)

    def check(self, tx: ReadTx) -> None:
        """Payable, and not more than is owed."""
        super().check(tx)
        one = self.reservation
        if one.state not in _PAYABLE:
            raise MoveNotAllowed(
                "Reservation {reservation_id} is {state}; nothing can be paid on it.",
                reservation_id=one.reservation_id,
                state=one.state.value,
            )
        if one.total < one.paid + self._amount():
            raise InvalidInput(
                "{amount} is more than the {owed} still owed.",
                amount=str(self._amount()),
                owed=str(one.total - one.paid),
                field="amount",
            )

    @property
    def code(self) -> str:
        """The PMS's guarantee code for a paid reservation."""
        return self.hotel.pms.guarantee_codes[Guarantee.DEPOSIT]

    async def send(self, intent: Intent) -> str:
        """Post it, with the guarantee when it confirms."""
        if await self._is_there(intent):
            return self.pms_ref
        guarantee = self.code if self._confirms(self.reservation) else None
        deposit = Deposit(intent.external_ref, self._amount())
        await self.desk.pms.post_deposit(
            self.hotel, self.pms_ref, deposit, self.hotel.pms.payment_methods[self.method], guarantee
        )
        return self.pms_ref

    async def _is_there(self, intent: Intent) -> bool:
        """After a restore our store may lack a payment that the PMS has under this very key."""
        if not await self.desk.store.read(lambda tx: was_restored(self.desk, tx, self.hotel.hotel_id)):
            return False
        deposits = await self.desk.pms.read_deposits(self.hotel, self.pms_ref)
        if all(one.reference != intent.external_ref for one in deposits):
            return False
        self.there = total_of([one.amount for one in deposits], self._amount().currency)
        return True

    async def seek(self, intent: Intent) -> str | None:
        """Our reference among the deposits."""
        deposits = await self.desk.pms.read_deposits(self.hotel, self.pms_ref)
        return self.pms_ref if any(one.reference == intent.external_ref for one in deposits) else None

    async def verify(self, intent: Intent, proof: str) -> None:
        """Money taken but guarantee not set: set it by a change."""
        if not self._confirms(self.reservation):
            return
        booking = await self.booking_if_readable()
        if booking is not None and booking.guarantee_code != self.code:
            await self.desk.pms.change_booking(self.hotel, self.pms_ref, BookingChange(guarantee_code=self.code))

    def finish(self, tx: Tx, intent: Intent, proof: str) -> Body:
        """Add to what is paid; become confirmed when the deposit is met."""
        before = load(tx, self.reservation.reservation_id)
        paid = self._paid(before)
        after = replace(before, paid=paid, version=before.version + 1)
        if self._confirms(before):
            after = replace(before.moved(ReservationState.CONFIRMED), paid=paid, guarantee=Guarantee.DEPOSIT)
        detail = {"amount": str(self._amount()), "method": self.method, "paid": str(paid)}
        body = self.settle(tx, after, "paid", before=before, detail=detail, fields=("paid",))
        return {**body, "payment": self._payment_body(intent, after)}

    def _payment_body(self, intent: Intent, after: Reservation) -> dict[str, Any]:
        return {
            "reference": intent.external_ref,
            "amount": money(self._amount()),
            "method": self.method,
            "deposit_met": after.deposit_due <= after.paid,
        }

    def replay(self, tx: ReadTx, intent: Intent) -> Body:
        """The reservation as it stands now, with the payment."""
        after = load(tx, self.reservation.reservation_id)
        return {**super().replay(tx, intent), "payment": self._payment_body(intent, after)}
