"""Facts of cases: one for each run, read from the very clocks the service works by (`domain.clocks`).

A clock that was given up in time ran for nothing and says nothing; nor does the first response of a call that an agent
started when he took it, for nobody told how long it rang. A lead is missed when nobody answered it within the
target, or when its caller gave up and was not called back within 24 hours of the wall; it is won while a sale of it
stands. A case was handed over when a handoff to the telephone was raised in the run and somebody then spoke to the
guest there; one on a message channel is looked at again when it is a day old, for only then does it count as ripe.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from domain.case import Case, LeadStatus
from domain.case_events import CaseEvent, EventKind, in_order, runs_of
from domain.clocks import CaseClocks, read_clocks
from domain.contact import Channel, Sender
from domain.handoff import HandoffState
from domain.hotel import HotelTerms
from domain.kpi_facts import By, CaseFact
from domain.roles import MESSAGE_CHANNELS
from domain.sla import DAY_S, LATE, Clock, ClockState, ServicePolicy
from integration.usecases.contact_clock import clock_events, is_missed_of_old, missed_of_old
from integration.usecases.kpi_facts_calls import agents_of, unknown_queues
from integration.usecases.kpi_family import Family
from integration.usecases.lead_sales import lead_of

_MESSAGE = frozenset(channel.value for channel in MESSAGE_CHANNELS)
_SPOKEN = frozenset({EventKind.CALL_ANSWERED, EventKind.HUMAN_REPLY})
_TO_PERSON = frozenset({HandoffState.CONNECTED.value})


def case_facts(family: Family, hotel: HotelTerms, policy: ServicePolicy, by: By, now: datetime) -> list[CaseFact]:
    """One fact a run; none for a family without a case."""
    case = family.case
    if case is None:
        return []
    events = in_order(_events(family, case))
    runs = list(runs_of(events, policy.reopen_within_s))
    clocks = read_clocks(events, by.channel, case.tags, policy)
    ends = [*(run[0].at_s for run in runs[1:]), float("inf")]
    maker = _Maker(family, case, hotel, policy, by, now.timestamp(), lead_of(family))
    together = zip(runs, clocks, ends, strict=True)
    return [maker.fact(number, _Run(run, clock, end)) for number, (run, clock, end) in enumerate(together, 1)]


def _events(family: Family, case: Case) -> Iterable[CaseEvent]:
    """What its clocks are read from. The queue has nothing to do with calls that a file tells of long after nobody took
    them; here they count as they were."""
    if not family.rows:
        return _of_old(family, case)
    if _is_missed_of_old(family):
        return [*(event for row in family.rows for event in missed_of_old(row)), *clock_events((), family.done)]
    return clock_events(family.rows, family.done)


def _is_missed_of_old(family: Family) -> bool:
    """Whether it is nothing but such calls: then nothing was solved in it either."""
    return bool(family.rows) and all(is_missed_of_old(row) for row in family.rows)


def _of_old(family: Family, case: Case) -> Iterator[CaseEvent]:
    """A case from before the one queue has no contacts: it went on when it was opened, its calls were answered."""
    yield CaseEvent(case.opened_at.timestamp(), EventKind.RESUMED)
    yield from (CaseEvent(call.started_at.timestamp(), EventKind.CALL_ANSWERED, "phone") for call in family.calls)
    if case.resolved_at is not None:
        yield CaseEvent(case.resolved_at.timestamp(), EventKind.RESOLVED)


@dataclass(frozen=True, slots=True)
class _Run:
    events: Sequence[CaseEvent]
    clocks: CaseClocks
    until_s: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A clock as a fact has it."""

    seconds: float | None
    wall_s: float | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Maker:
    family: Family
    case: Case
    hotel: HotelTerms
    policy: ServicePolicy
    by: By
    now_s: float
    lead: LeadStatus | None

    def fact(self, number: int, run: _Run) -> CaseFact:
        """The fact of a run."""
        began = max(run.events[0].at_s, 0.0)
        opened = datetime.fromtimestamp(round(began, 3), UTC)
        first, solution = run.clocks.first_response, run.clocks.resolution
        frt, solved = self._read(first), self._read(solution)
        if first.started_s in unknown_queues(self.family.rows):
            frt = _Read(None, None, is_open=False)
        if _is_missed_of_old(self.family):
            solved = _Read(None, None, is_open=False)
        channel = (run.events[0].channel or self.by.channel) if number > 1 else self.by.channel
        lead = self.case.lead_status if number == 1 else None
        is_missed, recheck = self._missed(run, first) if lead is not None else (False, None)
        if channel in _MESSAGE and solved.is_open and self.now_s < began + DAY_S:
            recheck = min(began + DAY_S, recheck or began + DAY_S)
        is_live = frt.is_open or solved.is_open or recheck is not None
        targets = self.policy.book.targets(channel, self.case.tags, began)
        by = self.by
        return CaseFact(
            case_id=self.case.case_id,
            run=number,
            day=self.hotel.today(opened),
            by=By(by.hotel, channel, by.source, by.language, self._agent(run), by.segment, by.tags),
            opened_at=opened,
            is_message=channel in _MESSAGE,
            is_handed_over=self._is_handed_over(run),
            is_first_run=number == 1,
            lead_status=self.lead.value if self.lead else None,
            lost_reason=self.case.lost_reason if self.case.lead_status is LeadStatus.LOST else None,
            is_missed=is_missed,
            frt_s=frt.seconds,
            frt_wall_s=frt.wall_s,
            frt_target_s=first.target_s if first.ran else targets.first_response_s,
            is_frt_open=frt.is_open,
            resolution_s=solved.seconds,
            resolution_wall_s=solved.wall_s,
            resolution_target_s=solution.target_s,
            is_resolution_open=solved.is_open,
            as_of=_floored(self.now_s) if is_live else opened,
            is_paused=solved.is_open and not solution.is_running,
            recheck_at=None if recheck is None else datetime.fromtimestamp(ceil(recheck * 1000 - 0.001) / 1000, UTC),
            frt_channel=first.channel if frt.is_open else "",
            resolution_channel=solution.channel if solved.is_open else "",
        )

    def _read(self, clock: Clock) -> _Read:
        if not clock.ran or clock.state(self.now_s) is ClockState.DROPPED:
            return _Read(None, None, is_open=False)
        now = max(_floored(self.now_s).timestamp(), clock.ran[-1][0])
        seconds = self.policy.elapsed_s(clock, now)
        return _Read(round(seconds, 3), round(clock.wall_s(now), 3), is_open=clock.stopped_s is None)

    def _missed(self, run: _Run, first: Clock) -> tuple[bool, float | None]:
        """Whether a lead is missed by now, and when to look again."""
        if first.state(self.now_s) in LATE:
            return True, None
        looks = [first.due_s] if first.is_running and first.due_s is not None else []
        for one in run.events:
            if one.kind is not EventKind.CALL_ABANDONED:
                continue
            until = one.at_s + DAY_S
            if any(other.kind in _SPOKEN and one.at_s <= other.at_s <= until for other in run.events):
                continue
            if self.now_s >= until:
                return True, None
            looks.append(until)
        return False, min(looks, default=None)

    def _agent(self, run: _Run) -> str:
        """Whose it is; else who answered in writing, else on the telephone."""
        began = run.events[0].at_s
        wrote = (row.actor for row in self.family.rows if row.sender is Sender.AGENT and row.at.timestamp() >= began)
        spoke = agents_of([call for call in self.family.calls if call.started_at.timestamp() >= began - 1])
        return self.case.assignee or next((name for name in wrote if name), next(iter(spoke), ""))

    def _is_handed_over(self, run: _Run) -> bool:
        began = run.events[0].at_s
        raised = [
            one
            for one in self.family.handoffs
            if one.to_channel is Channel.PHONE and began <= one.triggered_at.timestamp() < run.until_s
        ]
        return any(self._was_spoken_to(one.triggered_at, one.history, run.until_s) for one in raised)

    def _was_spoken_to(self, since: datetime, history: Sequence[Sequence[str]], until_s: float) -> bool:
        if any(step[1] in _TO_PERSON for step in history if len(step) > 1):
            return True
        return any(
            since <= call.started_at and call.started_at.timestamp() < until_s and call.outcome != "abandoned"
            for call in self.family.calls
        )


def _floored(now_s: float) -> datetime:
    """Whole milliseconds, as the store keeps them."""
    at = datetime.fromtimestamp(now_s, UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
