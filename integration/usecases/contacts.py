"""Contacts as they are kept: a row of `messages` each, whatever the channel.

A message in writing, a form, a ring of the telephone: each is a row with its instant, the guest file its sender pointed
to, and in `document` what it is (`event`) and what its words said (`marks`, `language`), read once when it came in.
What is derived from a case's contacts is sorted by `order_of`: by the second in which they happened, within it by when
we heard of them, as `domain.case_events` has it. A step of a call is placed by the exchange's own clock alone.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from math import floor

from domain.case import CallId
from domain.contact import Sender
from domain.signals import Mark, mark_called
from integration.ports.queue_records import StoredMessage


class ContactEvent(StrEnum):
    """What a contact is: a message, a form, or a step of a call."""

    MESSAGE = "message"
    LEAD = "lead"
    CALL_QUEUED = "call_queued"
    CALL_ANSWERED = "call_answered"
    CALL_ENDED = "call_ended"


SETTLED = "settled"
CALL_STEPS = frozenset({ContactEvent.CALL_QUEUED, ContactEvent.CALL_ANSWERED, ContactEvent.CALL_ENDED})


def event_of(row: StoredMessage) -> ContactEvent:
    """What a row is."""
    return ContactEvent(str(row.document.get("event") or ContactEvent.MESSAGE))


def fact_of(row: StoredMessage, name: str) -> str:
    """Something else that was said of it; empty when it was not."""
    found = row.document.get(name)
    return "" if found is None else str(found)


def marks_of(row: StoredMessage) -> tuple[Mark, ...]:
    """What its words say."""
    found = row.document.get("marks")
    return tuple(mark_called(str(name)) for name in found) if isinstance(found, list | tuple) else ()


def number_of(row: StoredMessage) -> str:
    """A number that does not depend on when a contact was heard of: the provider's, or ours for what only we know."""
    return f"{row.channel.value}:{row.account}:{row.provider_id or row.message_id}"


def heard_of(row: StoredMessage) -> datetime:
    """When we knew of a contact. What we sent we knew when it was taken; steps of a call are told in one go, in any
    order, so there the exchange's own clock counts."""
    is_ours = row.sender is not Sender.GUEST and row.actor is not None
    return row.at if is_ours or event_of(row) in CALL_STEPS else row.received_at


def order_of(row: StoredMessage) -> tuple[int, float, float, str]:
    """By second; within one by when we heard of it, then by time and number."""
    at_s = row.at.timestamp()
    return floor(at_s), heard_of(row).timestamp(), at_s, number_of(row)


def is_later(row: StoredMessage, than: datetime) -> bool:
    """Whether a contact came after something of ours, by the same rule."""
    return (floor(row.at.timestamp()), heard_of(row)) > (floor(than.timestamp()), than)


def call_of(row: StoredMessage) -> CallId:
    """The call of ours that this contact is of, whether an agent opened it or the exchange; empty for none."""
    return CallId(fact_of(row, "call_id") or row.provider_id or "") if event_of(row) in CALL_STEPS else CallId("")


def in_order(rows: Iterable[StoredMessage]) -> list[StoredMessage]:
    """Oldest first."""
    return sorted(rows, key=order_of)


def is_from_guest(row: StoredMessage) -> bool:
    """Whether the guest himself said or did it."""
    return row.sender is Sender.GUEST and fact_of(row, "direction") != "out"
