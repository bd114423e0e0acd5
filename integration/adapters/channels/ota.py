"""Messages that guests write inside Booking.com, as pulled from its Connectivity Messaging API.

`GET /messages/latest` answers up to a hundred messages of all properties of a machine account, again and again until
`PUT /messages?number_of_messages=N` confirms them; two accounts with the same property bring each message twice. The
message id is the number, the reservation the guest, the conversation the thread. What the property wrote comes along
too. A redacted message was taken back by Booking: its text is gone. The body was fetched by us over TLS: there is
nothing to prove. Source: developers.booking.com, "Managing messages".
"""

from dataclasses import dataclass

from domain.contact import Attachment, Channel, Handle, Sender
from domain.guest import IdentityKind
from integration.adapters.channels.events import key, one_of, said, unread, wrongly_typed
from integration.adapters.channels.reading import Part, read_json
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Received, Unreadable

_OTA = "booking"
_OURS = frozenset({"hotel", "property", "accommodation", "partner"})
_MACHINE = frozenset({"system", "booking"})
_MOST_ATTACHMENTS = 50


@dataclass(frozen=True, slots=True)
class BookingMessages:
    """A pulled batch. `account` of an arrival is `booking/` and the property's number."""

    channel: Channel = Channel.OTA
    answer: str = ""

    def receive(self, delivery: Delivery) -> Received:
        """Take a pulled batch apart."""
        body = read_json(delivery.body)
        if isinstance(body, Unreadable):
            return body
        data = body.part("data")
        rows = data.events("messages")
        found = [one_of(self.channel, _account(row), row, _message) for row in rows]
        if body.wrong or not body.has("data"):
            why = wrongly_typed(body) if body.wrong else "The batch has no data."
            found.append(unread(self.channel, _OTA, body, why))
        return tuple(found)


def number_to_confirm(body: bytes) -> int:
    """How many messages `PUT /messages` must confirm once the whole batch is stored; 0 when it cannot be known."""
    read = read_json(body)
    if isinstance(read, Unreadable):
        return 0
    data = read.part("data")
    told = data.whole("number_of_messages")
    return max(0, told) if told is not None else len(data.events("messages"))


def _account(row: Part) -> str:
    place = Part(row.raw).part("conversation").token("property_id")
    return f"{_OTA}/{place}" if place else _OTA


def _message(part: Part) -> Arrival | None:
    talk, sender = part.part("conversation"), part.part("sender").part("metadata")
    number, reservation = part.token("message_id"), talk.token("conversation_reference")
    if not number:
        return None
    role = sender.text("participant_type").lower()
    is_redacted = part.flag("is_redacted")
    return Arrival(
        Channel.OTA,
        _account(part),
        ArrivalKind.MESSAGE,
        key(number),
        (Handle(IdentityKind.OTA_RESERVATION, reservation, _OTA),) if reservation else (),
        part.when("timestamp"),
        name=sender.text("name") if _role(role) is Sender.GUEST else "",
        text="" if is_redacted else part.text("content"),
        thread=key(talk.token("conversation_id")),
        attachments=_attachments(part),
        sender=_role(role),
        is_automatic=_role(role) is Sender.AUTOMATIC,
        facts=said(
            redacted=is_redacted or None,
            type=part.text("message_type"),
            topic=talk.text("conversation_type"),
            participant=part.part("sender").token("participant_id"),
        ),
    )


def _role(role: str) -> Sender:
    """An unknown role is the guest's: better a person looks once too often."""
    if role in _OURS:
        return Sender.AGENT
    return Sender.AUTOMATIC if role in _MACHINE else Sender.GUEST


def _attachments(part: Part) -> tuple[Attachment, ...]:
    return tuple(Attachment("unknown", ref=one) for one in part.tokens("attachment_ids")[:_MOST_ATTACHMENTS])
