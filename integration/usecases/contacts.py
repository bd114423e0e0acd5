"""Contacts as they are kept: a row of `messages` each, whatever the channel.

A message in writing, a form, a ring of the telephone: each is a row with its instant, the guest file its sender pointed
to, and in `document` what it is (`event`) and what its words said (`marks`, `language`), read once when it came in.
What is derived from a case's contacts is sorted by `order_of`, which knows nothing of when they were heard of.
"""

from collections.abc import Iterable
from enum import StrEnum

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


def order_of(row: StoredMessage) -> tuple[float, str]:
    """By time, then by number."""
    return row.at.timestamp(), number_of(row)


def in_order(rows: Iterable[StoredMessage]) -> list[StoredMessage]:
    """Oldest first."""
    return sorted(rows, key=order_of)


def is_from_guest(row: StoredMessage) -> bool:
    """Whether the guest himself said or did it."""
    return row.sender is Sender.GUEST and fact_of(row, "direction") != "out"
