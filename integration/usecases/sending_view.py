"""An outgoing message in the words of the contract: where it stands, to whom (masked), and what went wrong."""

from collections.abc import Callable

from domain.access import Actor, Permission, mask_email, mask_id, mask_phone
from domain.guest import IdentityKind
from integration.ports.queue_records import Outgoing
from integration.usecases.answers import Body
from integration.usecases.views import instant

_MASKS: dict[IdentityKind, Callable[[str], str]] = {
    IdentityKind.PHONE: mask_phone,
    IdentityKind.EMAIL: mask_email,
    IdentityKind.OTA_RELAY: mask_email,
}


def outgoing_body(one: Outgoing, actor: Actor) -> Body:
    """`status`: queued, sending, accepted, delivered, read, failed, undeliverable, unknown or held."""
    clear = actor.may(Permission.SEE_CLEAR)
    to = one.handle_value if clear else _MASKS.get(one.handle_kind, mask_id)(one.handle_value)
    return {
        "outbox_id": one.outbox_id,
        "case_id": one.case_id,
        "hotel_id": one.hotel_id,
        "channel": one.channel.value,
        "kind": one.kind,
        "purpose": one.purpose,
        "status": one.state.value,
        "to": to,
        "message_id": one.message_id,
        "provider_id": one.provider_id,
        "created_at": instant(one.created_at),
        "changed_at": instant(one.changed_at),
        "attempts": one.attempts,
        "problem": one.problem,
    }
