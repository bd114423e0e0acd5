"""Send a code to an address that was only typed, so that the guest can read it back (`check_code`).

The code goes through the outbox like every message, and leaves no digits behind (`address_codes`). A machine writes it,
so it answers nobody and stops no clock; in the guest's open case it stands as a contact. What has not left within its
life is dropped. An address of somebody else is refused: a person decides whether two guests are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor, Permission
from domain.address_code import CODE_LIFE, CODES_WITHIN, AddressCode, CodeState, check_may_send
from domain.case import CaseId, CaseStatus
from domain.contact import Channel, Sender
from domain.errors import Refused
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from domain.hotel import HotelTerms
from domain.identity import LineKind
from integration.ports.queue_records import Outgoing
from integration.ports.store import ReadTx, Tx
from integration.usecases.address_wish import AddressWish, address_meant, channel_to, check_owner
from integration.usecases.answers import Answer, Body
from integration.usecases.deliver import sent_once
from integration.usecases.desk import Desk
from integration.usecases.once import Claim, sealed
from integration.usecases.people import cases_of_person, files_of, standing_case
from integration.usecases.queue_message import Draft, language_of, put
from integration.usecases.templates import Writer
from integration.usecases.views import instant

_KEPT = 24 * CODES_WITHIN


async def send_code(desk: Desk, actor: Actor, guest_id: str, wish: AddressWish, key: str) -> Answer:
    """Send a code to an address. The body is that of a message on its way, and `expires_at`.

    NotFound; InvalidInput for no address, or a channel that does not reach it; Refused for another guest's, and for a
    line that many share; TooManyCodes; Refused or OutcomeUnknown by the provider.
    """
    actor.require(Permission.SELL)
    hotel = desk.hotel(wish.hotel_id)
    to = await address_meant(desk, guest_id, wish)
    asked = _Asked(desk, actor, hotel, GuestId(guest_id), to, channel_to(to, wish.via), key)

    async def run(claim: Claim) -> Body:
        row = await desk.store.transact(lambda tx: _queued(asked, tx, claim))
        return {"outbox_id": row.outbox_id}

    command = {"guest_id": guest_id, "via": asked.via.value, "typed": sealed(key, to.value)}
    answer = await sent_once(desk, actor, hotel.hotel_id, key, verb="send_code", command=command, run=run)
    ends = datetime.fromisoformat(str(answer.body["created_at"])) + CODE_LIFE
    return Answer({**answer.body, "expires_at": instant(ends)}, answer.replayed)


@dataclass(frozen=True, slots=True)
class _Asked:
    desk: Desk
    actor: Actor
    hotel: HotelTerms
    guest_id: GuestId
    to: ChannelIdentity
    via: Channel
    key: str


def _queued(asked: _Asked, tx: Tx, claim: Claim) -> Outgoing:
    """The message, and the code it brings in place of older ones."""
    now, files = asked.desk.clock.now(), files_of(tx, asked.guest_id)
    _check(asked, tx, files)
    known = tx.codes_of(asked.to, now - CODES_WITHIN)
    check_may_send(known, now)
    for older in known:
        if older.is_live(now):
            tx.put_code(replace(older, state=CodeState.REPLACED))
    row = put(asked.desk, tx, asked.actor, _draft(asked, tx, files))
    own = (asked.to.kind, asked.to.scope, asked.to.value, row.outbox_id, asked.guest_id)
    tx.put_code(AddressCode(*own, CodeState.SENT, now, now + CODE_LIFE))
    tx.drop_codes(now - _KEPT)
    claim.settle(tx, row.outbox_id, row.created_at)
    return row


def _check(asked: _Asked, tx: ReadTx, files: Sequence[GuestId]) -> None:
    desk, hotel_id = asked.desk, asked.hotel.hotel_id
    check_owner(tx, files, asked.to)
    if asked.to.kind is IdentityKind.PHONE and desk.phones.line(asked.to.value) is LineKind.SHARED:
        raise Refused("Many people share this number: a code proves nothing there.", field="phone")
    if tx.subject_key(asked.guest_id) is None:
        raise Refused("The data of this guest was erased.", field="guest")
    if desk.carriers.of(hotel_id, asked.via) is None:
        raise Refused("{hotel} has no way out on {channel}.", hotel=hotel_id, channel=asked.via.value)


def _draft(asked: _Asked, tx: ReadTx, files: Sequence[GuestId]) -> Draft:
    case_id = _case_of(tx, asked.actor, asked.hotel, files)
    case = tx.get_case(case_id) if case_id is not None else None
    language = language_of(tx, asked.hotel, asked.guest_id, case.language if case is not None else "")
    written = Writer(asked.desk.phrases, asked.hotel, language).address_code(int(CODE_LIFE.total_seconds() // 60))
    return Draft(
        hotel_id=asked.hotel.hotel_id,
        channel=asked.via,
        to=asked.to,
        purpose=written.purpose,
        document={**written.document(), "use_by": (asked.desk.clock.now() + CODE_LIFE).isoformat()},
        case_id=case_id,
        guest_id=asked.guest_id,
        sender=Sender.AUTOMATIC,
        key=asked.key,
    )


def _case_of(tx: ReadTx, actor: Actor, hotel: HotelTerms, files: Sequence[GuestId]) -> CaseId | None:
    """Of the call the agent is in with this guest, else the guest's newest that is not resolved."""
    call = tx.open_call(actor.name, hotel.hotel_id)
    case = standing_case(tx, call.case_id) if call is not None else None
    if case is not None and case.guest_id in files:
        return case.case_id
    found = [one for one in cases_of_person(tx, files[0], hotel.hotel_id) if one.status is not CaseStatus.RESOLVED]
    return max((one.case_id for one in found), default=None)
