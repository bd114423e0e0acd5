"""Put a message into the outbox, in the transaction of whatever caused it. Nothing is sent here.

The row is unique by hotel, actor and request key, so the same request makes one message. What may not leave is refused
before it is queued: an advertisement without a consent that stands, and documents of a stay to an address that nobody
but an agent knows. The first message of a case on a channel carries the notice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.access import Actor, Role
from domain.case import CaseId
from domain.contact import Channel, Sender
from domain.errors import ChannelNotVerified, ConsentMissing, InFlight, InvalidInput
from domain.guest import ChannelIdentity, GuestId
from domain.hotel import HotelTerms
from domain.outbound import (
    ADDRESSES,
    CONSENT_OF,
    VERIFIED_BY,
    ConsentState,
    MessageKind,
    Purpose,
    check_not_commercial,
    longest_text,
)
from integration.ports.queue_records import Outgoing, OutgoingState
from integration.ports.store import ReadTx, Tx
from integration.usecases.channel_roles_live import hotel_on
from integration.usecases.desk import Desk
from integration.usecases.people import files_of, identities_of
from integration.usecases.templates import Writer
from integration.usecases.tracing import audit

OUTBOX = Actor("outbox", Role.ADMIN, "outbox")
LANGUAGES = frozenset({"tr", "en", "de", "ru"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be. `document`: `text`, and where it has them `subject`, `language`, `template`, `thread`."""

    hotel_id: str
    channel: Channel
    to: ChannelIdentity
    purpose: Purpose
    document: Mapping[str, object]
    case_id: CaseId | None = None
    guest_id: GuestId | None = None
    kind: MessageKind = MessageKind.TRANSACTIONAL
    sender: Sender = Sender.AGENT
    key: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


def put(desk: Desk, tx: Tx, actor: Actor, draft: Draft) -> Outgoing:
    """The queued row, or the one this key has made before. ConsentMissing; InvalidInput for a text that is too long."""
    known = tx.outgoing_of_key(draft.hotel_id, actor.name, draft.key)
    if known is not None:
        return known
    _check_consent(tx, draft)
    document = _with_notice(desk, tx, draft)
    _check_length(draft.channel, str(document.get("text", "")))
    now = desk.clock.now()
    row = Outgoing(
        outbox_id=desk.ids.new("out"),
        hotel_id=draft.hotel_id,
        channel=draft.channel,
        kind=draft.kind.value,
        purpose=draft.purpose.value,
        state=OutgoingState.QUEUED,
        case_id=draft.case_id,
        message_id=None,
        guest_id=draft.guest_id,
        handle_kind=draft.to.kind,
        handle_scope=draft.to.scope,
        handle_value=draft.to.value,
        actor=actor.name,
        request_key=draft.key,
        created_at=now,
        due_at=now,
        changed_at=now,
        document=document,
    )
    if not tx.add_outgoing(row):
        raise InFlight("This request is being carried out.", field="key")
    ids = {"hotel_id": row.hotel_id, "case_id": row.case_id, "guest_id": row.guest_id, "outbox_id": row.outbox_id}
    audit(tx, actor, now, f"{row.purpose}_queued", ids, fields=("channel",))
    return row


def _check_consent(tx: ReadTx, draft: Draft) -> None:
    if draft.kind is MessageKind.COMMERCIAL:
        if not has_consent(tx, draft.channel, draft.to):
            raise ConsentMissing(
                "Nobody has allowed advertisements to this address.",
                hint="Keep the guest's consent first: `santral guest consent`.",
            )
    elif draft.purpose not in {Purpose.REPLY, Purpose.CORRECTION}:
        check_not_commercial(str(draft.document.get("text", "")))


def has_consent(tx: ReadTx, channel: Channel, to: ChannelIdentity) -> bool:
    """Whether the newest record allows advertisements to this address in this way."""
    kind = CONSENT_OF.get(channel)
    found = tx.consent(to, kind.value) if kind is not None else None
    return found is not None and found.state == ConsentState.GRANTED


def _with_notice(desk: Desk, tx: ReadTx, draft: Draft) -> Mapping[str, object]:
    """The document with the notice below its text, if this is the first one of the case on the channel."""
    document = {**draft.document, "sender": draft.sender.value, **draft.more}
    if draft.case_id is None or draft.channel is Channel.PAYMENT:
        return document
    hotel = hotel_on(desk, tx, draft.hotel_id, draft.channel)
    line = Writer(desk.phrases, hotel, str(document.get("language", "en"))).notice()
    if not line or tx.get_notice(draft.case_id, draft.channel) is not None:
        return document
    on_its_way = {OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.UNKNOWN}
    others = [one for one in tx.outgoing_of_case(draft.case_id) if one.channel is draft.channel]
    if any(one.document.get("notice") and one.state in on_its_way for one in others):
        return document
    return {**document, "text": f"{document.get('text', '')}\n{line}", "notice": hotel.notice_version}


def _check_length(channel: Channel, text: str) -> None:
    most = longest_text(channel)
    if len(text) > most:
        raise InvalidInput("A message on this channel has {most} characters at most.", most=most, field="text")


def language_of(tx: ReadTx, hotel: HotelTerms, guest_id: GuestId | None, said: str = "") -> str:
    """The language to write in: the one he writes, else the guest's own, if it is served there, else the first that is.
    `hotel`: as it speaks on the channel (`channel_roles_live.hotel_on`)."""
    guest = tx.get_guest(guest_id) if guest_id is not None else None
    wanted = (said, guest.language if guest is not None else "", *hotel.languages[:1])
    served = LANGUAGES & set(hotel.languages) or LANGUAGES
    return next((one[:2] for one in wanted if one[:2] in served), "en")


def is_verified(tx: ReadTx, to: ChannelIdentity, channel: Channel, case_id: CaseId | None) -> bool:
    """Whether a network, a code or a signed mail vouches for an address, or the guest wrote from it in this case."""
    fact = tx.get_identity_fact(to)
    if fact is not None and fact.vouching in VERIFIED_BY:
        return True
    rows = tx.messages_of(case_id) if case_id is not None else []
    own = (to.kind, to.scope, to.value)
    wrote = (row for row in rows if row.sender is Sender.GUEST and row.channel is channel)
    return any((row.handle_kind, row.handle_scope, row.handle_value) == own for row in wrote)


def address_of(tx: ReadTx, guest_id: GuestId, channel: Channel, case_id: CaseId | None) -> ChannelIdentity:
    """Where to write to a person on a channel. InvalidInput when we have no address, ChannelNotVerified when nobody
    vouches for any."""
    found = list(_addresses(identities_of(tx, files_of(tx, guest_id)), channel))
    if not found:
        raise InvalidInput("The guest has no address for {channel}.", channel=channel.value, field="via")
    for one in found:
        if is_verified(tx, one, channel, case_id):
            return one
    raise ChannelNotVerified(
        "Nobody vouches that this address is the guest's ({channel}).",
        channel=channel.value,
        hint="Ask the guest to write to us from it, or take another channel.",
        field="via",
    )


def _addresses(identities: Iterable[ChannelIdentity], channel: Channel) -> Iterable[ChannelIdentity]:
    wanted = ADDRESSES.get(channel, ())
    known = list(identities)
    return (one for kind in wanted for one in known if one.kind is kind)
