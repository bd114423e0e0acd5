"""A pilot of thirty days: started once, kept over a restart, the worst bottleneck first."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.errors import Forbidden, InvalidInput, NotFound, Refused
from domain.kpi_row import Dimension, Period
from integration.adapters.store import open_store
from integration.usecases.kpi_pilot import bottleneck, pilot_status, start_pilot
from tests.builders import an_actor
from tests.kpi.floor import BOSS, Counted, rows_of
from tests.kpi.week import the_week
from tests.kpi.weeks import HOTEL, put_days

FIRST = date(2027, 5, 24)
START = datetime(2027, 5, 24, 5, tzinfo=UTC)


def test_a_pilot_runs_once_at_a_time() -> None:
    floor = Counted()
    desk = floor.reception.desk
    with pytest.raises(NotFound, match="No pilot"):
        asyncio.run(pilot_status(desk, BOSS, HOTEL))
    floor.be(START)
    first = asyncio.run(start_pilot(desk, BOSS, HOTEL))
    assert (first["day"], first["days"], first["first"], first["last"]) == (1, 30, "2027-05-24", "2027-06-22")
    with pytest.raises(Refused, match="runs already, from 2027-05-24 to 2027-06-22"):
        asyncio.run(start_pilot(desk, BOSS, HOTEL))
    floor.be(datetime(2027, 6, 23, 5, tzinfo=UTC))
    assert asyncio.run(pilot_status(desk, BOSS, HOTEL))["is_over"]
    assert asyncio.run(start_pilot(desk, BOSS, HOTEL))["day"] == 1


def test_a_pilot_is_for_supervisors_and_begins_near_today() -> None:
    floor = Counted()
    floor.be(START)
    with pytest.raises(Forbidden):
        asyncio.run(start_pilot(floor.reception.desk, an_actor(), HOTEL))
    with pytest.raises(InvalidInput):
        asyncio.run(start_pilot(floor.reception.desk, BOSS, HOTEL, date(2027, 1, 1)))


def test_a_pilot_that_begins_tomorrow_is_on_day_nought() -> None:
    floor = Counted()
    floor.be(START)
    body = asyncio.run(start_pilot(floor.reception.desk, BOSS, HOTEL, date(2027, 5, 26)))
    assert (body["day"], body["rows"], body["is_over"]) == (0, [], False)


def test_a_pilot_outlives_a_restart(tmp_path: Path) -> None:
    place = tmp_path / "store.sqlite"
    floor = Counted.on(open_store(place, inline=True, create=True))
    floor.be(START)
    desk = floor.reception.desk
    before = asyncio.run(start_pilot(desk, BOSS, HOTEL))
    asyncio.run(desk.store.close())
    again = replace(desk, store=open_store(place, inline=True, create=False))
    assert asyncio.run(pilot_status(again, BOSS, HOTEL)) == before
    asyncio.run(again.store.close())


def test_the_worst_bottleneck_comes_first_in_the_reports_own_figures() -> None:
    floor = Counted()
    desk = floor.reception.desk
    floor.be(START)
    asyncio.run(start_pilot(desk, BOSS, HOTEL))
    floor.change(lambda tx: put_days(tx, FIRST, 10, FIRST))
    floor.be(datetime(2027, 6, 2, 20, tzinfo=UTC))
    body = asyncio.run(pilot_status(desk, BOSS, HOTEL))
    worst = bottleneck(body["rows"])
    assert body["day"] == 10
    assert worst is not None
    assert (worst["channel"], worst["kpi"]) == ("whatsapp", "frt_s")
    assert body["rows"][0] == worst
    told = [row["short"] for row in body["rows"] if row["short"] is not None]
    assert told == sorted(told, reverse=True)
    line = rows_of(floor.report(Period(FIRST, date(2027, 6, 2)), Dimension.CHANNEL))["frt_s", "channel:whatsapp"]
    assert (worst["n"], worst["p75"], worst["in_target"]) == (
        line.n,
        line.percentiles[75],
        round(line.in_target or 0, 6),
    )


def test_the_hand_computed_week_names_the_telephone() -> None:
    """Of three calls with a clock one was answered in its 20 s: 33 % of 75 %."""
    floor = the_week()
    desk = floor.reception.desk
    asyncio.run(start_pilot(desk, BOSS, HOTEL, date(2027, 5, 3)))
    worst = bottleneck(asyncio.run(pilot_status(desk, BOSS, HOTEL))["rows"])
    assert worst is not None
    assert (worst["channel"], worst["kpi"], worst["n"], worst["short"]) == ("phone", "frt_s", 3, 0.416667)
