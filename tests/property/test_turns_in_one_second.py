"""A guest's message and our reply in one second stand in the order in which we heard of them: sla-clocks.md 5.1.

A conversation is drawn with true instants in milliseconds; the provider stamps the guest's messages with whole seconds
and brings them seconds later. What was heard of before a reply went out is before it; of the others only the stamp
is known.
"""

from dataclasses import dataclass
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from domain.case_events import CaseEvent, EventKind, in_order
from domain.handoff import count_turns

K = EventKind


@dataclass(frozen=True)
class Said:
    """When it was written in truth, and how many milliseconds later we heard of it; replies at once."""

    at_ms: int
    later_ms: int
    by_guest: bool

    def event(self) -> CaseEvent:
        if self.by_guest:
            return CaseEvent(float(self.at_ms // 1000), K.GUEST_MESSAGE, heard_s=(self.at_ms + self.later_ms) / 1000)
        return CaseEvent(self.at_ms / 1000, K.HUMAN_REPLY)


talks = st.lists(
    st.builds(Said, st.integers(0, 4_000), st.integers(0, 3_000), st.booleans()), min_size=1, max_size=10, unique=True
)


def heard(one: CaseEvent) -> float:
    return one.at_s if one.heard_s is None else one.heard_s


@given(talks, st.randoms(use_true_random=False))
def test_any_order_of_delivery_gives_the_same_turns(talk: list[Said], chance: st.DataObject) -> None:
    mixed = list(talk)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert in_order(one.event() for one in mixed) == in_order(one.event() for one in talk)


@given(talks)
def test_a_reply_stands_behind_what_was_heard_and_before_what_was_not(talk: list[Said]) -> None:
    ordered = in_order(one.event() for one in talk)
    for place, reply in enumerate(ordered):
        if reply.kind is not K.HUMAN_REPLY:
            continue
        for other, said in enumerate(ordered):
            if said.kind is not K.GUEST_MESSAGE:
                continue
            if heard(said) <= heard(reply):
                assert other < place
            elif floor(said.at_s) == floor(reply.at_s):
                assert other > place


@given(talks)
def test_no_time_runs_backwards_and_none_moves_by_a_second(talk: list[Said]) -> None:
    told = [one.event() for one in talk]
    ordered = in_order(told)
    times = [one.at_s for one in ordered]
    assert times == sorted(times)
    assert [floor(one.at_s) for one in ordered] == sorted(floor(one.at_s) for one in told)


def turns(*talk: Said) -> int:
    return count_turns(one.kind for one in in_order(one.event() for one in talk))


def test_a_message_that_crosses_our_reply_waits_for_the_next_one() -> None:
    first, reply = Said(0, 400, True), Said(2_500, 0, False)
    assert turns(first, reply, Said(2_300, 900, True)) == 1
    assert turns(first, reply, Said(2_700, 900, True)) == 1
    assert turns(first, reply, Said(2_700, 900, True), Said(2_990, 0, False)) == 1
    assert turns(first, reply, Said(2_600, 100, True), Said(2_990, 0, False)) == 2
