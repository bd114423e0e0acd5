"""Drawing days: streams apart, any day alone, the same hour the same contacts, common random numbers in what-ifs."""

from dataclasses import fields

import numpy as np
import pytest

from scenarios.demand import DayDraw, Purpose, between, draw_day, expected, expected_totals, mean_day, stream
from scenarios.demand_tables import (
    MIDDLES,
    STEPS,
    beta_parts,
    choose,
    gamma_days,
    geometric_turns,
    lookup_of,
    thresholds,
)
from scenarios.streams import Streams
from tests.sim.seasons import plan

DAY = 34


def same(one: DayDraw, other: DayDraw) -> bool:
    """Whether two draws agree in every column."""
    columns = [(getattr(one, column.name), getattr(other, column.name)) for column in fields(DayDraw)]
    columns = columns[1:-1]
    columns += [(getattr(one.sales, column.name), getattr(other.sales, column.name)) for column in fields(one.sales)]
    return all(np.array_equal(left, right) for left, right in columns)


def test_a_stream_is_the_same_however_it_is_reached() -> None:
    streams = Streams(7, 2)
    streams.at(3, Purpose.WORK).random(1001)
    moved = streams.at(4, Purpose.WRAP).random(10)
    assert np.array_equal(moved, stream(7, 2, 4, Purpose.WRAP).random(10))


def test_seed_replication_day_purpose_and_lane_each_give_another_stream() -> None:
    firsts = [stream(*key).random() for key in ((1, 0, 0, 0), (2, 0, 0, 0), (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1))]
    firsts += [stream(1, 0, -1, 0).random(), Streams(1, 0).at(0, 0, lane=1).random(), stream(0, 1, 0, 0).random()]
    assert len(set(firsts)) == len(firsts)


def test_no_two_purposes_share_a_number() -> None:
    assert len({purpose.value for purpose in Purpose}) == len(list(Purpose))


def test_any_day_can_be_drawn_alone() -> None:
    of = plan()
    in_order = [draw_day(of, 5, 1, day) for day in range(3)]
    assert same(draw_day(of, 5, 1, 2), in_order[2])
    assert not np.array_equal(draw_day(of, 5, 2, 2).at, in_order[2].at)


def test_the_hours_of_a_day_put_together_are_the_day() -> None:
    draw = draw_day(plan(), 5, 0, DAY)
    hours = [between(draw, DAY * 86_400 + 3600 * k, DAY * 86_400 + 3600 * (k + 1)) for k in range(24)]
    assert sum(map(len, hours)) == len(draw)
    start = 0
    for k, hour in enumerate(hours):
        assert np.array_equal(hour.at, draw.at[start : start + len(hour)])
        assert np.array_equal(hour.sales.convert_u, draw.sales.convert_u[start : start + len(hour)])
        assert not len(hour) or DAY * 86_400 + 3600 * k <= hour.at[0] <= hour.at[-1] < DAY * 86_400 + 3600 * (k + 1)
        start += len(hour)


def test_contacts_of_a_day_arrive_in_order_and_within_it() -> None:
    draw = draw_day(plan(), 5, 0, DAY)
    assert (np.diff(draw.at) >= 0).all()
    assert draw.at[0] >= DAY * 86_400
    assert draw.at[-1] < (DAY + 1) * 86_400


def test_more_demand_brings_the_same_contacts_sooner_and_others_after_them() -> None:
    fewer = draw_day(plan(), 5, 0, DAY)
    more = draw_day(plan("demand.factor=1.2"), 5, 0, DAY)
    count = len(fewer)
    assert len(more) > count
    assert (more.at[:count] <= fewer.at).all()
    assert np.array_equal(more.sales.convert_u[:count], fewer.sales.convert_u)
    assert np.array_equal(more.redial_u[:count], fewer.redial_u)
    assert np.array_equal(more.handoff_z[:count], fewer.handoff_z)
    assert (more.channel[:count] == fewer.channel).mean() > 0.8


def test_longer_talk_stretches_the_same_calls_and_moves_nothing_else() -> None:
    short, long = (draw_day(plan(*sets), 5, 0, DAY) for sets in ((), ("work.phone.sales.mean_s=780",)))
    rows = (short.channel == 0) & (short.intent == 0) & (short.wrap > 0)
    assert np.allclose(long.work[rows], 2 * short.work[rows])
    assert np.array_equal(long.work[~rows], short.work[~rows])
    assert np.array_equal(long.at, short.at)
    assert np.array_equal(long.patience, short.patience)


def test_fewer_second_tries_leave_the_first_ones_as_they_are() -> None:
    three, one = (draw_day(plan(*sets), 5, 0, DAY) for sets in ((), ("redial.most=1",)))
    assert one.redial_u.shape == (len(one), 1)
    assert np.array_equal(one.redial_u[:, 0], three.redial_u[:, 0])
    assert np.array_equal(one.redial_gap[:, 0], three.redial_gap[:, 0])


def test_no_demand_draws_no_contacts() -> None:
    draw = draw_day(plan("demand.contacts_per_1000_rooms_day=0"), 5, 0, DAY)
    assert len(draw) == len(draw.sales) == 0


def test_guests_who_never_give_up_wait_for_ever() -> None:
    draw = draw_day(plan("patience.phone.distribution='never'"), 5, 0, DAY)
    assert np.isinf(draw.patience[draw.channel == 0]).all()
    assert np.isfinite(draw.patience[draw.channel != 0]).all()


def test_expected_contacts_add_up_to_the_day_and_the_mean_day_to_the_season() -> None:
    of = plan()
    assert expected(of, DAY).sum() == pytest.approx(expected_totals(of)[DAY])
    assert mean_day(of).sum() * of.days == pytest.approx(expected_totals(of).sum())
    assert mean_day(of, [DAY]).sum() == pytest.approx(expected_totals(of)[DAY])
    assert of.day_of(of.date_of(DAY)) == DAY


def test_a_date_outside_the_season_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the season"):
        plan().day_of(plan().date_of(plan().days))


def test_a_choice_without_weight_is_never_taken() -> None:
    limits = thresholds([[0.0, 1.0, 0.0], [1.0, 0.0, 3.0], [0.0, 0.0, 0.0]])
    u = np.array([0.0, 0.999999, 0.0, 0.25, 0.999999, 0.7])
    assert choose(u, limits, np.array([0, 0, 1, 1, 1, 2])).tolist() == [1, 1, 0, 2, 2, 0]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        thresholds([1.0, -0.1])


def test_lookups_have_the_mean_of_their_distribution() -> None:
    assert len(MIDDLES) == STEPS
    assert lookup_of([3.0, 1.0], [1.0, 3.0]).mean() == 1.5
    assert geometric_turns(4).mean() == pytest.approx(4, rel=1e-3)
    assert geometric_turns(1).max() == 1
    assert gamma_days(0.76, 118, 365).max() == 365
    assert beta_parts(0.25, 1, 3).mean() == pytest.approx(0.75 * 0.25, rel=1e-3)
    assert (np.diff(gamma_days(0.76, 118, 365)) >= 0).all()
