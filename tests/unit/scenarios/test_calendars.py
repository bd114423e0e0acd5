"""Holidays of the countries guests call from: movable feasts, half-days, parts of a country, bridges of a feast."""

from datetime import date, timedelta

import pytest

from domain.hours import DayKind
from scenarios.calendars import Calendar, knows_country
from scenarios.demand_calendar import CallDay, country_days

YEAR = (date(2027, 1, 1), date(2027, 12, 31))


def days(country: str, kind: CallDay, *, bridging: bool = False) -> list[str]:
    found = country_days(country, *YEAR, bridging=bridging, feast_days=3).kinds
    return [f"{day:%m-%d}" for day in sorted(found) if found[day] is kind]


@pytest.mark.parametrize("country", ["TR", "DE", "RU", "GB", "GB-ENG", "NL", "PL", "KZ", "DE-BY"])
def test_the_markets_of_the_trade_are_known_and_rest_at_new_year(country: str):
    assert knows_country(country)
    assert Calendar(country).kind_of(date(2027, 1, 1)) is DayKind.HOLIDAY


@pytest.mark.parametrize("country", ["XX", "GB-XXX", "tr"])
def test_what_is_no_country_is_not_known(country: str):
    assert not knows_country(country)


def test_turkish_feasts_and_eves_of_2027_are_where_they_were_announced():
    spring = ["01-01", "03-09", "03-10", "03-11", "04-23", "05-01"]
    assert days("TR", CallDay.HOLIDAY) == [*spring, "05-16", "05-17", "05-18", "05-19", "07-15", "08-30", "10-29"]
    assert days("TR", CallDay.HALF_DAY) == ["03-08", "05-15", "10-28"]


def test_two_holidays_on_one_day_are_both_named():
    assert len(Calendar("TR").names(date(2027, 5, 19), "tr")) == 2


def test_england_has_holidays_the_whole_kingdom_has_not():
    summer = date(2027, 8, 30)
    assert Calendar("GB-ENG").kind_of(summer) is DayKind.HOLIDAY
    assert Calendar("GB").kind_of(summer) is DayKind.PLAIN


def test_bridging_makes_nine_days_of_both_feasts():
    bridges = days("TR", CallDay.BRIDGE, bridging=True)
    assert {"03-08", "03-12"} <= set(bridges)
    assert {"05-20", "05-21"} <= set(bridges)
    kinds = country_days("TR", *YEAR, bridging=True, feast_days=3).kinds
    week = [date(2027, 5, 15) + timedelta(days=n) for n in range(9)]
    assert all(day.weekday() > 4 or kinds[day] in {CallDay.HOLIDAY, CallDay.BRIDGE} for day in week)


def test_without_the_switch_nobody_bridges():
    assert days("TR", CallDay.BRIDGE) == []


def test_one_working_day_is_bridged_beside_a_single_holiday_and_two_are_not():
    assert "05-07" in days("DE", CallDay.BRIDGE, bridging=True)
    assert "07-14" not in days("TR", CallDay.BRIDGE, bridging=True)
