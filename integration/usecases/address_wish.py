"""Which address of a guest is meant, and by which channel it is reached: for codes sent there and read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.contact import Channel
from domain.errors import InvalidInput, Refused
from domain.guest import ChannelIdentity, GuestId, IdentityKind
from domain.identity import SAID
from domain.outbound import ADDRESSES
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk
from integration.usecases.marks import N_
from integration.usecases.people import files_of, identities_of
from integration.usecases.recognise_guest import clean_email, load_guest
from integration.usecases.send_offer import SENDABLE
from integration.usecases.typed_numbers import number_of

_USUAL = {IdentityKind.PHONE: Channel.SMS, IdentityKind.EMAIL: Channel.EMAIL}
_MERGE_FIRST = N_("If the two are one person, say so first: `santral guest merge`.")


@dataclass(frozen=True, slots=True)
class AddressWish:
    """A number, an e-mail address, or nothing typed: the first one we have of the guest. `via`: by which channel the
    code goes there; None: SMS to a number, e-mail to an address."""

    phone: str | None = None
    email: str | None = None
    via: Channel | None = None
    hotel_id: str | None = None


async def address_meant(desk: Desk, guest_id: str, wish: AddressWish) -> ChannelIdentity:
    """The address in one spelling. NotFound for the guest; InvalidInput."""
    known = await desk.store.read(lambda tx: identities_of(tx, files_of(tx, load_guest(tx, guest_id).guest_id)))
    if wish.phone and wish.email:
        raise InvalidInput("Say a telephone number or an e-mail address, not both.", field="email")
    if wish.phone:
        return ChannelIdentity(IdentityKind.PHONE, await number_of(desk, wish.phone))
    if wish.email:
        return ChannelIdentity(IdentityKind.EMAIL, clean_email(wish.email))
    kinds = (IdentityKind.EMAIL,) if wish.via is Channel.EMAIL else (IdentityKind.PHONE, IdentityKind.EMAIL)
    ours = [one for kind in kinds for one in known if one.kind is kind and one.scope in {"", f"{SAID}:"}]
    if not ours:
        raise InvalidInput("We know no number or address of this guest.", field="phone")
    return replace(ours[0], scope="")


def channel_to(to: ChannelIdentity, via: Channel | None) -> Channel:
    """By which channel a code reaches an address; InvalidInput for one that does not."""
    chosen = via or _USUAL[to.kind]
    if chosen not in SENDABLE or to.kind not in ADDRESSES.get(chosen, ()):
        raise InvalidInput("No code reaches this address by {channel}.", channel=chosen.value, field="via")
    return chosen


def check_owner(tx: ReadTx, files: Sequence[GuestId], to: ChannelIdentity) -> None:
    """Refused when the address is another person's. `files`: the guest's."""
    owner = tx.find_guest(to)
    if owner is not None and owner.guest_id not in files:
        raise Refused("This {kind} belongs to another guest.", kind=to.kind.value, hint=_MERGE_FIRST)
