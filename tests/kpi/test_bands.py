"""Season versus plan: bands that hold what the season does, and name the days that do not."""

import io
from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import pytest

from cli.context import Session
from cli.kpi_bands import beside_plan
from cli.reports.kpi_week import week_sheet
from cli.sim_seasons import Wish
from domain.errors import InvalidInput
from domain.kpi_row import Period
from scenarios.scenario_loader import load_scenario
from sim.bands import Bands, bands, is_outside
from sim.runner import simulate
from sim.scores import DAILY
from sim.sensitivity import job_of
from tests.kpi.floor import Counted
from tests.kpi.test_weekly import ENGLISH, told
from tests.kpi.weeks import a_day, put

DAYS = Period(date(2027, 8, 2), date(2027, 8, 3))


@cache
def of_smoke() -> Bands:
    return bands(job_of(load_scenario("smoke")), 12)


def test_the_mean_is_that_of_the_replications() -> None:
    job = job_of(load_scenario("smoke"))
    daily = np.stack([simulate(job, one).daily for one in range(12)])
    assert of_smoke().of["contact_volume"].mean == pytest.approx(daily[:, DAILY.index("contacts")].mean(axis=0))
    assert (of_smoke().first, of_smoke().last, of_smoke().days) == (DAYS.first, DAYS.last, 2)


def test_days_of_the_same_season_are_inside_about_99_times_in_100() -> None:
    job, found = job_of(load_scenario("smoke")), of_smoke()
    band, outside, n = found.of["contact_volume"], 0, 0
    for replication in range(100, 160):
        values = simulate(job, replication).daily[DAILY.index("contacts")]
        for place, value in enumerate(values):
            outside += is_outside(float(value), float(band.low[place]), float(band.high[place]))
            n += 1
    assert outside / n < 0.06


def test_bands_stay_inside_what_is_possible() -> None:
    for name, band in of_smoke().of.items():
        assert (band.low >= 0).all(), name
        if name.endswith(("level", "rate")):
            assert (band.high <= 1).all(), name


def test_fewer_than_five_replications_say_nothing_of_a_spread() -> None:
    with pytest.raises(ValueError, match="at least five"):
        bands(job_of(load_scenario("smoke")), 4)


def a_session(floor: Counted) -> Session:
    return Session(environ={"SANTRAL_HOTEL": "BELEK1"}, opener=lambda *_: floor.reception.desk, err=io.StringIO())


def test_days_outside_are_named_and_drawn() -> None:
    floor = Counted()
    floor.change(lambda tx: put(tx, a_day(DAYS.first, 1, size=400)))
    floor.be(datetime(2027, 8, 4, 9, tzinfo=UTC))
    week, session = told(floor, monday=DAYS.first), a_session(floor)
    plan = beside_plan(session, "smoke", DAYS, Wish(6, None, 1))
    session.close()
    contacts = next(row for row in plan["rows"] if row["kpi"] == "contact_volume")
    assert contacts["days"][0]["actual"] == 800
    assert "2027-08-02" in contacts["outside"]
    body = {**week, "plan": plan}
    assert "2 August 2027: 800, not" in week_sheet(body, ENGLISH, with_cards=False).html.decode()


def test_a_season_of_other_days_is_refused() -> None:
    floor = Counted()
    floor.be(datetime(2027, 8, 2, 9, tzinfo=UTC))
    with pytest.raises(InvalidInput, match="holds none of these days"):
        beside_plan(a_session(floor), "smoke", DAYS, Wish(6, None, 1))
    with pytest.raises(InvalidInput, match="at least 5"):
        beside_plan(a_session(floor), "smoke", DAYS, Wish(3, None, 1))
