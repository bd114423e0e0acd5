"""Service targets, and a clock that is judged by them.

Three clocks run on a case: **first response** and **next response** from the oldest unanswered word of the guest to a
person's answer, **resolution** from the first contact until the work is done. What they are held to is data: a
`TargetRow` says it for a channel, a tag, both or neither, and from which instant; a case is judged by the rows that
were valid when it began, so a new target never makes an old case late.

A clock is kept as instants, not as a state: when it ran, when it is due, when to warn. So what is due can be stored
and searched, and `state` is two comparisons. Times are seconds; a target counts open hours only, and the wall clock
stands beside it. At the instant it is due a clock is late, not after it: 120 s means less than 120 s.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.hours import ALWAYS_OPEN, OpenSpans, business_seconds, deadline

Interval = tuple[float, float | None]


class ClockState(StrEnum):
    """Where a clock stands. `dropped`: it ended without an answer while there was still time for one."""

    IDLE = "idle"
    RUNNING = "running"
    WARNING = "warning"
    BREACHED = "breached"
    ESCALATED = "escalated"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"


LATE = frozenset({ClockState.BREACHED, ClockState.ESCALATED, ClockState.MISSED})


@dataclass(frozen=True, slots=True)
class Targets:
    """Seconds of service time within which a case is to be answered and solved."""

    first_response_s: float
    next_response_s: float
    resolution_s: float


@dataclass(frozen=True, slots=True)
class TargetRow:
    """Targets for a channel and a tag, each None for any; a target left None is taken from a wider row."""

    channel: str | None = None
    tag: str | None = None
    first_response_s: float | None = None
    next_response_s: float | None = None
    resolution_s: float | None = None
    effective_from_s: float = float("-inf")


QUICK_S = 120.0
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
DEFAULT_TARGETS = (
    TargetRow(first_response_s=QUICK_S, resolution_s=HOUR_S),
    TargetRow("phone", first_response_s=20.0),
    TargetRow("email", first_response_s=4 * HOUR_S, resolution_s=8 * HOUR_S),
    TargetRow("ota", first_response_s=12 * HOUR_S, resolution_s=24 * HOUR_S),
)


@dataclass(frozen=True, slots=True)
class TargetBook:
    """All rows of all times. The nearest row decides each target: channel and tag, then tag, then channel, then none;
    of several tags the strictest. A later row replaces the earlier one of the same channel and tag."""

    rows: tuple[TargetRow, ...] = DEFAULT_TARGETS
    _froms: tuple[float, ...] = field(init=False, repr=False)
    _found: dict[tuple[int, str, tuple[str, ...]], Targets] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """ValueError unless some row without channel and tag gives a first response and a resolution at all times."""
        always = [
            row for row in self.rows if (row.channel, row.tag, row.effective_from_s) == (None, None, float("-inf"))
        ]
        if not any(row.first_response_s for row in always) or not any(row.resolution_s for row in always):
            raise ValueError("targets need a first response and a resolution for any channel and tag, valid always")
        object.__setattr__(self, "_froms", tuple(sorted({row.effective_from_s for row in self.rows})))
        object.__setattr__(self, "_found", {})

    def targets(self, channel: str, tags: tuple[str, ...], started_s: float) -> Targets:
        """The targets of a case that began at `started_s`."""
        version = bisect_right(self._froms, started_s)
        found = self._found.get((version, channel, tags))
        if found is None:
            valid = [row for row in self.rows if row.effective_from_s <= started_s]
            found = self._found[version, channel, tags] = _looked_up(valid, channel, tags)
        return found


def _looked_up(valid: Sequence[TargetRow], channel: str, tags: Sequence[str]) -> Targets:
    latest: dict[tuple[str | None, str | None, str], tuple[float, float]] = {}
    for row in valid:
        for name in ("first_response_s", "next_response_s", "resolution_s"):
            seconds: float | None = getattr(row, name)
            known = latest.get((row.channel, row.tag, name))
            if seconds is not None and (known is None or row.effective_from_s >= known[0]):
                latest[row.channel, row.tag, name] = (row.effective_from_s, seconds)

    def nearest(name: str) -> float | None:
        wider: tuple[list[tuple[str | None, str | None]], ...] = (
            [(channel, tag) for tag in tags],
            [(None, tag) for tag in tags],
            [(channel, None)],
            [(None, None)],
        )
        for level in wider:
            given = [latest[channel, tag, name][1] for channel, tag in level if (channel, tag, name) in latest]
            if given:
                return min(given)
        return None

    first = nearest("first_response_s") or QUICK_S
    return Targets(first, nearest("next_response_s") or first, nearest("resolution_s") or HOUR_S)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: the intervals it ran in (the last one open while it runs), its target, and the instants that follow.

    `due_s`, `warn_s`, `escalate_s` are None when nothing runs towards them (idle, paused, past the known hours);
    the latter two also once it has stopped.
    `is_answered`: it was stopped by what it waits for; a clock may also be stopped by nothing (`dropped`). `service_s`:
    open seconds in the intervals that have ended; `channel`: the one whose target and hours it is held to.
    """

    ran: tuple[Interval, ...] = ()
    target_s: float = 0.0
    due_s: float | None = None
    warn_s: float | None = None
    escalate_s: float | None = None
    stopped_s: float | None = None
    is_answered: bool = False
    service_s: float = 0.0
    channel: str = ""

    @property
    def started_s(self) -> float | None:
        """When it first ran."""
        return self.ran[0][0] if self.ran else None

    @property
    def is_running(self) -> bool:
        """Whether time is passing on it."""
        return self.stopped_s is None and bool(self.ran) and self.ran[-1][1] is None

    def state(self, now_s: float) -> ClockState:
        """Where it stands at an instant that is not before its last event."""
        if not self.ran:
            return ClockState.IDLE
        if self.stopped_s is not None:
            if self.due_s is not None and self.due_s <= self.stopped_s:
                return ClockState.MISSED
            return ClockState.MET if self.is_answered else ClockState.DROPPED
        if self.due_s is not None and self.due_s <= now_s:
            is_told = self.escalate_s is not None and self.escalate_s <= now_s
            return ClockState.ESCALATED if is_told else ClockState.BREACHED
        if self.ran[-1][1] is not None:
            return ClockState.PAUSED
        is_near = self.warn_s is not None and self.warn_s <= now_s
        return ClockState.WARNING if is_near else ClockState.RUNNING

    def elapsed_s(self, now_s: float, spans: OpenSpans) -> float:
        """Service seconds so far: the result of a stopped clock, a lower bound of one that runs (right-censored).

        `spans`: the opening hours of the clock's channel; `ServicePolicy.elapsed_s` knows them.
        """
        since = self.ran[-1][0] if self.is_running else now_s
        return self.service_s + business_seconds(since, now_s, spans)

    def wall_s(self, now_s: float) -> float:
        """Seconds by the wall clock, pauses left out."""
        return sum((now_s if end is None else end) - start for start, end in self.ran)


IDLE_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Alarms:
    """When to speak up, as parts of a target: a warning before it is reached, an escalation at or after it."""

    warn_at: float = 0.75
    escalate_at: float = 1.5

    def __post_init__(self) -> None:
        """ValueError unless the warning comes before the target and the escalation not before it."""
        if not 0 < self.warn_at < 1 <= self.escalate_at:
            raise ValueError("a warning comes before the target is reached, an escalation not before it")


DEFAULT_ALARMS = Alarms()


def make_clock(
    ran: Sequence[Interval],
    target_s: float,
    spans: OpenSpans,
    alarms: Alarms = DEFAULT_ALARMS,
    *,
    channel: str = "",
    stopped_s: float | None = None,
    is_answered: bool = False,
) -> Clock:
    """A clock that ran in these intervals, in order; the last may be open."""
    is_stopped = stopped_s is not None
    due = reached(ran, target_s, spans, is_stopped=is_stopped)
    warn = None if is_stopped else reached(ran, target_s * alarms.warn_at, spans)
    escalate = None if is_stopped else reached(ran, target_s * alarms.escalate_at, spans)
    service = service_seconds(ran, spans)
    return Clock(tuple(ran), target_s, due, warn, escalate, stopped_s, is_answered, service, channel)


def service_seconds(ran: Iterable[Interval], spans: OpenSpans) -> float:
    """Open seconds in the closed ones of the intervals."""
    total = 0.0
    for start, end in ran:
        if end is not None:
            total += business_seconds(start, end, spans)
    return total


def reached(ran: Sequence[Interval], amount_s: float, spans: OpenSpans, *, is_stopped: bool = False) -> float | None:
    """The instant at which so much service time has passed on a clock; None when it will not as things stand.

    A stopped clock answers as if it had run on.
    """
    left, last = amount_s, len(ran) - 1
    for index, (start, end) in enumerate(ran):
        if end is None or (is_stopped and index == last):
            at = deadline(start, left, spans)
            return None if at == float("inf") else at
        passed = business_seconds(start, end, spans)
        if passed >= left > 0:
            return deadline(start, left, spans)
        left -= passed
    return None


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """What a hotel promises: targets, opening hours by channel (any other channel: always open), alarms, and how long
    a solved case may be taken up again."""

    book: TargetBook = field(default_factory=TargetBook)
    hours: Mapping[str, OpenSpans] = field(default_factory=dict)
    alarms: Alarms = DEFAULT_ALARMS
    reopen_within_s: float = DAY_S

    def spans(self, channel: str) -> OpenSpans:
        """The opening hours of a channel."""
        return self.hours.get(channel, ALWAYS_OPEN)

    def elapsed_s(self, clock: Clock, now_s: float) -> float:
        """Service seconds of a clock, by the hours of its channel; a lower bound while it runs."""
        return clock.elapsed_s(now_s, self.spans(clock.channel))
