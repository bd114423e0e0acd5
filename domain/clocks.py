"""The clocks of a case, read from what happened to it (docs/algorithms/sla-clocks.md; tests cite its numbers).

`read_clocks` folds a case's events into its clocks. It sorts them first, by time and then by what they are, so events
may come in any order: one that arrives late gives what it would have given in time. The fold keeps no clock running
by itself; it asks when the oldest unanswered word of the guest was, and who answered it when.

A case that is written to again within a day of being solved goes on; later than that it is a new run with clocks of
its own, and the earlier run keeps its result.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from domain.case_events import CaseEvent, EventKind, in_order, runs_of
from domain.hours import business_seconds
from domain.sla import (
    IDLE_CLOCK,
    LATE,
    Clock,
    Interval,
    ServicePolicy,
    Targets,
    make_clock,
)


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The clocks of one run of a case.

    `next_response` is the one that runs, else the last; `next_waits` counts those that have ended, `next_late` the
    late ones among them; `stood_still_s`: wall seconds of pauses and of being taken for solved. `channel` and `tags`
    are those at the end of the events.
    """

    channel: str
    tags: tuple[str, ...]
    first_response: Clock
    next_response: Clock
    resolution: Clock
    next_waits: int = 0
    next_late: int = 0
    reopens: int = 0
    stood_still_s: float = 0.0

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that time passes on."""
        return tuple(one for one in (self.first_response, self.next_response, self.resolution) if one.is_running)

    @property
    def due_s(self) -> float | None:
        """The earliest instant at which a running clock is due: what a list of open cases is sorted by."""
        return min((one.due_s for one in self.running if one.due_s is not None), default=None)

    @property
    def warn_s(self) -> float | None:
        """The earliest instant at which to warn."""
        return min((one.warn_s for one in self.running if one.warn_s is not None), default=None)

    def is_late(self, now_s: float) -> bool:
        """Whether any of the three is late."""
        return any(one.state(now_s) in LATE for one in (self.first_response, self.next_response, self.resolution))


def read_clocks(
    events: Iterable[CaseEvent], channel: str, tags: tuple[str, ...], policy: ServicePolicy
) -> tuple[CaseClocks, ...]:
    """The clocks of each run of a case, oldest first; the last one is what stands now. Empty without events.

    `channel` and `tags` are those the case began with.
    """
    read: list[CaseClocks] = []
    for run in runs_of(in_order(events), policy.reopen_within_s):
        fold = _Fold(channel, tags, policy, run[0].at_s)
        for event in run:
            _STEPS[event.kind](fold, event)
        read.append(fold.clocks())
        channel, tags = fold.channel, fold.tags
    return tuple(read)


_Word = tuple[float, str | None]


@dataclass(slots=True)
class _Wait:
    """A wait of the guest that has ended."""

    since_s: float
    until_s: float
    target_s: float
    channel: str
    is_answered: bool


class _Fold:
    """What is known of a run so far. Waits are from the guest's oldest unanswered word to whatever ends it."""

    __slots__ = (
        "_call",
        "_first",
        "_is_first",
        "_last",
        "_message",
        "_policy",
        "_resolved_s",
        "_worked",
        "channel",
        "late",
        "reopens",
        "tags",
        "waits",
    )

    def __init__(self, channel: str, tags: tuple[str, ...], policy: ServicePolicy, began_s: float) -> None:
        self.channel, self.tags = channel, tags
        self.waits = self.late = self.reopens = 0
        self._policy = policy
        self._message: _Word | None = None
        self._call: _Word | None = None
        self._first: _Wait | None = None
        self._last: _Wait | None = None
        self._is_first = True
        self._worked: list[Interval] = [(began_s, None)]
        self._resolved_s: float | None = None

    def clocks(self) -> CaseClocks:
        """The clocks as they stand after the last event."""
        first, following = self._ended(self._first), self._ended(self._last)
        word = self._oldest_word()
        if word is not None:
            target, channel = self._promise(word)
            spans, alarms = self._policy.spans(channel), self._policy.alarms
            running = make_clock(((word[0], None),), target, spans, alarms, channel=channel)
            first, following = (running, following) if self._is_first else (first, running)
        solution = make_clock(
            tuple(self._worked),
            self._targets(self.channel).resolution_s,
            self._policy.spans(self.channel),
            self._policy.alarms,
            channel=self.channel,
            stopped_s=self._resolved_s,
            is_answered=self._resolved_s is not None,
        )
        return CaseClocks(
            channel=self.channel,
            tags=self.tags,
            first_response=first,
            next_response=following,
            resolution=solution,
            next_waits=self.waits,
            next_late=self.late,
            reopens=self.reopens,
            stood_still_s=sum(
                start - end
                for (_, end), (start, _) in zip(self._worked, self._worked[1:], strict=False)
                if end is not None
            ),
        )

    def speak(self, event: CaseEvent) -> None:
        """The guest says something: the wait begins unless it runs, a pause and a solution are over."""
        if self._message is None:
            self._message = (event.at_s, event.channel)
        self.go_on(event)

    def ring(self, event: CaseEvent) -> None:
        """The guest joins the queue."""
        if self._call is None:
            self._call = (event.at_s, event.channel or "phone")
        self.go_on(event)

    def go_on(self, event: CaseEvent) -> None:
        """Work goes on: after a pause, or because a solution was none."""
        if self._resolved_s is not None:
            self._resolved_s = None
            self.reopens += 1
        if self._worked[-1][1] is not None:
            self._worked.append((event.at_s, None))

    def resume(self, event: CaseEvent) -> None:
        """A pause ends; a solved case stays solved."""
        if self._resolved_s is None:
            self.go_on(event)

    def answer(self, event: CaseEvent) -> None:
        """A person answers everything said so far."""
        self._end_wait(event.at_s, is_answered=True)
        self._message = self._call = None

    def give_up(self, event: CaseEvent) -> None:
        """The guest hangs up in the queue: the call's wait ends, a message stays unanswered."""
        if self._call is None:
            return
        if self._message is None or self._call[0] <= self._message[0]:
            self._end_wait(event.at_s, is_answered=False)
        self._call = None

    def pause(self, event: CaseEvent) -> None:
        """The guest must answer: the resolution stands still. A wait for us does not."""
        if self._worked[-1][1] is None:
            self._worked[-1] = (self._worked[-1][0], event.at_s)

    def resolve(self, event: CaseEvent) -> None:
        """The work is done; nobody is kept waiting any more."""
        if self._resolved_s is None:
            self._end_wait(event.at_s, is_answered=False)
            self._message = self._call = None
            self.pause(event)
            self._resolved_s = event.at_s

    def change(self, event: CaseEvent) -> None:
        """Another channel or other tags: clocks that run are held to other targets, from the same start."""
        self.channel = event.channel or self.channel
        self.tags = self.tags if event.tags is None else event.tags

    def nothing(self, event: CaseEvent) -> None:
        """A machine's answer stops no clock."""

    def _oldest_word(self) -> _Word | None:
        message, call = self._message, self._call
        if message is None or call is None:
            return call if message is None else message
        return call if call[0] <= message[0] else message

    def _targets(self, channel: str) -> Targets:
        """By the rows that were valid when the run began."""
        return self._policy.book.targets(channel, self.tags, self._worked[0][0])

    def _promise(self, word: _Word) -> tuple[float, str]:
        """Target and channel of a wait: it is held to the channel it began on."""
        channel = word[1] or self.channel
        targets = self._targets(channel)
        return targets.first_response_s if self._is_first else targets.next_response_s, channel

    def _end_wait(self, at_s: float, *, is_answered: bool) -> None:
        """A wait is over. One that was dropped does not count: the guest's next word begins the first one anew."""
        word = self._oldest_word()
        if word is None:
            return
        target, channel = self._promise(word)
        wait = _Wait(word[0], at_s, target, channel, is_answered)
        is_late = business_seconds(word[0], at_s, self._policy.spans(channel)) >= target
        if self._is_first:
            self._first, self._is_first = wait, not (is_answered or is_late)
            return
        self._last = wait
        self.waits += 1
        self.late += is_late

    def _ended(self, wait: _Wait | None) -> Clock:
        if wait is None:
            return IDLE_CLOCK
        return make_clock(
            ((wait.since_s, wait.until_s),),
            wait.target_s,
            self._policy.spans(wait.channel),
            self._policy.alarms,
            channel=wait.channel,
            stopped_s=wait.until_s,
            is_answered=wait.is_answered,
        )


_STEPS: Mapping[EventKind, Callable[[_Fold, CaseEvent], None]] = {
    EventKind.CHANGED: _Fold.change,
    EventKind.CALL_QUEUED: _Fold.ring,
    EventKind.GUEST_MESSAGE: _Fold.speak,
    EventKind.REOPENED: _Fold.go_on,
    EventKind.RESUMED: _Fold.resume,
    EventKind.AUTO_REPLY: _Fold.nothing,
    EventKind.CALL_ABANDONED: _Fold.give_up,
    EventKind.CALL_ANSWERED: _Fold.answer,
    EventKind.HUMAN_REPLY: _Fold.answer,
    EventKind.PAUSED: _Fold.pause,
    EventKind.RESOLVED: _Fold.resolve,
}
