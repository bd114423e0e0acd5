"""A season of two days, with opening hours, call-backs and chats: the three engines come to the same bytes."""

from functools import partial
from typing import Literal

import pytest

from scenarios.scenario_loader import load_scenario
from sim.engine import SeasonEngine
from sim.replication import Replication, Season, make_season

SEED = 20270601


@pytest.fixture(scope="module")
def season() -> Season:
    return make_season(load_scenario("smoke"))


def _played(season: Season, engine: Literal["flat", "steps", "stock"]) -> list[bytes]:
    run = Replication(season, season.model.plan_of(SEED, 0), SEED, 0, partial(SeasonEngine, engine=engine))
    for day in range(season.model.days):
        run.day(day)
    scores = run.finish()
    columns = (scores.week, scores.daily, scores.outcomes, scores.results, scores.amounts, scores.busy_s)
    return [column.tobytes() for column in columns]


@pytest.mark.parametrize("engine", ["steps", "stock"])
def test_a_season_without_the_hot_loop_and_on_stock_simpy_is_the_same_to_the_last_bit(
    season: Season, engine: Literal["steps", "stock"]
) -> None:
    assert _played(season, engine) == _played(season, "flat")
