"""Answers a machine gives: outside opening hours, once, that nobody is here and from when on somebody is.

It is sent as `automatic`, so no clock takes it for an answer. It is not sent to another machine (a mail that says it
was written by one), not twice within half a day in a case, and not where the house has no way out. Above all it goes to
fresh messages only: a mailbox that is read for the first time, a replay, or what piled up while we were down must not
write to people who asked months ago. The time is the sender's own, however strange; a mail without one is not fresh.
And it must leave soon: half an hour later, or once somebody is here again, it is dropped.
The notice of data use goes along, since it is the first thing the guest reads from us.
"""

from datetime import UTC, datetime, timedelta

from domain.contact import MOST_SKEW, Channel, Sender
from domain.guest import ChannelIdentity
from domain.hours import is_open, next_opening
from domain.outbound import Purpose
from integration.errors import ServiceError
from integration.ports.queue_records import Outgoing, StoredMessage
from integration.ports.store import ReadTx, Tx
from integration.usecases.channel_roles_live import hotel_on, policy_of
from integration.usecases.contacts import ContactEvent, event_of, fact_of
from integration.usecases.desk import Desk
from integration.usecases.people import standing_case
from integration.usecases.queue_message import OUTBOX, Draft, language_of, put
from integration.usecases.templates import Writer

FRESH = timedelta(hours=2)
QUIET = timedelta(hours=12)
OF_USE_FOR = timedelta(minutes=30)
_SPOKEN = frozenset({Channel.WHATSAPP, Channel.INSTAGRAM, Channel.WEB_CHAT, Channel.EMAIL})


def answer_by_itself(
    desk: Desk, tx: Tx, hotel_id: str, row: StoredMessage, claimed: datetime | None
) -> Outgoing | None:
    """Queue the out-of-hours answer to a message just taken in, when one is due. `claimed`: when it was written, as it
    says itself; `row.at` is when we heard of it where that cannot be believed."""
    if not is_fresh(row, claimed, desk.clock.now()) or not _wants_one(desk, tx, hotel_id, row):
        return None
    hotel, now = hotel_on(desk, tx, hotel_id, row.channel), desk.clock.now()
    language = language_of(tx, hotel, row.guest_id, fact_of(row, "language"))
    opens = next_opening(now.timestamp(), policy_of(desk, tx, hotel_id, now, now).spans(row.channel.value))
    opens_at = None if opens == float("inf") else datetime.fromtimestamp(opens, UTC)
    written = Writer(desk.phrases, hotel, language).away(opens_at)
    draft = Draft(
        hotel_id=hotel_id,
        channel=row.channel,
        to=handle_of(row),
        purpose=Purpose.OUT_OF_HOURS,
        document=written.document(),
        case_id=row.case_id,
        guest_id=row.guest_id,
        sender=Sender.AUTOMATIC,
        key=f"away:{row.message_id}",
        more=threading(row) | {"use_by": min(now + OF_USE_FOR, opens_at or now + OF_USE_FOR).isoformat()},
    )
    return put(desk, tx, OUTBOX, draft)


def is_fresh(row: StoredMessage, claimed: datetime | None, now: datetime) -> bool:
    """Whether a message was written, and came to us, so lately that a machine may answer it."""
    if claimed is None and row.channel is Channel.EMAIL:
        return False
    return all(now - FRESH <= at <= now + MOST_SKEW for at in (claimed or row.at, row.at))


def _wants_one(desk: Desk, tx: ReadTx, hotel_id: str, row: StoredMessage) -> bool:
    now = desk.clock.now()
    is_message = row.sender is Sender.GUEST and event_of(row) is ContactEvent.MESSAGE and row.handle_kind is not None
    if not is_message or row.channel not in _SPOKEN or fact_of(row, "is_automatic"):
        return False
    if not _has_way_out(desk, hotel_id, row.channel):
        return False
    if is_open(now.timestamp(), policy_of(desk, tx, hotel_id, now, now).spans(row.channel.value)):
        return False
    case = standing_case(tx, row.case_id)
    sent = tx.outgoing_of_case(case.case_id if case is not None else row.case_id)
    return all(one.purpose != Purpose.OUT_OF_HOURS or now - one.created_at > QUIET for one in sent)


def _has_way_out(desk: Desk, hotel_id: str, channel: Channel) -> bool:
    """A carrier that is set up wrongly is none: what comes in must not wait for what goes out."""
    try:
        return desk.carriers.of(hotel_id, channel) is not None
    except ServiceError:
        return False


def handle_of(row: StoredMessage) -> ChannelIdentity:
    """Where a contact came from. LookupError for one that came from nowhere."""
    if row.handle_kind is None or row.handle_value is None:
        raise LookupError(row.message_id)
    return ChannelIdentity(row.handle_kind, row.handle_value, row.handle_scope or "")


def threading(row: StoredMessage) -> dict[str, object]:
    """What ties an answer to the message it answers."""
    found: dict[str, object] = {"account": row.account, "reply_to": row.provider_id or "", "thread": row.thread or ""}
    if row.channel is Channel.EMAIL:
        subject = fact_of(row, "subject")
        found |= {"in_reply_to": fact_of(row, "message_id")}
        found |= {"subject": subject if subject.lower().startswith("re:") else f"Re: {subject}"} if subject else {}
    return found
