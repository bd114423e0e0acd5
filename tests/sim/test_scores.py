"""Scores count what the rules say: open seconds as the domain counts them, parts that add up, money in its place."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import DaySpan, OpeningHours, business_seconds, open_spans
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


def test_every_contact_is_served_gone_or_still_there(season: Season, scores: Scores) -> None:
    assert scores.daily[0].sum() == scores.outcomes.sum() - _later_legs(scores)
    assert scores.level.offered == int(scores.daily[1].sum())
    assert scores.level.in_time == int(scores.daily[2].sum())
    assert scores.week[0].sum() >= scores.week[1].sum() + scores.week[3].sum()
    assert scores.outcomes[:, Outcome.OPEN].sum() < 50


def _later_legs(scores: Scores) -> int:
    """Legs that are not the first of a contact: everything beyond the contacts that came."""
    return int(scores.outcomes.sum() - scores.daily[0].sum())


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


def test_a_night_in_which_the_house_is_closed_costs_no_service_time() -> None:
    hours = OpeningHours(((DaySpan(9 * 60, 18 * 60),),) * 8)
    spans = open_spans(hours, date(2027, 6, 1), date(2027, 6, 3), ZoneInfo("Europe/Istanbul"))
    begin = spans.starts[0]
    assert business_seconds(begin, begin + 86_400, spans) == 9 * 3600
