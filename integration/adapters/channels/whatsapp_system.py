"""WhatsApp's own messages about a guest: a new number, a new user id, a new telephone behind the same number.

The old handle is given as `former`, so that whoever knows it can be found; the new one is what he has from now on. A
changed identity key (`customer_identity_changed`) means that the app was installed anew: usually the same person with
a new telephone, sometimes the number's next owner. The wire says so and draws no conclusion.
"""

from domain.contact import Channel, Handle
from integration.adapters.channels.events import key, said
from integration.adapters.channels.reading import Part
from integration.adapters.channels.whatsapp_people import Account, handles, sender
from integration.ports.channels import Arrival, ArrivalKind

_NEW_HANDLE = frozenset({"user_changed_number", "user_changed_user_id"})


def system_arrival(part: Part, person: Part, account: Account) -> Arrival | None:
    """A HANDLE_CHANGED, or None for a notice of a kind we do not know."""
    notice = part.part("system")
    kind = notice.text("type")
    former = sender(part, person, account) or handles("", notice.token("previous_user_id"), account)
    if kind in _NEW_HANDLE:
        new = handles(notice.token("wa_id") or notice.token("new_wa_id"), notice.token("user_id"), account)
    elif kind == "customer_identity_changed":
        new = former
    else:
        return None
    return _changed(part, account, kind, new, former) if new else None


def _changed(part: Part, account: Account, kind: str, new: tuple[Handle, ...], former: tuple[Handle, ...]) -> Arrival:
    return Arrival(
        Channel.WHATSAPP,
        account.number,
        ArrivalKind.HANDLE_CHANGED,
        key(part.token("id")),
        new,
        part.when("timestamp"),
        former=former,
        facts=said(change=kind),
    )
