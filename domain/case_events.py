"""What happens to a case, as far as its clocks and turns are concerned.

Events are sorted by when they happened, never by when they were heard of: providers deliver late, twice and out of
order. At one instant the guest speaks before he is answered, and what ends comes last. A case that is written to again
within a day of being solved goes on; later than that a new **run** of it begins.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen to a case's clocks.

    `guest_message`: anything the guest says in writing; `human_reply`: a person's answer, at the instant the provider
    accepted it; `auto_reply`: a machine's; `paused`, `resumed`: the guest must answer first; `changed`: another
    channel or other tags, hence other targets; `call_queued`, `call_answered`, `call_abandoned`: the guest joined the
    queue, was answered, gave up.
    """

    CHANGED = "changed"
    CALL_QUEUED = "call_queued"
    GUEST_MESSAGE = "guest_message"
    REOPENED = "reopened"
    RESUMED = "resumed"
    AUTO_REPLY = "auto_reply"
    CALL_ABANDONED = "call_abandoned"
    CALL_ANSWERED = "call_answered"
    HUMAN_REPLY = "human_reply"
    PAUSED = "paused"
    RESOLVED = "resolved"


_RANK = {kind: rank for rank, kind in enumerate(EventKind)}
_SPEAKS = frozenset({EventKind.GUEST_MESSAGE, EventKind.CALL_QUEUED, EventKind.REOPENED})


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing that happened, in seconds since 1970 (or any other zero the opening hours share).

    `channel`: where the guest spoke (None: on the case's channel; a call: by telephone), which decides target and hours
    of the wait it begins. With `changed`, `channel` and `tags` say what the case changes to (None: as before).
    """

    at_s: float
    kind: EventKind
    channel: str | None = None
    tags: tuple[str, ...] | None = None


def in_order(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """By time; at one instant the guest speaks before he is answered, and what ends comes last."""
    return sorted(events, key=lambda one: (one.at_s, _RANK[one.kind], one.channel or "", one.tags or ()))


def runs_of(events: list[CaseEvent], within_s: float) -> Iterator[list[CaseEvent]]:
    """The runs of a case, from events in order: cut where the guest comes back later than `within_s`."""
    run: list[CaseEvent] = []
    resolved_s: float | None = None
    for event in events:
        if resolved_s is not None and event.kind in _SPEAKS:
            if event.at_s - resolved_s > within_s:
                yield run
                run = []
            resolved_s = None
        if event.kind is EventKind.RESOLVED and resolved_s is None:
            resolved_s = event.at_s
        run.append(event)
    if run:
        yield run
