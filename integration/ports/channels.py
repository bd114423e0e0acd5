"""What comes in from a channel, in our words, whatever the provider's wire looks like.

A provider delivers **bodies** (a webhook's bytes, a pulled batch, a mail). An adapter proves where a body comes from,
on its raw bytes, and takes it apart into **arrivals**, each with the number by which the provider can be told that it
was seen before. Nothing here stores or decides anything: that is the intake's work, in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.contact import Attachment, Channel, Handle, Sender


class ArrivalKind(StrEnum):
    """What can arrive. `other` is stored and left alone: an event type we do not know is not an error.

    An edit, a deletion or a reaction is `about` an earlier message; none of them is a message by itself. The text of a
    deleted message must no longer be shown.
    """

    MESSAGE = "message"
    MESSAGE_EDITED = "message_edited"
    MESSAGE_DELETED = "message_deleted"
    REACTION = "reaction"
    LEAD = "lead"
    RECEIPT = "receipt"
    CALL_RINGING = "call_ringing"
    CALL_ANSWERED = "call_answered"
    CALL_ENDED = "call_ended"
    HANDLE_CHANGED = "handle_changed"
    PAYMENT = "payment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event of a provider.

    `provider_id`: unique within (channel, account), made of the provider's own ids so that a repeated delivery has the
    same; `account`: the business number, page, mailbox or property it was sent to; `handles`: how the sender is known,
    best first; `at`: the provider's instant, None when it gave none; `thread`: conversation, call or mail thread it
    belongs to; `about`: the provider's number of the message a receipt or reply is about; `sender`: not the guest when
    a provider shows us what was written in our name; `former`: with `handle_changed`, how the sender was known before;
    `facts`: what else was said, by our names (a lead's `check_in`, `nights`, `adults`, `child_ages`, `source`; a call's
    `direction`, `cause`, `agent`, `queue`, `wait_s`, `talk_s`, `missed`; a receipt's `status`, `code`; a payment's
    `status`, `amount`, `currency`, `reference`; of an `other`, `why`).
    """

    channel: Channel
    account: str
    kind: ArrivalKind
    provider_id: str
    handles: tuple[Handle, ...] = ()
    at: datetime | None = None
    name: str = ""
    text: str = ""
    language: str = ""
    thread: str = ""
    about: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_automatic: bool = False
    sender: Sender = Sender.GUEST
    former: tuple[Handle, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A body as it came: raw bytes, header names in lower case, the public URL it was sent to, when it came.

    `is_proven`: its origin was proven when it came; it is read again from our store, where secrets are not kept.
    """

    body: bytes
    headers: Mapping[str, str]
    url: str
    received_at: datetime
    method: str = "POST"
    remote: str = ""
    is_proven: bool = False


class SignatureFault(StrEnum):
    """Why a delivery is not believed."""

    MISSING = "missing"
    WRONG = "wrong"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Unbelieved:
    """A delivery whose origin is not proven: answered 401 or 403, counted, and nothing of it is stored."""

    fault: SignatureFault


@dataclass(frozen=True, slots=True)
class Greeting:
    """A provider's check that we are there (a verification challenge, an empty test): answered with `body`."""

    body: str
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A proven body that cannot be read: stored as it is, answered 2xx, and shown to IT. `why`: one sentence."""

    why: str


Received = tuple[Arrival, ...] | Unbelieved | Greeting | Unreadable


class Wire(Protocol):
    """One provider's inbound dialect. Pure: no I/O, no clock; configured with its secrets once.

    One that can prove a delivery without taking it apart may have `prove(delivery)` too: Unbelieved, Greeting, or None.
    `answer`: what the body of the 2xx must say, whatever a proven delivery held (most providers look at the code only).
    """

    @property
    def channel(self) -> Channel: ...
    @property
    def answer(self) -> str: ...

    def receive(self, delivery: Delivery) -> Received:
        """Prove a delivery and take it apart. Never raises for hostile input."""
        ...
