"""The guest has read back a code (`send_code`): if it is the right one, the address is the guest's.

It is vouched for by a code from then on: documents may go there, and whoever writes or rings from it is known. The
proof is an event of the case in which the code stands, and an audit row with how it was made. A wrong code is counted
in a transaction of its own and refused; after the last try the code is spent.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Actor, Permission, mask_email, mask_phone
from domain.address_code import CODE_DIGITS, CODE_READ_BACK, CODES_WITHIN, AddressCode, CodeState, live_code
from domain.contact import Vouching
from domain.errors import CodeExpired, CodeWrong, InvalidInput
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from domain.identity import surer
from integration.ports.queue_records import CaseEvent, IdentityFact
from integration.ports.store import Tx
from integration.usecases.address_codes import digits_of
from integration.usecases.address_wish import AddressWish, address_meant, check_owner
from integration.usecases.answers import Answer, Body
from integration.usecases.desk import Desk
from integration.usecases.once import Claim, Kept, once, sealed
from integration.usecases.people import files_of, identities_of, standing_case
from integration.usecases.recognise_guest import load_guest
from integration.usecases.tracing import audit
from integration.usecases.tracing import digests_of as keyed_digests
from integration.usecases.views import instant
from integration.usecases.who_is_it import keys_of


async def check_code(desk: Desk, actor: Actor, guest_id: str, wish: AddressWish, typed: str, key: str) -> Answer:
    """What the guest read back. NotFound; InvalidInput for what is no code, which costs no try; CodeWrong, CodeExpired;
    Refused when the address has become another guest's meanwhile."""
    actor.require(Permission.SELL)
    hotel, digits = desk.hotel(wish.hotel_id), _digits(typed)
    to = await address_meant(desk, guest_id, wish)
    asked = _Asked(desk, actor, hotel.hotel_id, GuestId(guest_id), to, digits)

    async def run(claim: Claim) -> Body:
        left = await desk.store.transact(lambda tx: _tried(asked, tx, claim))
        if left is not None:
            raise CodeWrong("This is not the code that was sent; {left} tries are left.", left=left, field="code")
        return _proven(asked, desk.clock.now())

    async def rebuild(kept: Kept) -> Body:
        return _proven(asked, kept.at)

    command = {"guest_id": guest_id, "typed": sealed(key, to.value, digits)}
    return await once(desk, actor, hotel.hotel_id, key, verb="check_code", command=command, run=run, rebuild=rebuild)


@dataclass(frozen=True, slots=True)
class _Asked:
    desk: Desk
    actor: Actor
    hotel_id: str
    guest_id: GuestId
    to: ChannelIdentity
    digits: str


def _digits(typed: str) -> str:
    """`123 456` and `123-456` are read as people write them."""
    digits = "".join(one for one in typed if not one.isspace() and one != "-")
    if not (len(digits) == CODE_DIGITS and digits.isascii() and digits.isdigit()):
        raise InvalidInput("A code has {digits} digits.", digits=CODE_DIGITS, field="code")
    return digits


def _tried(asked: _Asked, tx: Tx, claim: Claim) -> int | None:
    """How many tries are left after a wrong code; None for the right one, whose address is proven now."""
    now, files = asked.desk.clock.now(), files_of(tx, asked.guest_id)
    code = live_code(tx.codes_of(asked.to, now - CODES_WITHIN), files, now)
    right = digits_of(tx, code.guest_id, code.code_id)
    if right is None:
        raise CodeExpired("No code for this address can be read back now.", field="code")
    if not hmac.compare_digest(right, asked.digits):
        after = code.missed()
        tx.put_code(after)
        audit(tx, asked.actor, now, "address_code_wrong", _ids(asked, code), fields=(asked.to.kind.value,))
        return after.tries_left
    check_owner(tx, files, asked.to)
    tx.put_code(replace(code, state=CodeState.USED))
    _own(asked, tx, files, now)
    _tell(asked, tx, code, now)
    claim.settle(tx, asked.guest_id, now)
    return None


def _ids(asked: _Asked, code: AddressCode) -> dict[str, str | None]:
    return {"hotel_id": asked.hotel_id, "guest_id": asked.guest_id, "outbox_id": code.code_id}


def _own(asked: _Asked, tx: Tx, files: Sequence[GuestId], now: datetime) -> None:
    """The address is the guest's, and a code vouches for it."""
    to = asked.to
    if to not in identities_of(tx, files):
        after = load_guest(tx, asked.guest_id).known_as(to)
        tx.put_guest(after, keys_of(asked.desk, after))
    fact = tx.get_identity_fact(to)
    vouching = surer(Vouching.CODE, fact.vouching) if fact is not None else Vouching.CODE
    first = fact.first_seen if fact is not None else now
    tx.put_identity_fact(IdentityFact(to.kind, to.scope, to.value, vouching, first, now))


def _tell(asked: _Asked, tx: Tx, code: AddressCode, now: datetime) -> None:
    """The audit row, and the event in the case where the code stands."""
    to, row = asked.to, tx.get_outgoing(code.code_id)
    digests = keyed_digests(tx, asked.guest_id, {f"{to.kind.value}:{to.scope}": to.value})
    case = standing_case(tx, row.case_id) if row is not None and row.case_id is not None else None
    ids = {**_ids(asked, code), "case_id": case.case_id if case is not None else None}
    audit(tx, asked.actor, now, "address_proven", ids, fields=(to.kind.value,), digests=digests, reason=CODE_READ_BACK)
    if case is not None and row is not None:
        detail = {"kind": to.kind.value, "how": CODE_READ_BACK, "channel": row.channel.value}
        tx.add_case_event(CaseEvent(case.case_id, 0, now, "address_proven", asked.actor.name, detail))


def _proven(asked: _Asked, at: datetime) -> Body:
    to, mask = asked.to, mask_email if asked.to.kind is IdentityKind.EMAIL else mask_phone
    return {
        "guest_id": asked.guest_id,
        "kind": to.kind.value,
        "value": to.value if asked.actor.may(Permission.SEE_CLEAR) else mask(to.value),
        "vouching": Vouching.CODE.value,
        "how": CODE_READ_BACK,
        "proven_at": instant(at),
    }
