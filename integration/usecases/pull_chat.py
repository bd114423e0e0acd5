"""Web chat: the hotel's own server fetches what was written to a visitor.

It signs its question as it signs what it delivers (Standard Webhooks over the body), so nobody else can read a chat by
guessing a visitor. `after` is the last message it has; the answer begins behind it. Nothing is marked as read by this.
"""

import json

from domain.contact import Channel, Sender
from domain.errors import InvalidInput
from domain.guest import ChannelIdentity, IdentityKind
from integration.ports.channels import Delivery, Unbelieved
from integration.ports.hooks import Hook
from integration.ports.queue_records import StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.views import instant

MOST = 200


async def pull_chat(desk: Desk, hook: Hook, delivery: Delivery) -> Body | Unbelieved:
    """`{"data": {"visitor_id", "after"}}` -> `messages[]{message_id, at, text, sender}` of ours, oldest first."""
    found = hook.wire.receive(delivery)
    if isinstance(found, Unbelieved):
        return found
    if hook.channel is not Channel.WEB_CHAT or not isinstance(found, tuple) or not found:
        raise InvalidInput("This is no web chat.")
    visitor, after = _asked(delivery.body)
    identity = ChannelIdentity(IdentityKind.WEB_VISITOR, visitor, found[0].account)
    return await desk.store.read(lambda tx: {"messages": _written(tx, identity, after)})


def _asked(body: bytes) -> tuple[str, str]:
    try:
        data = json.loads(body)["data"]
        visitor, after = data["visitor_id"], data.get("after") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput("Say which visitor.", field="visitor_id") from None
    if not isinstance(visitor, str) or not visitor or not isinstance(after, str):
        raise InvalidInput("Say which visitor.", field="visitor_id")
    return visitor, after


def _written(tx: ReadTx, identity: ChannelIdentity, after: str) -> list[Body]:
    guest = tx.find_guest(identity)
    rows = tx.messages_of_guest(guest.guest_id, MOST) if guest is not None else []
    own = [row for row in rows if _is_to(row, identity) and row.message_id > after]
    return [_shown(row) for row in sorted(own, key=lambda row: row.message_id)]


def _is_to(row: StoredMessage, identity: ChannelIdentity) -> bool:
    is_ours = row.sender is not Sender.GUEST and row.channel is Channel.WEB_CHAT
    return is_ours and (row.handle_scope, row.handle_value) == (identity.scope, identity.value)


def _shown(row: StoredMessage) -> Body:
    return {
        "message_id": row.message_id,
        "at": instant(row.at),
        "text": row.text,
        "sender": row.sender.value,
        "reply_to": row.reply_to,
    }
