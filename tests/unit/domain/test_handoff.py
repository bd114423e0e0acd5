"""When a guest is handed over, and how that goes: docs/algorithms/handoff.md, chapters 2 and 3."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.case import CaseId
from domain.case_events import EventKind
from domain.contact import Channel
from domain.errors import MoveNotAllowed, OutcomeMissing
from domain.handoff import (
    HANDOFF_MOVES,
    TRIGGER_BITS,
    Handoff,
    HandoffId,
    HandoffPacket,
    HandoffRule,
    HandoffRules,
    HandoffState,
    HandoffStep,
    Trigger,
    callback_due,
    count_turns,
    decide_handoff,
)
from domain.hours import ALWAYS_OPEN
from domain.signals import MARKS, Signal, Tag, bits_of, marks_in

K, S = EventKind, HandoffState
NOW = datetime(2027, 5, 1, 9, tzinfo=UTC)
RULES = HandoffRules()
WHATSAPP = RULES.of(Channel.WHATSAPP)


def a_handoff(*states: HandoffState) -> Handoff:
    steps = tuple(HandoffStep(state, NOW, "ayse") for state in (states or (S.TRIGGERED,)))
    packet = HandoffPacket("guest-1", "a room in August", "de", promised=("a call today",), turns=2)
    return Handoff(
        HandoffId("h1"), CaseId("c1"), Trigger.UNSOLVED_TURNS, Channel.WHATSAPP, Channel.PHONE, packet, steps
    )


@pytest.mark.parametrize(
    ("turns", "trigger"), [(0, None), (1, None), (2, Trigger.UNSOLVED_TURNS), (9, Trigger.UNSOLVED_TURNS)]
)
def test_two_turns_without_a_solution_go_to_the_telephone(turns: int, trigger: Trigger | None):
    assert decide_handoff(turns, 0, WHATSAPP) is trigger
    assert RULES.targets(Trigger.UNSOLVED_TURNS, Channel.WHATSAPP) == (Channel.PHONE,)


@pytest.mark.parametrize("signal", [Signal.CANCELLATION, Signal.CRISIS, Signal.LAST_MINUTE])
def test_an_urgent_signal_goes_to_the_telephone_at_once(signal: Signal):
    assert decide_handoff(0, bits_of([signal]), WHATSAPP) is Trigger.URGENT_SIGNAL
    assert decide_handoff(5, bits_of([signal]), WHATSAPP) is Trigger.URGENT_SIGNAL


def test_an_arrival_within_two_days_forces_nothing():
    assert decide_handoff(1, bits_of([Signal.ARRIVAL_SOON, Tag.VIP, Tag.RESERVATION]), WHATSAPP) is None


def test_a_sale_on_the_telephone_is_summed_up_in_writing():
    sold = bits_of([Signal.SOLD_BY_PHONE])
    assert decide_handoff(0, sold, RULES.of(Channel.PHONE)) is Trigger.PHONE_SALE
    assert decide_handoff(0, sold, WHATSAPP) is None
    assert RULES.targets(Trigger.PHONE_SALE, Channel.PHONE) == (Channel.WHATSAPP, Channel.EMAIL)


def test_messages_of_an_ota_stay_inside_the_platform_unless_it_is_urgent():
    ota = RULES.of(Channel.OTA)
    assert decide_handoff(7, 0, ota) is None
    assert decide_handoff(0, bits_of([Signal.CRISIS]), ota) is Trigger.URGENT_SIGNAL


def test_a_call_is_not_handed_to_the_telephone():
    assert decide_handoff(9, bits_of([Signal.CRISIS]), RULES.of(Channel.PHONE)) is None


def test_a_trigger_that_was_acted_on_is_not_raised_again_and_another_one_is():
    done = TRIGGER_BITS[Trigger.UNSOLVED_TURNS]
    assert decide_handoff(4, 0, WHATSAPP, done) is None
    assert decide_handoff(4, bits_of([Signal.CRISIS]), WHATSAPP, done) is Trigger.URGENT_SIGNAL


def test_a_hotel_can_ask_for_more_turns():
    rules = HandoffRules((HandoffRule(Trigger.UNSOLVED_TURNS, (Channel.EMAIL,), (Channel.PHONE,), min_turns=4),))
    assert decide_handoff(3, 0, rules.of(Channel.EMAIL)) is None
    assert decide_handoff(4, 0, rules.of(Channel.EMAIL)) is Trigger.UNSOLVED_TURNS
    assert decide_handoff(4, 0, rules.of(Channel.WHATSAPP)) is None


@pytest.mark.parametrize(
    ("kinds", "turns"),
    [
        ([], 0),
        ([K.GUEST_MESSAGE], 0),
        ([K.GUEST_MESSAGE, K.GUEST_MESSAGE, K.HUMAN_REPLY], 1),
        ([K.GUEST_MESSAGE, K.HUMAN_REPLY, K.HUMAN_REPLY], 1),
        ([K.GUEST_MESSAGE, K.AUTO_REPLY], 0),
        ([K.GUEST_MESSAGE, K.AUTO_REPLY, K.HUMAN_REPLY, K.GUEST_MESSAGE, K.HUMAN_REPLY], 2),
        ([K.HUMAN_REPLY, K.GUEST_MESSAGE], 0),
        ([K.GUEST_MESSAGE, K.HUMAN_REPLY, K.RESOLVED, K.GUEST_MESSAGE, K.HUMAN_REPLY], 1),
    ],
)
def test_a_turn_is_what_the_guest_writes_and_what_a_person_replies(kinds: list[EventKind], turns: int):
    assert count_turns(kinds) == turns


def test_a_handoff_lives_from_triggered_to_solved():
    one = a_handoff()
    for state in (S.OFFERED, S.ACCEPTED, S.CONNECTED, S.SOLVED):
        one = one.moved(state, NOW, "mehmet")
    assert one.reached_at(S.CONNECTED) == NOW
    assert not one.is_live


@pytest.mark.parametrize("left", HandoffState)
def test_the_table_is_the_whole_of_its_moves(left: HandoffState):
    one = a_handoff(left)
    for to in HandoffState:
        if to in HANDOFF_MOVES[left]:
            assert one.moved(to, NOW, "mehmet", reason="busy", due_at=NOW).state is to
        else:
            with pytest.raises(MoveNotAllowed):
                one.moved(to, NOW, "mehmet", reason="busy", due_at=NOW)


def test_every_state_but_the_last_leads_on_and_every_one_can_be_reached():
    reached = {S.TRIGGERED}
    for _ in HandoffState:
        reached |= {to for state in reached for to in HANDOFF_MOVES[state]}
    assert reached == set(HandoffState)
    assert [state for state in HandoffState if not HANDOFF_MOVES[state]] == [S.SOLVED]


def test_a_call_back_has_a_time_and_loses_it_when_it_is_made():
    with pytest.raises(OutcomeMissing):
        a_handoff().moved(S.CALLBACK, NOW, "mehmet")
    waiting = a_handoff().moved(S.CALLBACK, NOW, "mehmet", due_at=NOW)
    assert waiting.due_at == NOW
    assert waiting.moved(S.CONNECTED, NOW, "mehmet").due_at is None


def test_a_declined_handoff_has_a_reason():
    with pytest.raises(OutcomeMissing):
        a_handoff(S.OFFERED).moved(S.DECLINED, NOW, "mehmet")


def test_a_call_back_is_due_within_the_telephones_open_time():
    assert callback_due(0.0, RULES, ALWAYS_OPEN) == 1_800


@pytest.mark.parametrize(
    "wrong", [{"targets": ()}, {"targets": (Channel.EMAIL,)}, {"min_turns": 0}], ids=["nowhere", "itself", "always"]
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, Any]):
    right: dict[str, Any] = {
        "trigger": Trigger.UNSOLVED_TURNS,
        "sources": (Channel.EMAIL,),
        "targets": (Channel.PHONE,),
        "min_turns": 2,
    }
    with pytest.raises(ValueError, match="handoff"):
        HandoffRule(**(right | wrong))


def test_marks_survive_being_one_number():
    assert marks_in(bits_of(MARKS)) == MARKS
    assert marks_in(bits_of([Tag.VIP, Signal.CRISIS])) == (Signal.CRISIS, Tag.VIP)
    assert bits_of([]) == 0
