"""Open time and clocks hold for any hours and any story: docs/algorithms/sla-clocks.md.

The clocks are compared with a model that knows nothing of intervals or bisection: it walks second by second.
"""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.case_events import CaseEvent, EventKind, in_order
from domain.clocks import read_clocks
from domain.hours import ALWAYS_OPEN, DayKind, DaySpan, OpeningHours, OpenSpans, business_seconds, deadline, open_spans
from domain.sla import ClockState, ServicePolicy, TargetBook, TargetRow

HORIZON = 400
ENDS = frozenset({ClockState.MET, ClockState.MISSED, ClockState.DROPPED})
K = EventKind


@st.composite
def spans(draw: st.DrawFn) -> OpenSpans:
    cuts = sorted(draw(st.sets(st.integers(0, HORIZON), max_size=12)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return OpenSpans(tuple(a for a, _ in pairs), tuple(b for _, b in pairs), 0, HORIZON)


@st.composite
def day_spans(draw: st.DrawFn) -> DaySpan:
    start = draw(st.integers(0, 1439))
    return DaySpan(start, start + draw(st.integers(1, 1440)))


instants = st.integers(0, HORIZON)
weeks = st.builds(
    OpeningHours,
    st.lists(st.lists(day_spans(), max_size=3).map(tuple), min_size=8, max_size=8).map(tuple),
    st.integers(0, 1439),
)


def opened(known: OpenSpans, second: int) -> bool:
    return any(start <= second < end for start, end in zip(known.starts, known.ends, strict=True))


@given(spans(), instants, instants)
def test_open_time_is_the_count_of_open_seconds(known: OpenSpans, start: int, end: int) -> None:
    assert business_seconds(start, end, known) == sum(opened(known, second) for second in range(start, end))


@given(spans(), instants, instants, instants)
def test_open_time_adds_up(known: OpenSpans, one: int, two: int, three: int) -> None:
    a, b, c = sorted((one, two, three))
    assert business_seconds(a, b, known) + business_seconds(b, c, known) == business_seconds(a, c, known)


@given(spans(), instants, st.integers(1, HORIZON), instants)
def test_a_target_is_used_up_exactly_from_its_deadline_on(known: OpenSpans, start: int, target: int, then: int) -> None:
    due = deadline(start, target, known)
    assert (then >= due) == (business_seconds(start, then, known) >= target)
    if due != float("inf"):
        assert business_seconds(start, due, known) == target


@given(weeks, st.sampled_from(["Europe/Istanbul", "Europe/Berlin", "America/New_York"]), st.data())
def test_laid_out_hours_are_sorted_apart_and_inside_their_days(
    hours: OpeningHours, zone: str, data: st.DataObject
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(DayKind), min_size=7, max_size=7))
    first = data.draw(st.sampled_from([date(2027, 3, 26), date(2027, 10, 29), date(2026, 12, 29)]))
    laid_out = open_spans(hours, first, first.replace(day=31), ZoneInfo(zone), lambda day: kinds[day.weekday()])
    edges = [edge for pair in zip(laid_out.starts, laid_out.ends, strict=True) for edge in pair]
    assert edges == sorted(set(edges))
    assert all(laid_out.first_s <= edge <= laid_out.until_s for edge in edges)


kinds = st.sampled_from([kind for kind in EventKind if kind is not K.CHANGED])
stories = st.lists(st.builds(CaseEvent, st.integers(0, 200), kinds), min_size=1, max_size=12)
POLICY = ServicePolicy(TargetBook((TargetRow(first_response_s=20, next_response_s=15, resolution_s=60),)))


@given(stories, st.randoms(use_true_random=False), spans())
def test_events_heard_of_in_any_order_give_the_same_clocks(
    story: list[CaseEvent], chance: st.DataObject, known: OpenSpans
) -> None:
    under = ServicePolicy(POLICY.book, {"whatsapp": known, "phone": known})
    shuffled = list(story)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read_clocks(shuffled, "whatsapp", (), under) == read_clocks(story, "whatsapp", (), under)


@given(stories, spans())
def test_a_clock_is_met_exactly_when_it_took_less_than_its_target(story: list[CaseEvent], known: OpenSpans) -> None:
    under = ServicePolicy(POLICY.book, {"whatsapp": known, "phone": known})
    for read in read_clocks(story, "whatsapp", (), under):
        for clock in (read.first_response, read.next_response, read.resolution):
            state, took = clock.state(HORIZON), under.elapsed_s(clock, HORIZON)
            if state in ENDS:
                assert (state is ClockState.MISSED) == (took >= clock.target_s)
            elif state is not ClockState.IDLE:
                assert (state in {ClockState.BREACHED, ClockState.ESCALATED}) == (took >= clock.target_s)
            assert took <= clock.wall_s(HORIZON)


class _Walk:
    """The clocks of a case second by second, for a case that is always open; times only, no targets."""

    def __init__(self) -> None:
        self.worked = 0
        self.is_begun = self.is_paused = self.is_solved = False

    def tell(self, kind: EventKind) -> None:
        self.is_begun = True
        if kind in {K.GUEST_MESSAGE, K.CALL_QUEUED, K.REOPENED}:
            self.is_paused = self.is_solved = False
        elif kind is K.RESUMED:
            self.is_paused = False
        elif kind is K.PAUSED:
            self.is_paused = True
        elif kind is K.RESOLVED:
            self.is_solved = True

    def tick(self) -> None:
        self.worked += self.is_begun and not self.is_paused and not self.is_solved


@given(stories)
def test_the_resolution_is_the_time_somebody_could_work_on_it(story: list[CaseEvent]) -> None:
    walk, told = _Walk(), in_order(story)
    for second in range(HORIZON):
        for event in told:
            if event.at_s == second:
                walk.tell(event.kind)
        walk.tick()
    read = read_clocks(story, "whatsapp", (), POLICY)[-1]
    assert read.resolution.elapsed_s(HORIZON, ALWAYS_OPEN) == walk.worked


@given(stories)
def test_nobody_waits_after_the_last_answer_or_solution(story: list[CaseEvent]) -> None:
    told = [event.kind for event in in_order(story)]
    read = read_clocks(story, "whatsapp", (), POLICY)[-1]
    waits = read.first_response.is_running or read.next_response.is_running
    ends = [place for place, kind in enumerate(told) if kind in {K.HUMAN_REPLY, K.CALL_ANSWERED, K.RESOLVED}]
    since = told[ends[-1] + 1 :] if ends else told
    given_up = K.CALL_ABANDONED in since
    if K.GUEST_MESSAGE in since:
        assert waits
    elif not given_up:
        assert waits == (K.CALL_QUEUED in since)
