"""Who is who in a WhatsApp delivery: numbers (may be missing), business-scoped user ids, names.

`messages[].from` is a number without `+`, `from_user_id` the BSUID (`CC.` and up to 128 letters and digits);
`contacts[]` names both again as `wa_id` and `user_id`. The number comes first among the handles: it is the one that
other channels share. A user name can be changed by its owner and is no handle.
"""

import re
from dataclasses import dataclass

from domain.contact import Handle
from domain.guest import IdentityKind
from integration.adapters.channels.handles import international
from integration.adapters.channels.reading import Part

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class Account:
    """`number`: the phone number id a message came to; `portfolio`: within what a BSUID means anything."""

    number: str
    portfolio: str


class People:
    """The contacts of a delivery, found by number or BSUID."""

    def __init__(self, contacts: list[Part]) -> None:
        """With a single contact and an event that names nobody, it is that one."""
        self._found = {ids: one for one in contacts for ids in (one.token("wa_id"), one.token("user_id")) if ids}
        self._only = contacts[0] if len(contacts) == 1 else Part(None)

    def of(self, part: Part) -> Part:
        """The contact that an event is from; an empty one when the delivery does not say."""
        number, user = part.token("from"), part.token("from_user_id")
        if not number and not user:
            return self._only
        return self._found.get(number) or self._found.get(user) or Part(None)


def handles(number: str, user: str, account: Account) -> tuple[Handle, ...]:
    """A number's and a BSUID's handles, as far as they are such."""
    known = international(number)
    if _BSUID.fullmatch(user):
        known += (Handle(IdentityKind.WHATSAPP_USER, user, account.portfolio),)
    return known


def sender(part: Part, person: Part, account: Account) -> tuple[Handle, ...]:
    """Handles of who wrote or rang."""
    number = part.token("from") or person.token("wa_id")
    return handles(number, part.token("from_user_id") or person.token("user_id"), account)


def recipient(part: Part, account: Account) -> tuple[Handle, ...]:
    """Handles of whom a receipt is about."""
    return handles(part.token("recipient_id"), part.token("recipient_user_id"), account)


def callee(part: Part, account: Account) -> tuple[Handle, ...]:
    """Handles of whom we wrote to or rang."""
    return handles(part.token("to"), part.token("to_user_id"), account)
