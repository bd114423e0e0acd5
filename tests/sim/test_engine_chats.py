"""Chats that share an agent, worked out by hand."""

import pytest

from sim.engine import SeasonEngine
from sim.plan import TieBreak
from tests.sim.floors import CALLS, CHATS, a_group, a_plan, answered, came, played, rules, told

SPEEDS = (1.0, 0.5, 0.25)


def at_one_agent(slots: int = 3, **more):
    return a_plan((CHATS,), (a_group(0, slots=(slots,), speeds=SPEEDS),), **more)


def test_two_chats_go_on_at_half_speed_while_both_are_open() -> None:
    legs, engine = played(at_one_agent(), came([0.0, 10.0], [20.0, 10.0]))
    # 10 s alone, then both need 10 more at half speed: both are over at 30.
    assert answered(legs) == {0: (0.0, 30.0), 1: (0.0, 30.0)}
    assert legs.handle.tolist() == [30.0, 20.0]
    assert engine.busy_s.sum() == 30.0


def test_the_rest_of_a_chat_is_rescaled_each_time_another_opens_or_closes() -> None:
    legs, _ = played(at_one_agent(), came([0.0, 10.0, 20.0], [30.0, 40.0, 5.0]))
    # Work done per chat: 10 at 10, 15 at 20, then a quarter: the third is over at 40 (clock 20), half again until the
    # first is over (clock 30) at 60, the second alone from clock 30 to 50 until 80.
    assert answered(legs) == {2: (0.0, 40.0), 0: (0.0, 60.0), 1: (0.0, 80.0)}


def test_the_first_answer_goes_out_when_its_work_is_done_at_the_speed_of_the_moment() -> None:
    legs, _ = played(at_one_agent(), came([0.0, 10.0, 12.0], [30.0, 40.0, 5.0], first_reply=[11.0, 2.0, 5.0]))
    replied = dict(zip(legs.contact.tolist(), legs.replied.tolist(), strict=True))
    # At 12 the clock is 11 (first answered just then); the second needs clock 12: a quarter of 1 s, at 16.
    assert replied[0] == pytest.approx(12.0)
    assert replied[1] == pytest.approx(16.0)
    assert replied[2] == pytest.approx(32.0)


def test_a_fourth_guest_waits_for_a_slot_and_takes_it_at_once() -> None:
    legs, _ = played(at_one_agent(slots=2), came([0.0, 0.0, 1.0], [10.0, 20.0, 5.0]))
    # Two at half speed: the first is over at 20; then the waiting one joins: clock 10, over at clock 15 (t = 30).
    assert answered(legs) == {0: (0.0, 20.0), 2: (19.0, 30.0), 1: (0.0, 35.0)}


def test_wrap_up_keeps_a_slot_by_the_clock_on_the_wall_and_slows_nobody() -> None:
    legs, _ = played(at_one_agent(slots=2), came([0.0, 0.0, 1.0], [10.0, 20.0, 5.0], wrap=[6.0, 0.0, 0.0]))
    # The first is over at 20, its wrap-up at 26; meanwhile the second runs alone: clock 16 at 26, then half speed.
    assert answered(legs) == {0: (0.0, 20.0), 1: (0.0, 34.0), 2: (25.0, 35.0)}
    assert legs.handle.tolist() == [26.0, 34.0, 9.0]


def test_the_least_loaded_agent_takes_the_next_chat() -> None:
    legs, _ = played(at_one_agent(heads=(2,)), came([0.0, 1.0, 2.0, 3.0], 10.0))
    # Two and two at half speed, not three and one.
    assert answered(legs) == {0: (0.0, 18.0), 1: (0.0, 19.0), 2: (0.0, 20.0), 3: (0.0, 21.0)}


def test_of_two_groups_the_first_of_the_plan_or_the_less_loaded_longer_free_one() -> None:
    groups = (a_group(0, slots=(3,)), a_group(0, slots=(3,)))
    for rule, expected in ((TieBreak.ORDER, [0, 0]), (TieBreak.LONGEST_FREE, [0, 1])):
        legs, _ = played(a_plan((CHATS,), groups, heads=(1, 1), tie_break=rule), came([0.0, 1.0], 10.0))
        assert legs.group.tolist() == expected


def test_an_agent_with_a_chat_takes_no_call_and_one_with_a_call_no_chat() -> None:
    plan = a_plan((CHATS, CALLS), (a_group(0, 1, slots=(3, 1)),))
    legs, _ = played(plan, came([0.0, 1.0, 2.0], [10.0, 10.0, 5.0], queue=[0, 1, 0]))
    assert answered(legs) == {2: (0.0, 7.0), 0: (0.0, 10.0), 1: (9.0, 20.0)}
    legs, _ = played(plan, came([0.0, 1.0], 10.0, queue=[1, 0]))
    assert answered(legs)[1] == (9.0, 20.0)


def test_the_narrowest_of_his_queues_says_how_many_chats_an_agent_takes() -> None:
    plan = a_plan((CHATS, CHATS), (a_group(0, 1, slots=(2, 3)),))
    legs, _ = played(plan, came([0.0, 1.0, 2.0], [5.0, 10.0, 10.0], queue=[0, 1, 1]))
    assert answered(legs)[2] == (3.0, 15.0)
    legs, _ = played(plan, came([0.0, 1.0, 2.0], [5.0, 10.0, 10.0], queue=[1, 1, 1]))
    assert answered(legs)[2] == (0.0, 12.0)
    legs, _ = played(plan, came([0.0, 1.0, 2.0], [5.0, 10.0, 10.0], queue=[1, 1, 0]))
    assert answered(legs)[2] == (3.0, 15.0)


def test_at_the_start_of_a_shift_chats_are_dealt_out_one_each_in_turn() -> None:
    plan = a_plan((CHATS,), (a_group(0, slots=(3,), speeds=SPEEDS),), heads=[[0], [2]] + [[2]] * 5)
    legs, _ = played(plan, came([1.0, 2.0, 3.0, 4.0], 10.0))
    assert {one: ended for one, (_, ended) in answered(legs).items()} == dict.fromkeys(range(4), 1820.0)


def test_chats_and_their_answers_are_carried_over_midnight() -> None:
    plan = at_one_agent(intervals=4)
    drawn = came([1790.0, 1795.0], [20.0, 10.0], first_reply=[3.0, 10.0])
    whole, _ = played(plan, drawn)
    engine = SeasonEngine(plan, rules(plan))
    first = engine.day(drawn, 1800.0)
    then = engine.day(came([], 1.0), 3600.0)
    assert len(first.at) == 0
    assert told(then) == told(whole)
    assert then.replied.tolist() == whole.replied.tolist()
