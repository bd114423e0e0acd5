"""Cases as a function of contacts: any order, any cut (docs/algorithms/intake.md 4)."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.joining import DAY_S, Ending, Touch, groups_of

HOUR = 3600.0
INSTANTS = st.lists(st.integers(0, 500), min_size=1, max_size=30, unique=True)


def touches(hours: list[int]) -> list[Touch]:
    return [Touch(hour * HOUR, f"m{hour:04d}") for hour in hours]


def as_sets(groups: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}


@given(INSTANTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(hours: list[int], draw: Random):
    mixed = touches(hours)
    draw.shuffle(mixed)
    assert groups_of(mixed, [], {}) == groups_of(touches(sorted(hours)), [], {})


@given(INSTANTS)
def test_every_contact_is_in_one_case_and_cases_lie_apart(hours: list[int]):
    groups = groups_of(touches(hours), [], {})
    assert sorted(key for group in groups for key in group) == sorted(one.key for one in touches(hours))
    for earlier, later in pairwise(groups):
        assert int(later[0][1:]) - int(earlier[-1][1:]) > 72


@given(INSTANTS, st.integers(0, 500))
def test_a_contact_more_never_takes_a_case_apart(hours: list[int], more: int):
    before = as_sets(groups_of(touches(hours), [], {}))
    after = as_sets(groups_of(touches(sorted({*hours, more})), [], {}))
    assert all(any(one <= other for other in after) for one in before)


def test_a_resolved_case_takes_a_contact_in_for_a_day():
    cases = {"a": ("C1",)}
    ended = [Ending(10 * HOUR, "C1")]
    within = [Touch(0, "a"), Touch(10 * HOUR + DAY_S, "b")]
    after = [Touch(0, "a"), Touch(10 * HOUR + DAY_S + 1, "b")]
    assert groups_of(within, ended, cases) == [["a", "b"]]
    assert groups_of(after, ended, cases) == [["a"], ["b"]]


def test_a_contact_from_before_a_case_was_resolved_does_not_open_it_again():
    cases = {"a": ("C1",)}
    told = [Touch(0, "a"), Touch(5 * HOUR, "late"), Touch(60 * HOUR, "next")]
    assert groups_of(told, [Ending(10 * HOUR, "C1")], cases) == [["a", "late"], ["next"]]


def test_the_end_of_an_old_case_leaves_the_one_after_it_alone():
    cases = {"a": ("C1",), "b": ("C2",)}
    told = [Touch(0, "a"), Touch(200 * HOUR, "b"), Touch(230 * HOUR, "c")]
    assert groups_of(told, [Ending(201 * HOUR, "C1")], cases) == [["a"], ["b", "c"]]


def test_a_reply_is_of_the_case_it_answers_however_late_it_is():
    cases = {"a": ("C1",), "r": ("C1",)}
    assert groups_of([Touch(0, "a"), Touch(200 * HOUR, "r", "C1")], [], cases) == [["a", "r"]]
