"""What the telephone wires share: causes in one list of words, and facts of a call under our names.

Each exchange has its own words for why a call ended. They become those of the neutral CTI format, in snake case;
an unknown one is kept as it is. `missed` is said only where the exchange itself says whether somebody answered: a
wire remembers nothing, so it cannot know that no answer came before. Times that come without a zone are on the clocks
of the exchange.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from domain.contact import Channel, Handle
from integration.adapters.channels.events import Reader, one_of, said
from integration.adapters.channels.proof import Doorkeeper
from integration.adapters.channels.reading import Part
from integration.ports.channels import Arrival, ArrivalKind, Delivery, Greeting, Received, Unbelieved, Unreadable

ISTANBUL = ZoneInfo("Europe/Istanbul")
_CAUSES = {
    "normalclearing": "normal_clearing",
    "normal_clearing": "normal_clearing",
    "normal_unspecified": "normal_clearing",
    "completed": "normal_clearing",
    "busy": "busy",
    "user_busy": "busy",
    "cancel": "cancel",
    "canceled": "cancel",
    "originator_cancel": "cancel",
    "noanswer": "no_answer",
    "no-answer": "no_answer",
    "no_answer": "no_answer",
    "allotted_timeout": "no_answer",
    "no_user_response": "no_answer",
    "congestion": "congestion",
    "failed": "failed",
    "notfound": "not_found",
    "unallocated_number": "not_found",
    "no_route_destination": "not_found",
    "invalid_number_format": "not_found",
    "forwarded": "forwarded",
    "redirection_to_new_destination": "forwarded",
    "call_rejected": "rejected",
    "incoming_call_barred": "rejected",
}


def one_event(
    door: Doorkeeper, account: str, delivery: Delivery, read: Callable[[Delivery], Part | Unreadable], event: Reader
) -> Received:
    """Prove a delivery of an exchange that signs nothing and read its one event; the empty test post is greeted."""
    fault = door.fault(delivery)
    if fault is not None:
        return Unbelieved(fault)
    if not delivery.body.strip():
        return Greeting("OK")
    body = read(delivery)
    if isinstance(body, Unreadable):
        return body
    return (one_of(Channel.PHONE, account, body, event),)


def cause_of(word: str) -> str:
    """Why a call ended, in our word."""
    return _CAUSES.get(word.strip().lower(), word.strip().lower())


def call(
    account: str,
    kind: ArrivalKind,
    provider_id: str,
    thread: str,
    handles: tuple[Handle, ...],
    at: datetime | None,
    **facts: str | int | bool | None,
) -> Arrival:
    """One event of a call; `thread` is the call's id."""
    return Arrival(Channel.PHONE, account, kind, provider_id, handles, at, thread=thread, facts=said(**facts))


def iso(at: datetime | None) -> str:
    """An instant as a fact."""
    return at.isoformat().replace("+00:00", "Z") if at is not None else ""


def zone_of(name: str) -> tzinfo:
    """A zone by its name."""
    return ISTANBUL if name == ISTANBUL.key else ZoneInfo(name)
