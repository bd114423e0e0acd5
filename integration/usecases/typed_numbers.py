"""A telephone number as it is typed, in one spelling: by the numbering plan, else because a channel vouched for it.

Numbering plans change and our copy of them is as old as its release: WhatsApp knows users whose number we would call
invalid. A number that a network, a code or a signed mail has vouched for is somebody's, whatever the plan says. What
neither knows is refused, as a slip of the finger should be.
"""

from domain.errors import InvalidInput
from domain.guest import ChannelIdentity, IdentityKind
from domain.outbound import VERIFIED_BY
from integration.usecases.desk import Desk


async def number_of(desk: Desk, typed: str, country: str = "TR") -> str:
    """E.164. InvalidInput (field `phone`) for what is no number and nobody's either."""
    try:
        return desk.phones.normalise(typed, country)
    except InvalidInput:
        spelt = desk.phones.spelt(typed)
        if not spelt or not await _is_vouched_for(desk, spelt):
            raise
        return spelt


async def _is_vouched_for(desk: Desk, e164: str) -> bool:
    identity = ChannelIdentity(IdentityKind.PHONE, e164)
    fact = await desk.store.read(lambda tx: tx.get_identity_fact(identity))
    return fact is not None and fact.vouching in VERIFIED_BY
