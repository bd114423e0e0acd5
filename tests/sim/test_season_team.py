"""Heads from desks, shifts and rosters: one more is one more, breaks, nights past midnight, absence, shrinkage."""

import numpy as np
import pytest

from scenarios.streams import Streams
from sim.team import Group, groups, heads_at_desk, present_heads
from tests.sim.seasons import SEED, loaded, model


def group(name: str, *sets: str) -> Group:
    return next(one for one in groups(loaded(*sets).scenario) if one.name == name)


def test_one_more_person_is_one_more_post_and_moves_nobody() -> None:
    before, after = groups(loaded().scenario), groups(loaded("team.phone.ru+=1").scenario)
    for old, new in zip(before, after, strict=True):
        assert new.posts[: len(old.posts)] == old.posts
        assert len(new.posts) - len(old.posts) == (old.name == "phone.ru")


def test_shifts_and_days_off_follow_their_weights() -> None:
    desk = loaded("team.phone.tr=100").scenario.team["phone"]
    posts = group("phone.tr", "team.phone.tr=100").posts
    shifts = {name: sum(post.shift == name for post in posts) for name in desk.shifts}
    total = sum(desk.shifts.values())
    assert shifts == {name: pytest.approx(100 * weight / total, abs=1) for name, weight in desk.shifts.items()}
    off = [sum(not post.days[day] for post in posts) for day in range(7)]
    assert off == pytest.approx([100 * weight / sum(desk.off_days) for weight in desk.off_days], abs=1)
    assert all(sum(post.days) == desk.days_per_week for post in posts)


def test_a_week_of_heads_is_the_hours_of_its_posts_without_breaks() -> None:
    scenario = loaded("staff.absence=0", "staff.shrinkage=0").scenario
    of = groups(scenario)
    heads = present_heads(scenario, of)
    week = heads[7 * 48 : 14 * 48].sum(axis=0)
    for column, one in enumerate(of):
        minutes = sum(sum(post.days) * scenario.shifts[post.shift].work_minutes for post in one.posts)
        assert week[column] == minutes / 30, one.name


def test_a_night_shift_goes_on_after_midnight_and_the_eve_of_the_season_counts() -> None:
    scenario = loaded("staff.absence=0").scenario
    of = groups(scenario)
    digital = [column for column, one in enumerate(of) if one.desk == "digital"]
    heads = present_heads(scenario, of)[:, digital].sum(axis=1)
    night = scenario.shifts["night"]
    over_midnight = (night.start_minute + night.length_minutes - 1440) // 30
    assert over_midnight > 0
    for midnight in (0, 7 * 48):
        assert (heads[midnight : midnight + over_midnight] > 0).all()
        assert heads[midnight + over_midnight] == 0


def test_breaks_of_a_shift_are_spread_and_leave_the_rest_at_work() -> None:
    scenario = loaded("team.phone.tr=50", "staff.absence=0").scenario
    of = groups(scenario)
    monday = present_heads(scenario, of)[6 * 48 : 7 * 48, 0]
    early, on_break = monday[17:22].max(), monday[23:28]
    assert on_break.min() > 0.6 * early


def test_heads_by_hand_count_beside_people_by_number() -> None:
    plain = loaded("staff.absence=0").scenario
    roster = {"ru": {"early": (2, 2, 2, 2, 2, 1, 1)}}
    desk = plain.team["phone"].model_copy(update={"roster": roster})
    more = plain.model_copy(update={"team": {**plain.team, "phone": desk}})
    extra = present_heads(more, groups(more)) - present_heads(plain, groups(plain))
    column = [one.name for one in groups(more)].index("phone.ru")
    assert extra[7 * 48 : 14 * 48, column].sum() == 12 * plain.shifts["early"].work_minutes / 30
    assert (np.delete(extra, column, axis=1) == 0).all()
    sunday, monday = 5 * 48 + 17, 6 * 48 + 17
    assert (extra[sunday, column], extra[monday, column]) == (1, 2)


def test_drawn_absence_thins_as_much_as_the_mean_and_differs_by_replication() -> None:
    scenario = loaded().scenario
    of = groups(scenario)
    drawn = [present_heads(scenario, of, Streams(SEED, k)).sum() for k in range(8)]
    posts = sum(map(len, (one.posts for one in of)))
    absence = scenario.staff.absence
    error = np.sqrt(absence * (1 - absence) / (posts * scenario.season.days * 6 / 7 * len(drawn)))
    assert abs(np.mean(drawn) / present_heads(scenario, of, absence=0).sum() - (1 - absence)) <= 4 * error
    assert len(set(drawn)) == len(drawn)


def test_another_person_moves_nobody_elses_absence() -> None:
    one, two = (loaded(*sets).scenario for sets in ((), ("team.phone.tr+=1",)))
    before = present_heads(one, groups(one), Streams(SEED, 3))
    after = present_heads(two, groups(two), Streams(SEED, 3))
    assert (after[:, 0] >= before[:, 0]).all()
    assert (after[:, 1:] == before[:, 1:]).all()


def test_shrinkage_leaves_its_share_of_head_hours_however_small_the_group() -> None:
    present = np.tile([1.0, 2.0, 7.0], (2000, 1))
    heads = heads_at_desk(present, 0.3)
    assert heads.sum(axis=0) == pytest.approx(present.sum(axis=0) * 0.7, abs=1)
    assert (heads >= 0).all()
    assert (heads <= present).all()
    assert set(heads[:, 2]) == {4, 5}


def test_the_plan_of_a_replication_is_the_same_each_time() -> None:
    season = model()
    assert np.array_equal(season.plan_of(SEED, 1).heads, season.plan_of(SEED, 1).heads)
    assert not np.array_equal(season.plan_of(SEED, 1).heads, season.plan_of(SEED, 2).heads)
    assert season.plan.heads.shape == (season.days * 48, len(season.plan.groups))
