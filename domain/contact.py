"""A contact: one thing that passed between a guest and the hotel, on whatever channel.

A **Channel** is a way to be reached. A **Handle** is how a sender is known there, with how far that is proven: a number
the network vouches for, an id the provider gives, an address somebody typed. Handles are what guests are recognised
by; a text somebody wrote about himself is not a handle. A **Message** is one contact in writing; a call is the other
kind (`domain.case.Call`). Message times are the provider's when they are credible, see `credible_time`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from domain.case import CaseId
from domain.guest import ChannelIdentity, IdentityKind

MessageId = NewType("MessageId", str)
MOST_SKEW = timedelta(minutes=5)


class Channel(StrEnum):
    """Ways to be reached. `web_form` and `partner` bring leads, `payment` a payment provider's notices; the others
    carry conversations."""

    PHONE = "phone"
    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    WEB_CHAT = "web_chat"
    WEB_FORM = "web_form"
    PARTNER = "partner"
    EMAIL = "email"
    OTA = "ota"
    SMS = "sms"
    PAYMENT = "payment"


class Vouching(StrEnum):
    """Who says that a handle is the sender's: the network or provider that carried the contact, a code the guest sent
    back, a mail server's signature, nobody but the sender (`claimed`), or the agent who typed it."""

    NETWORK = "network"
    CODE = "code"
    SIGNED_MAIL = "signed_mail"
    PMS = "pms"
    CLAIMED = "claimed"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Handle:
    """`value` is canonical (E.164, lower-case address, the provider's id as given); `scope`: the business account, the
    OTA or the hotel within which it means anything, else empty."""

    kind: IdentityKind
    value: str
    scope: str = ""
    vouching: Vouching = Vouching.NETWORK

    @property
    def identity(self) -> ChannelIdentity:
        """What points to a guest, without who vouches for it."""
        return ChannelIdentity(self.kind, self.value, self.scope)


class Sender(StrEnum):
    """Who wrote: the guest, a person of ours, or a machine of ours (whose replies stop no clock)."""

    GUEST = "guest"
    AGENT = "agent"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came along. `kind`: image, audio, video, document, location, contact, sticker or unknown; `ref`:
    the provider's id of it. The bytes are not kept."""

    kind: str
    mime_type: str = ""
    ref: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a case. `at`: when it was written, by the rule of `credible_time`.

    `provider_id`: its number at the provider (inbound), or the one the provider gave when it accepted it (outbound).
    """

    message_id: MessageId
    case_id: CaseId
    channel: Channel
    sender: Sender
    at: datetime
    received_at: datetime
    text: str
    provider_id: str | None = None
    actor: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None


def credible_time(claimed: datetime | None, received_at: datetime) -> datetime:
    """The provider's instant when it is within five minutes of when we received it, else ours."""
    if claimed is not None and abs(claimed - received_at) <= MOST_SKEW:
        return claimed
    return received_at
