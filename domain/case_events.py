"""What happens to a case, as far as its clocks and turns are concerned.

Events are sorted by when they happened, never by when they were heard of: providers deliver late, twice and out of
order. Only within one second, which is as finely as some providers stamp, does it count when we heard of them: a reply
that was on its way already answers nothing that came to us after it. What was also heard of at one instant stands by
kind: the guest speaks before he is answered, and what ends comes last. A case that is written to again within a day of
being solved goes on; later than that a new **run** of it begins.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor


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
    `heard_s`: when we heard of it (None: at once).
    """

    at_s: float
    kind: EventKind
    channel: str | None = None
    tags: tuple[str, ...] | None = None
    heard_s: float | None = None


def in_order(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """By second; within one by when they were heard of, then by kind. None is earlier than the one before it: what is
    put behind something of its own second begins no sooner.
    """
    ordered: list[CaseEvent] = []
    for one in sorted(events, key=_place):
        is_early = bool(ordered) and one.at_s < ordered[-1].at_s
        ordered.append(replace(one, at_s=ordered[-1].at_s) if is_early else one)
    return ordered


def _place(one: CaseEvent) -> tuple[int, float, float, int, str, tuple[str, ...]]:
    heard_s = one.at_s if one.heard_s is None else one.heard_s
    return floor(one.at_s), heard_s, one.at_s, _RANK[one.kind], one.channel or "", one.tags or ()


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
