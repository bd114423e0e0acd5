"""What is on its way out, or was: listed by how it stands, and one message with what is written in it."""

from dataclasses import dataclass

from domain.access import Actor, Permission
from domain.contact import Channel
from domain.errors import InvalidInput, NotFound
from integration.ports.queue_records import OutgoingState, OutgoingWish
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.list_cases import MOST
from integration.usecases.sending_view import outgoing_body


@dataclass(frozen=True, slots=True)
class OutgoingQuestion:
    """Which messages; `after` continues a listing."""

    hotel_id: str | None = None
    state: OutgoingState | None = None
    case_id: str | None = None
    channel: Channel | None = None
    after: str | None = None
    limit: int = 50


async def list_outgoing(desk: Desk, actor: Actor, asked: OutgoingQuestion) -> Body:
    """Messages, newest first, without their texts; `next`: what to go on behind, None on the last page."""
    actor.require(Permission.READ)
    if not 1 <= asked.limit <= MOST:
        raise InvalidInput("A page has 1 to {most} rows.", most=MOST, field="limit")
    hotel = desk.hotel(asked.hotel_id).hotel_id if asked.hotel_id else None
    wish = OutgoingWish(hotel, asked.state, asked.case_id, asked.channel, asked.after)
    found = await desk.store.read(lambda tx: tx.list_outgoing(wish, asked.limit))
    following = found[-1].outbox_id if len(found) == asked.limit else None
    return {"outgoing": [outgoing_body(one, actor) for one in found], "next": following}


async def show_outgoing(desk: Desk, actor: Actor, outbox_id: str) -> Body:
    """One message with its text. NotFound."""
    actor.require(Permission.READ)
    one = await desk.store.read(lambda tx: tx.get_outgoing(outbox_id))
    if one is None:
        raise NotFound("There is no message {outbox_id}.", outbox_id=outbox_id, field="outbox_id")
    document = one.document
    return {
        **outgoing_body(one, actor),
        "subject": str(document.get("subject") or "") or None,
        "text": str(document.get("text") or ""),
        "use_by": str(document.get("use_by") or "") or None,
    }
