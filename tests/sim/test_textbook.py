"""The models that the engine's speed is measured against are the same models: same draws, same guests, same ends.

They share no code with the engine (a process for each contact, in plain SimPy), so they also prove it on whole seasons:
opening hours, call-backs, silent guests, wrap-up and chats that slow each other, which random small houses leave out.
"""

import numpy as np
import pytest

from benchmarks import bench_season_queue as one_queue
from benchmarks.textbook.season import TextbookSeason
from scenarios.demand import draw_day
from scenarios.demand_plan import DAY_S
from scenarios.scenario_loader import load_scenario
from sim.engine import SeasonEngine
from sim.plan import Legs, Outcome
from sim.season import SeasonModel, build
from tests.sim.seasons import SEED, loaded

SMOKE = load_scenario("smoke")


def played(model: SeasonModel, engine: SeasonEngine | TextbookSeason, days: int) -> list[Legs]:
    parts = [engine.day(model.contacts(draw_day(model.demand, SEED, 0, day)), (day + 1) * DAY_S) for day in range(days)]
    return [*parts, engine.finish()]


def rows_of(parts: list[Legs]) -> dict[tuple[int, ...], list[float]]:
    """(contact, leg, tries, queue, outcome, group, handed over) -> arrival, wait, end, seconds, first answer."""
    found: dict[tuple[int, ...], list[float]] = {}
    for legs in parts:
        of = (legs.contact, legs.leg, legs.tries, legs.queue, legs.outcome, legs.group, legs.is_handed_over)
        names = zip(*(column.tolist() for column in of), strict=True)
        handle = np.where(legs.outcome == Outcome.OPEN, 0.0, legs.handle)
        replied = np.where(legs.outcome == Outcome.OPEN, 0.0, np.nan_to_num(legs.replied))
        facts = zip(*(column.tolist() for column in (legs.at, legs.wait, legs.ended, handle, replied)), strict=True)
        found.update(zip(names, map(list, facts), strict=True))
    return found


@pytest.mark.parametrize(("scenario", "days"), [(SMOKE, 2), (loaded(), 4)], ids=["smoke", "base"])
def test_a_process_for_each_contact_comes_to_the_same_legs(scenario, days: int) -> None:
    model = build(scenario)
    plan = model.plan_of(SEED, 0)
    engine, textbook = SeasonEngine(plan, model.guests), TextbookSeason(plan, model.guests)
    one, two = rows_of(played(model, engine, days)), rows_of(played(model, textbook, days))
    assert len(one) > 500
    assert one.keys() == two.keys()
    assert np.array(list(one.values())) == pytest.approx(np.array([two[key] for key in one]), abs=1e-4)
    assert engine.staffed_s.sum() >= engine.busy_s.sum() > 0


def test_agents_seconds_agree_by_interval_and_group() -> None:
    model = build(SMOKE)
    plan = model.plan_of(SEED, 0)
    engine, textbook = SeasonEngine(plan, model.guests), TextbookSeason(plan, model.guests)
    played(model, engine, 2)
    played(model, textbook, 2)
    assert textbook.staffed_s == pytest.approx(engine.staffed_s, abs=1e-4)
    assert textbook.busy_s == pytest.approx(engine.busy_s, abs=1e-4)


def test_the_textbook_queue_abandons_the_same_calls() -> None:
    assert one_queue.by_textbook(4_000) == one_queue.by_engine(4_000) > 0.03
