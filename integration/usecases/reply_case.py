"""Answer a guest on the channel he wrote on, or on another one of the case he has written on.

The answer goes to where his latest message came from, in its thread. What an agent types is no template: it answers
somebody who wrote, so only the channel's window is asked. The first answer that a provider accepts stops the clock of
the first response (`sent_effects`).
"""

from domain.access import Actor, Permission
from domain.case import Case, CaseId
from domain.contact import Channel, Sender
from domain.errors import InvalidInput, NotFound, Refused, WindowClosed
from domain.outbound import ADDRESSES, Purpose, Window, window_of
from integration.ports.queue_records import StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.answers import Answer
from integration.usecases.channel_roles_live import hotel_on
from integration.usecases.contacts import fact_of
from integration.usecases.deliver import deliver_once
from integration.usecases.desk import Desk
from integration.usecases.notices import handle_of, threading
from integration.usecases.once import sealed
from integration.usecases.people import standing_case
from integration.usecases.queue_message import Draft, language_of


async def reply_case(desk: Desk, actor: Actor, case_id: str, text: str, key: str, via: Channel | None = None) -> Answer:
    """Answer in a case; the body is `outgoing_body`.

    NotFound; InvalidInput for an empty text or a case nobody wrote in; WindowClosed when only a template would be
    taken; Refused when the provider refuses; OutcomeUnknown.
    """
    actor.require(Permission.SELL)
    cleaned = text.strip()
    if not cleaned:
        raise InvalidInput("An answer needs a text.", field="text")
    hotel_id = (await desk.store.read(lambda tx: find_case(tx, case_id))).hotel_id

    def prepare(tx: Tx) -> Draft:
        case = find_case(tx, case_id)
        last = _last_of_guest(tx, case, via)
        _check_window(desk, last)
        hotel = hotel_on(desk, tx, hotel_id, last.channel)
        language = language_of(tx, hotel, last.guest_id, fact_of(last, "language") or case.language)
        return Draft(
            hotel_id=hotel_id,
            channel=last.channel,
            to=handle_of(last),
            purpose=Purpose.REPLY,
            document={"text": cleaned, "language": language, **threading(last)},
            case_id=case.case_id,
            guest_id=last.guest_id,
            key=key,
        )

    command = {"case_id": case_id, "via": via.value if via else None, "typed": sealed(key, cleaned)}
    return await deliver_once(desk, actor, hotel_id, key, verb="reply_case", command=command, prepare=prepare)


def find_case(tx: ReadTx, case_id: str) -> Case:
    """The case, or the one it was joined into; NotFound."""
    found = standing_case(tx, CaseId(case_id))
    if found is None:
        raise NotFound("There is no case {case_id}.", case_id=case_id, field="case_id")
    return found


def _last_of_guest(tx: ReadTx, case: Case, via: Channel | None) -> StoredMessage:
    rows = [row for row in tx.messages_of(case.case_id) if row.sender is Sender.GUEST and row.handle_kind is not None]
    wanted = [row for row in rows if row.handle_kind in ADDRESSES.get(row.channel, ())]
    found = [row for row in wanted if via is None or row.channel is via]
    if not found:
        raise Refused(
            "Nobody has written in case {case_id} on a channel that takes an answer.",
            case_id=case.case_id,
            hint=", ".join(sorted({row.channel.value for row in wanted})),
        )
    return max(found, key=lambda row: (row.at, row.message_id))


def _check_window(desk: Desk, last: StoredMessage) -> None:
    if window_of(last.channel, last.at, desk.clock.now()) is Window.CLOSED:
        raise WindowClosed(
            "The guest wrote too long ago: {channel} takes no free text now.",
            channel=last.channel.value,
            hint="Call the guest, or send an offer: that goes out by an approved template.",
        )
