"""Ask for a payment by link: a hold becomes an option whose end is the link's end, and the guest gets the link.

The link is made by the payment provider and never by us, so no card number is ever told or typed. First the option is
taken (the room must be kept as long as the link can be paid), then the link is asked for and sent (`payment_links`).
What is paid counts when the provider's notice is proven AND the provider, asked again, says the same
(`check_payment`).
"""

from datetime import datetime, timedelta

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import InvalidInput, MoveNotAllowed, Refused
from domain.guest import ChannelIdentity, IdentityKind
from domain.money import Money
from domain.outbound import Purpose
from domain.reservation import TIMED, Reservation, ReservationState, check_usable
from integration.ports.queue_records import Outgoing
from integration.ports.store import Tx
from integration.usecases.answers import Answer, Body
from integration.usecases.channel_roles_live import hotel_on
from integration.usecases.deliver import sent_once
from integration.usecases.desk import Desk
from integration.usecases.move_reservation import fetch, take_option
from integration.usecases.once import Claim
from integration.usecases.queue_message import Draft, address_of, language_of, put
from integration.usecases.send_offer import SENDABLE
from integration.usecases.steps import load
from integration.usecases.views import money

_STANDING = TIMED | {ReservationState.CONFIRMED}


async def request_payment(
    desk: Desk, actor: Actor, reservation_id: str, key: str, via: Channel, amount: Money | None = None
) -> Answer:
    """Send a payment link; the default amount is what the deposit still lacks, else what is owed.

    InvalidInput, MoveNotAllowed, ReservationLapsed, ChannelNotVerified, and what taking an option refuses.
    """
    actor.require(Permission.SELL)
    one = await fetch(desk, reservation_id)
    known = await desk.store.read(lambda tx: tx.outgoing_of_key(one.hotel_id, actor.name, key))
    if known is None:
        _amount(one, amount)
        _check(desk, one, via)
        await desk.store.read(lambda tx: address_of(tx, one.guest_id, via, one.case_id))

    async def run(claim: Claim) -> Body:
        wanted = _amount(one, amount)
        if one.state is ReservationState.HOLD:
            await take_option(desk, actor, reservation_id, f"{key[:200]}:option")
        row = await desk.store.transact(lambda tx: _queued(desk, tx, actor, reservation_id, key, via, wanted, claim))
        return {"outbox_id": row.outbox_id}

    command = {"reservation_id": reservation_id, "via": via.value, "amount": money(amount)}
    return await sent_once(desk, actor, one.hotel_id, key, verb="request_payment", command=command, run=run)


def _amount(one: Reservation, asked: Money | None) -> Money:
    missing = one.deposit_due - one.paid
    owed = one.total - one.paid
    wanted = asked or (missing if missing.amount > 0 else owed)
    if wanted.currency != one.total.currency or not 0 < wanted.amount <= owed.amount:
        raise InvalidInput(
            "{amount} is not a part of the {owed} owed.", amount=str(wanted), owed=str(owed), field="amount"
        )
    return wanted


def _check(desk: Desk, one: Reservation, via: Channel) -> None:
    if one.state not in _STANDING:
        raise MoveNotAllowed(
            "Reservation {reservation_id} is {state}; nothing can be paid on it.",
            reservation_id=one.reservation_id,
            state=one.state.value,
        )
    check_usable(one, desk.clock.now(), desk.hotel(one.hotel_id).zone)
    if via not in SENDABLE:
        raise InvalidInput("{channel} takes no payment link.", channel=via.value, hint=", ".join(SENDABLE), field="via")
    if desk.carriers.payments(one.hotel_id) is None:
        raise Refused("{hotel} has no payment provider.", hotel=one.hotel_id)


def _queued(
    desk: Desk, tx: Tx, actor: Actor, reservation_id: str, key: str, via: Channel, amount: Money, claim: Claim
) -> Outgoing:
    one = load(tx, reservation_id)
    to = address_of(tx, one.guest_id, via, one.case_id)
    document = {
        "reservation_id": one.reservation_id,
        "amount": str(amount.amount),
        "currency": amount.currency,
        "expires_at": _end(desk, one).isoformat(),
        "via": via.value,
        "to_kind": to.kind.value,
        "to_scope": to.scope,
        "to_value": to.value,
        "language": language_of(tx, hotel_on(desk, tx, one.hotel_id, via), one.guest_id),
    }
    provider = ChannelIdentity(IdentityKind.PMS_PROFILE, one.reservation_id, one.hotel_id)
    draft = Draft(
        one.hotel_id, Channel.PAYMENT, provider, Purpose.PAYMENT_REQUEST, document, one.case_id, one.guest_id, key=key
    )
    row = put(desk, tx, actor, draft)
    claim.settle(tx, row.outbox_id, row.created_at)
    return row


def _end(desk: Desk, one: Reservation) -> datetime:
    """The option's end; of what is confirmed, a day from now."""
    return one.expires_at or desk.clock.now() + timedelta(days=1)
