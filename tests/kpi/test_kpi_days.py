"""A case belongs to the hotel's own day on which it began: over midnight, and where clocks are moved."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.kpi_row import Dimension, Period
from integration.ports.serving import UsualServing
from integration.usecases.kpi_refresh import refresh
from tests.intake.reception import Reception, Writer, a_reception
from tests.kpi.floor import Counted, rows_of
from tests.kpi.week import WHO, at

ANNA = Writer(WHO["A"], name="Anna")


def in_berlin() -> Counted:
    """A hotel that never closes, in a country that moves its clocks."""
    made = a_reception()
    hotel = replace(made.office.hotel, zone=ZoneInfo("Europe/Berlin"))
    desk = replace(made.desk, hotels={"BELEK1": hotel}, serving=UsualServing())
    return Counted(Reception(made.office, desk))


def test_a_case_over_midnight_is_of_the_day_on_which_it_began() -> None:
    floor = Counted()
    floor.writes(ANNA, at(3, 20, 59, 59))
    floor.replies(WHO["A"], at(3, 21, 0, 9))
    floor.closes(WHO["A"], at(3, 21, 30), "price")
    rows = rows_of(floor.report(Period(date(2027, 5, 3), date(2027, 5, 4)), Dimension.DAY))
    assert rows["frt_s", "day:2027-05-03"].value == 10
    assert rows["lost_reasons", "day:2027-05-03"].value == 1
    assert ("frt_s", "day:2027-05-04") not in rows
    assert rows_of(floor.report(Period(date(2027, 5, 4), date(2027, 5, 4))))["frt_s", ""].n == 0


@pytest.mark.parametrize(
    ("wrote", "day", "wait_s"),
    [
        (datetime(2027, 10, 30, 21, 30, tzinfo=UTC), date(2027, 10, 30), 14_400),  # 23:30 before the clocks go back
        (datetime(2027, 10, 30, 22, 30, tzinfo=UTC), date(2027, 10, 31), 14_400),  # 00:30, a day of 25 hours
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), date(2027, 10, 31), 3_600),  # 02:30, an hour that comes twice
        (datetime(2027, 10, 31, 22, 59, tzinfo=UTC), date(2027, 10, 31), 60),  # 23:59, the 25th hour
        (datetime(2027, 10, 31, 23, 1, tzinfo=UTC), date(2027, 11, 1), 60),
        (datetime(2028, 3, 26, 0, 30, tzinfo=UTC), date(2028, 3, 26), 3_600),  # 01:30, and then 03:30
    ],
)
def test_where_clocks_are_moved_days_are_the_hotels_and_seconds_are_seconds(
    wrote: datetime, day: date, wait_s: int
) -> None:
    floor = in_berlin()
    floor.writes(ANNA, wrote)
    floor.replies(WHO["A"], wrote + timedelta(seconds=wait_s))
    rows = rows_of(floor.report(Period(day, day)))
    assert (rows["frt_s", ""].value, rows["frt_s", ""].wall[75]) == (wait_s, wait_s)


def test_a_lead_whose_time_runs_out_is_missed_though_nothing_happens() -> None:
    floor = Counted()
    floor.writes(ANNA, at(3, 9))
    day = Period(date(2027, 5, 3), date(2027, 5, 3))
    floor.be(at(3, 9, 1, 59))
    assert rows_of(floor.report(day))["missed_lead_rate", ""].value == 0.0
    floor.be(at(3, 9, 2))
    found = rows_of(floor.report(day))
    assert (found["missed_lead_rate", ""].value, found["frt_s", ""].open_n) == (1.0, 1)
    assert asyncio.run(refresh(floor.reception.desk)).notes == 0


def test_a_caller_who_gave_up_is_missed_after_a_day_without_a_call_back() -> None:
    floor = Counted()
    floor.rings(WHO["B"], at(3, 9), None, 5)
    day = Period(date(2027, 5, 3), date(2027, 5, 3))
    floor.be(at(4, 9))
    assert rows_of(floor.report(day))["missed_lead_rate", ""].value == 0.0
    floor.be(at(4, 9, 0, 5))
    assert rows_of(floor.report(day))["missed_lead_rate", ""].value == 1.0


def test_a_call_whose_queue_nobody_told_of_has_no_speed_of_answer() -> None:
    floor = Counted()
    floor.be(at(3, 9))
    from integration.usecases.take_calls import CallStart, start_call
    from tests.builders import an_actor

    asyncio.run(start_call(floor.reception.desk, an_actor(), CallStart(WHO["A"])))
    rows = rows_of(floor.report(Period(date(2027, 5, 3), date(2027, 5, 3))))
    assert (rows["call_volume_in", ""].value, rows["asa_s", ""].n, rows["service_level", ""].n) == (1, 0, 0)
    assert (rows["frt_s", ""].n, rows["missed_lead_rate", ""].value) == (0, 0.0)


def test_a_guest_who_comes_back_days_later_begins_a_run_of_his_own() -> None:
    floor = Counted()
    floor.writes(ANNA, at(3, 9))
    floor.replies(WHO["A"], at(3, 9, 1))
    floor.closes(WHO["A"], at(3, 9, 5), "price")
    floor.writes(ANNA, at(5, 9), "And in May?")
    floor.replies(WHO["A"], at(5, 9, 0, 30))
    rows = rows_of(floor.report(Period(date(2027, 5, 3), date(2027, 5, 9)), Dimension.DAY))
    assert rows["frt_s", "day:2027-05-03"].value == 60
    assert rows["frt_s", "day:2027-05-05"].value == 30
    assert rows["contact_volume", ""].value == 2
