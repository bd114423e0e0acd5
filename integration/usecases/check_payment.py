"""A payment was told of: ask the provider itself, and only then count it.

The notice of a payment provider is proven by its signature, but a signature covers little (iyzico's covers no amount).
So the intake only queues a check, in the transaction that notes the notice; the check asks the provider, holds amount,
currency and reference against the link we made, and hands the payment to `pay_reservation` under a key made of the
provider's payment number: told three times, paid once. A lapsed reservation is brought back, or the money is owed back
(a refund task), as with any payment. What does not fit is put before a person.
"""

from domain.access import Actor, Role
from domain.contact import Channel
from domain.errors import DomainError, InFlight, ReservationBusy
from domain.guest import ChannelIdentity, IdentityKind
from domain.outbound import Purpose
from integration.errors import ServiceError
from integration.ports.channels import Arrival
from integration.ports.outbound import Accepted, MaybeTaken, NotSent, NotTaken, Payment, PaymentState
from integration.ports.queue_records import Outgoing
from integration.ports.store import Tx
from integration.usecases.desk import Desk
from integration.usecases.pay_reservation import pay_reservation
from integration.usecases.payment_links import amount_of
from integration.usecases.queue_message import OUTBOX, Draft, put
from integration.usecases.tracing import audit

PAYMENTS = Actor("payments", Role.ADMIN, "payments")
METHOD = "payment_link"
_ASK_AGAIN_S = 30.0


def payment_told(desk: Desk, tx: Tx, arrival: Arrival) -> None:
    """Queue the check of a payment that a provider told of. A link we did not make, or a failure, says nothing."""
    reference = arrival.facts.get("reference", "")
    link = tx.get_outgoing(reference) if reference else None
    if link is None or link.purpose != Purpose.PAYMENT_REQUEST or arrival.facts.get("status") == PaymentState.FAILED:
        return
    payment_id = arrival.facts.get("payment_id", "")
    document = {
        "payment_id": payment_id,
        "reference": reference,
        "reservation_id": str(link.document["reservation_id"]),
        "told_by": arrival.account,
    }
    draft = Draft(
        hotel_id=link.hotel_id,
        channel=Channel.PAYMENT,
        to=ChannelIdentity(IdentityKind.PMS_PROFILE, document["reservation_id"], link.hotel_id),
        purpose=Purpose.PAYMENT_CHECK,
        document=document,
        case_id=link.case_id,
        guest_id=link.guest_id,
        key=f"check:{payment_id or reference}"[:255],
    )
    put(desk, tx, OUTBOX, draft)


async def check_payment(desk: Desk, row: Outgoing) -> Accepted:
    """Ask after the payment and count it; NotSent to be tried again, NotTaken when a person must look."""
    carrier = desk.carriers.payments(row.hotel_id)
    if carrier is None:
        raise NotTaken("no_carrier")
    payment_id, reference = str(row.document["payment_id"]), str(row.document["reference"])
    try:
        payment = await carrier.ask(payment_id, reference)
    except MaybeTaken as error:
        raise NotSent(error.code) from error
    if payment.state is PaymentState.PENDING:
        raise NotSent("payment_pending", retry_after_s=_ASK_AGAIN_S)
    link = await desk.store.read(lambda tx: tx.get_outgoing(reference))
    _check(payment, link, reference)
    await _pay(desk, row, payment)
    return Accepted(payment.payment_id)


def _check(payment: Payment, link: Outgoing | None, reference: str) -> None:
    if payment.state is PaymentState.FAILED:
        raise NotTaken("payment_failed")
    if link is None or payment.reference != reference:
        raise NotTaken("payment_of_another_link")
    if payment.amount != amount_of(link):
        raise NotTaken("payment_amount_differs")


async def _pay(desk: Desk, row: Outgoing, payment: Payment) -> None:
    reservation_id = str(row.document["reservation_id"])
    if payment.amount is None:
        raise NotTaken("payment_amount_differs")
    key = f"pay:{payment.payment_id}"[:200]
    try:
        await pay_reservation(desk, PAYMENTS, reservation_id, key, payment.amount, METHOD)
    except (ServiceError, InFlight, ReservationBusy) as error:
        raise NotSent(error.code) from error
    except DomainError as refusal:
        code = refusal.code
        await desk.store.transact(lambda tx: _note(desk, tx, row, code))
        if code == "no_room_left":  # the refund task is on the board already
            return
        raise NotTaken(code) from refusal


def _note(desk: Desk, tx: Tx, row: Outgoing, code: str) -> None:
    ids = {"reservation_id": str(row.document["reservation_id"]), "outbox_id": row.outbox_id, "outcome": code}
    audit(tx, PAYMENTS, desk.clock.now(), "payment_not_counted", ids)
