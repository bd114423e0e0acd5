"""Scores count what the rules say: open seconds as the domain counts them, parts that add up, money in its place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import business_seconds
from scenarios.demand import draw_day
from scenarios.scenario_loader import load_scenario
from sim.figures import figures
from sim.plan import Outcome
from sim.replication import Season, make_season, run_replication
from sim.scores import Scores


@pytest.fixture(scope="module")
def season() -> Season:
    return make_season(load_scenario("antalya-high-season", ["season.last=2027-06-06"]))


@pytest.fixture(scope="module")
def scores(season: Season) -> Scores:
    return run_replication(season, 3, 0)


@given(st.tuples(st.floats(0, 600_000), st.floats(0, 600_000)).map(sorted))
def test_open_seconds_are_those_of_the_domain(season: Season, span: list[float]) -> None:
    plan = season.model.plan
    for place, channel in enumerate(season.model.channels):
        spans = next(queue.spans for queue in plan.queues if queue.channel == place)
        expected = span[1] - span[0] if spans is None else business_seconds(span[0], span[1], spans)
        found = season.frame.open_seconds(place, np.array([span[0]]), np.array([span[1]]))
        assert found[0] == pytest.approx(expected, abs=1e-6), channel


def test_every_contact_that_was_drawn_is_counted_once(season: Season, scores: Scores) -> None:
    model = season.model
    drawn = [draw_day(model.demand, 3, 0, day) for day in range(model.days)]
    assert scores.daily[0].sum() == sum(len(day) for day in drawn)
    assert scores.level.offered == int(scores.daily[1].sum())
    assert scores.level.in_time == int(scores.daily[2].sum())
    assert scores.week[0].sum() >= scores.week[1].sum() + scores.week[3].sum()


def test_every_sales_contact_is_decided_once_unless_it_is_still_open(season: Season, scores: Scores) -> None:
    model = season.model
    sales = sum(
        int((draw_day(model.demand, 3, 0, day).intent == season.frame.sales_intent).sum()) for day in range(model.days)
    )
    decided = int(scores.results[:-1].sum())
    still_open = int(scores.outcomes[:, Outcome.OPEN].sum())
    assert sales - still_open <= decided <= sales
    assert still_open < 50


def test_two_replications_added_up_are_both_together(season: Season, scores: Scores) -> None:
    other = run_replication(season, 3, 1)
    both = scores.merge(other)
    assert both.n == 2
    assert (both.week == scores.week + other.week).all()
    assert both.handoff.total().n == scores.handoff.total().n + other.handoff.total().n
    revenue = [figures(one)["revenue"] or 0.0 for one in (scores, other, both)]
    assert revenue[0] > 0
    assert revenue[2] == pytest.approx((revenue[0] + revenue[1]) / 2)


def test_the_same_seed_gives_the_same_scores_and_another_does_not(season: Season, scores: Scores) -> None:
    again, other = run_replication(season, 3, 0), run_replication(season, 4, 0)
    assert (again.week == scores.week).all()
    assert (again.amounts == scores.amounts).all()
    assert not (other.week == scores.week).all()


def test_a_call_is_answered_when_it_is_picked_up_not_when_it_is_over(scores: Scores) -> None:
    assert scores.first_response.at("phone").percentile(75) == scores.answer.percentile(75)
