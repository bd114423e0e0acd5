"""Each rule of the floor on a handful of guests, worked out by hand."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from domain.hours import OpenSpans
from sim.engine import SeasonEngine
from sim.plan import Leg, Outcome, ShiftEnd, TieBreak, WhenClosed
from tests.sim.floors import CALLS, CHATS, LETTERS, a_group, a_plan, answered, came, played, rules, told

TEN_TO_TWENTY = OpenSpans((10, 40), (20, 50), 0, 10**9)


def test_staff_changes_come_before_arrivals_of_the_same_instant() -> None:
    legs, _ = played(a_plan(heads=[[0], [1]]), came([1800.0], 5.0, 1.0))
    assert answered(legs) == {0: (0.0, 1805.0)}


def test_wrap_up_keeps_the_agent_but_not_the_guest() -> None:
    legs, engine = played(a_plan(), came([0.0, 1.0], 10.0, wrap=5.0))
    assert answered(legs) == {0: (0.0, 10.0), 1: (14.0, 25.0)}
    assert legs.handle.tolist() == [15.0, 15.0]
    assert engine.busy_s.sum() == 30.0


def test_who_waits_is_served_by_priority_then_by_the_groups_own_list_then_first_come() -> None:
    queues = (CALLS, CALLS, replace(CALLS, priority=-1))
    legs, _ = played(a_plan(queues, (a_group(1, 0, 2),)), came([0, 1, 2, 3, 4], 10.0, queue=[0, 0, 1, 2, 1]))
    assert [row[0] for row in told(legs)] == [0, 3, 2, 4, 1]


def test_letters_wait_until_nothing_else_does_and_are_not_interrupted() -> None:
    queues = (replace(LETTERS, priority=-5), CALLS)
    legs, _ = played(a_plan(queues), came([0, 1, 2, 3], 10.0, queue=[0, 0, 1, 1]))
    assert [row[0] for row in told(legs)] == [0, 2, 3, 1]


def test_a_letter_not_begun_in_time_is_lost() -> None:
    legs, _ = played(a_plan((LETTERS,)), came([0, 1, 2], 10.0, [inf, 5.0, 9.0]), rules(a_plan((LETTERS,)), redial=1.0))
    assert told(legs)[0] == (1, "FIRST", "EXPIRED", 5.0, 6.0)
    assert [row[2] for row in told(legs)] == ["EXPIRED", "SERVED", "SERVED"]


def test_a_fallback_takes_a_guest_only_when_no_first_skill_is_free() -> None:
    groups = (a_group(0, levels=(1,)), a_group(0))
    legs, _ = played(a_plan((CALLS,), groups, heads=(1, 1)), came([0, 1, 2], 10.0))
    assert legs.group.tolist() == [1, 0, 1]


def test_at_the_start_of_a_shift_a_fallback_leaves_the_guest_to_a_first_skill() -> None:
    groups = (a_group(0, levels=(1,)), a_group(0))
    legs, _ = played(a_plan((CALLS,), groups, heads=[[0, 0], [1, 1]]), came([1.0], 10.0))
    assert legs.group.tolist() == [1]


def test_within_a_level_the_first_group_of_the_plan_or_the_longest_free_agent_takes_it() -> None:
    drawn = came([0.0, 20.0, 40.0], 10.0)
    groups = (a_group(0), a_group(0))
    order, _ = played(a_plan((CALLS,), groups, heads=(1, 1)), drawn)
    longest, _ = played(a_plan((CALLS,), groups, heads=(1, 1), tie_break=TieBreak.LONGEST_FREE), drawn)
    assert order.group.tolist() == [0, 0, 0]
    assert longest.group.tolist() == [0, 1, 0]


def a_house_with_two_kinds_of_agents(**how: Any) -> Any:
    """Two languages; one group speaks both, one only the first. Who takes the first language decides who waits."""
    chance = np.random.default_rng(5)
    count = 4000
    queue = (chance.random(count) < 0.4).astype(np.int32)
    drawn = came(np.sort(chance.uniform(0, 172_800, count)), chance.exponential(180.0, count), 300.0, queue)
    groups = (a_group(0, 1), a_group(0))
    if how.pop("reverse", False):
        groups = groups[::-1]
    return played(a_plan((CALLS, CALLS), groups, heads=(3, 3), **how), drawn)[0]


def in_20_s(legs: Any) -> float:
    return float(((legs.outcome == Outcome.SERVED) & (legs.wait <= 20)).mean())


def test_the_tie_break_moves_the_service_level_by_points() -> None:
    plain = in_20_s(a_house_with_two_kinds_of_agents())
    turned = in_20_s(a_house_with_two_kinds_of_agents(reverse=True))
    longest = in_20_s(a_house_with_two_kinds_of_agents(tie_break=TieBreak.LONGEST_FREE))
    assert turned - plain > 0.03
    assert plain + 0.01 < longest < turned - 0.01


def test_named_agents_finish_what_they_have_and_first_finishers_go_at_once() -> None:
    heads = [[2]] + [[1]] * 9
    drawn = came([1790.0, 1791.0, 1805.0], [100.0, 20.0, 10.0])
    named, one = played(a_plan(heads=heads), drawn)
    first, two = played(a_plan(heads=heads, shift_end=ShiftEnd.FIRST_FINISHERS), drawn)
    assert answered(named)[2] == (6.0, 1821.0)
    assert answered(first)[2] == (85.0, 1900.0)
    assert one.staffed_s[:2].tolist() == [[3600.0], [1890.0]]
    assert two.staffed_s[:2].tolist() == [[3600.0], [1811.0]]


def test_the_shift_end_rule_moves_abandonments_of_the_last_interval() -> None:
    chance = np.random.default_rng(2)
    heads = [[12 if one % 2 else 3] for one in range(200)]
    count = 20_000
    at = np.sort(chance.uniform(0, 360_000, count))
    drawn = came(at, chance.exponential(200.0, count), chance.exponential(60.0, count))
    lost = [
        int((played(a_plan(heads=heads, shift_end=rule), drawn)[0].outcome == Outcome.ABANDONED).sum())
        for rule in ShiftEnd
    ]
    assert abs(lost[0] - lost[1]) > 0.02 * min(lost)


def test_free_agents_go_before_busy_ones() -> None:
    legs, _ = played(a_plan(heads=[[2]] + [[1]] * 9), came([1790.0, 1815.0], 20.0))
    assert answered(legs)[1] == (0.0, 1835.0)


def test_an_agent_with_open_chats_who_leaves_finishes_them_and_takes_no_more() -> None:
    plan = a_plan((CHATS,), (a_group(0, slots=(2,)),), heads=[[1]] + [[0]] * 3 + [[1]] * 6)
    legs, engine = played(plan, came([1700.0, 1790.0, 1850.0], [200.0, 400.0, 50.0]))
    assert answered(legs) == {0: (0.0, 1900.0), 1: (0.0, 2190.0), 2: (5350.0, 7250.0)}
    assert engine.staffed_s[1, 0] == 390.0


def test_who_gives_up_may_be_back_with_his_next_draw_of_patience() -> None:
    drawn = came(
        [0.0, 1.0], [100.0, 7.0], [inf, 5.0], redial_u=[[0.9], [0.1]], redial_gap=[[0.0], [20.0]],
        redial_patience=[[0.0], [80.0]],
    )  # fmt: skip
    legs, _ = played(a_plan(), drawn, rules(a_plan(), redial=0.5))
    assert told(legs) == [
        (1, "FIRST", "ABANDONED", 5.0, 6.0),
        (0, "FIRST", "SERVED", 0.0, 100.0),
        (1, "REDIAL", "SERVED", 74.0, 107.0),
    ]
    assert legs.tries.tolist() == [0, 0, 1]


def wait_of_the_patient_one(engine: SeasonEngine, plan: Any) -> float:
    drawn = came(
        [0.0, 1.0, 15.0], [30.0, 5.0, 5.0], [inf, 5.0, inf], redial_u=[[0.9], [0.0], [0.9]],
        redial_gap=np.full((3, 1), 14.0), redial_patience=np.full((3, 1), inf),
    )  # fmt: skip
    legs = engine.day(drawn, plan.until_s)
    return answered(legs)[2][0]


def test_a_redial_goes_to_the_end_of_the_line() -> None:
    plan = a_plan()
    assert wait_of_the_patient_one(SeasonEngine(plan, rules(plan, redial=1.0)), plan) == 15.0


def test_twin_a_redial_under_its_old_number_would_jump_the_queue() -> None:
    plan = a_plan()
    engine = SeasonEngine(plan, rules(plan, redial=1.0))
    book = engine._book

    def old_number(leg: int, kind: Leg, at: float, patience: float) -> int:
        book.leave[leg] = at + patience
        return leg

    book.again = old_number  # type: ignore[method-assign]
    assert wait_of_the_patient_one(engine, plan) == 20.0


def test_who_balks_does_so_only_when_he_would_have_to_wait() -> None:
    plan = a_plan((replace(CALLS, balk=0.5),))
    legs, _ = played(plan, came([0.0, 1.0, 2.0], 10.0, balk_u=[0.1, 0.1, 0.9]))
    assert told(legs)[0] == (1, "FIRST", "BALKED", 0.0, 1.0)
    assert sorted(answered(legs)) == [0, 2]


def test_a_guest_who_left_without_a_sign_costs_his_agent_the_time_to_find_out() -> None:
    plan = a_plan((CHATS,))
    drawn = came([0.0, 1.0, 2.0], 10.0, [inf, 3.0, inf], silent=[False, True, False])
    legs, engine = played(plan, drawn, rules(plan, silent_s=4.0))
    assert told(legs) == [
        (1, "FIRST", "SILENT", 3.0, 4.0),
        (0, "FIRST", "SERVED", 0.0, 10.0),
        (2, "FIRST", "SERVED", 12.0, 24.0),
    ]
    assert legs.handle.tolist() == [4.0, 10.0, 10.0]
    assert engine.busy_s.sum() == 24.0


def test_a_handoff_stops_the_work_and_opens_a_leg_in_the_other_queue() -> None:
    plan = a_plan((CHATS, CALLS), (a_group(0), a_group(1)), heads=(1, 1))
    drawn = came(
        [0.0, 30.0], [100.0, 40.0], queue=[0, 1], wrap=[5.0, 0.0], handoff_at=[35.0, inf], handoff_queue=[1, 0],
        handoff_work=[20.0, 0.0], handoff_wrap=[2.0, 0.0], first_reply=[10.0, 0.0],
    )  # fmt: skip
    legs, _ = played(plan, drawn)
    assert told(legs) == [
        (0, "FIRST", "SERVED", 0.0, 35.0),
        (1, "FIRST", "SERVED", 0.0, 70.0),
        (0, "HANDOFF", "SERVED", 35.0, 90.0),
    ]
    assert legs.handle.tolist() == [40.0, 40.0, 22.0]
    assert legs.is_handed_over.tolist() == [True, False, False]
    assert legs.replied.tolist() == [10.0, 30.0, 70.0]


def closed(how: WhenClosed) -> Any:
    return a_plan((replace(CALLS, spans=TEN_TO_TWENTY, when_closed=how),), interval_s=100.0)


def test_a_message_to_a_closed_queue_waits_for_the_opening() -> None:
    legs, _ = played(closed(WhenClosed.WAIT), came([1.0, 2.0, 19.0, 20.0], 3.0, [inf, 4.0, inf, inf]))
    assert told(legs) == [
        (1, "FIRST", "ABANDONED", 4.0, 6.0),
        (0, "FIRST", "SERVED", 9.0, 13.0),
        (2, "FIRST", "SERVED", 0.0, 22.0),
        (3, "FIRST", "SERVED", 20.0, 43.0),
    ]


def test_a_caller_of_a_closed_queue_is_called_back_at_the_next_opening_and_only_once() -> None:
    legs, _ = played(closed(WhenClosed.CALL_BACK), came([25.0, 60.0], 3.0, 1.0))
    assert told(legs) == [
        (0, "FIRST", "CLOSED", 0.0, 25.0),
        (0, "CALL_BACK", "SERVED", 0.0, 43.0),
        (1, "FIRST", "CLOSED", 0.0, 60.0),
    ]


def test_a_caller_of_a_queue_that_is_shut_for_good_is_lost() -> None:
    legs, _ = played(closed(WhenClosed.LOST), came([25.0, 45.0], 3.0))
    assert [row[2] for row in told(legs)] == ["CLOSED", "SERVED"]


def test_who_is_in_line_at_closing_time_is_still_served() -> None:
    legs, _ = played(closed(WhenClosed.LOST), came([18.0, 19.0], 5.0))
    assert answered(legs)[1] == (4.0, 28.0)


def test_who_has_waited_long_enough_leaves_a_number_and_is_called_back_in_turn() -> None:
    plan = a_plan((replace(CALLS, call_back_after_s=5.0),))
    legs, _ = played(plan, came([0.0, 1.0, 2.0], 20.0, [inf, inf, 4.0]))
    assert told(legs) == [
        (1, "FIRST", "CALL_BACK", 5.0, 6.0),
        (2, "FIRST", "ABANDONED", 4.0, 6.0),
        (0, "FIRST", "SERVED", 0.0, 20.0),
        (1, "CALL_BACK", "SERVED", 14.0, 40.0),
    ]


def test_seconds_are_split_at_the_boundaries_of_intervals() -> None:
    _, engine = played(a_plan(interval_s=10.0, intervals=5), came([5.0], 27.0))
    assert engine.busy_s.ravel().tolist() == [5.0, 10.0, 10.0, 2.0, 0.0]
    assert engine.staffed_s.ravel().tolist() == [10.0] * 5


def test_what_is_under_way_at_the_end_is_open_with_what_it_took() -> None:
    legs, _ = played(a_plan(intervals=1), came([1700.0, 1750.0], 200.0))
    assert told(legs) == [(0, "FIRST", "OPEN", 0.0, 1800.0), (1, "FIRST", "OPEN", 50.0, 1800.0)]
    assert legs.handle.tolist() == [100.0, 0.0]
    assert legs.group.tolist() == [0, -1]


def test_the_oldest_open_contact_is_known_after_each_day() -> None:
    plan = a_plan()
    engine = SeasonEngine(plan, rules(plan))
    engine.day(came([0.0, 1.0, 2.0], [5.0, 4000.0, 1.0], [inf, inf, 1.0]), 1800.0)
    assert engine.oldest_open == 1
    engine.day(came([1900.0], 1.0), 3600.0)
    assert engine.oldest_open == 1
    engine.day(came([], 1.0), 5400.0)
    assert engine.oldest_open == 4


def test_a_lost_contact_stops_the_run() -> None:
    plan = a_plan(heads=(0,))
    engine = SeasonEngine(plan, rules(plan))
    engine._floor.wait = lambda *_: None  # type: ignore[method-assign]
    engine._floor.can_line_up = [False]
    with pytest.raises(RuntimeError, match="lost"):
        engine.day(came([1.0], 1.0), 1800.0)


@pytest.mark.parametrize(
    ("group", "why"),
    [
        (a_group(1), "one of the plan's"),
        (a_group(0, 0), "named once"),
        (a_group(0, slots=(0,)), "at least 1"),
        (a_group(0, speeds=(0.0,)), "above 0"),
    ],
)
def test_a_plan_that_cannot_be_run_says_why(group: Any, why: str) -> None:
    plan = a_plan((CALLS,), (group,))
    with pytest.raises(ValueError, match=why):
        SeasonEngine(plan, rules(plan))
