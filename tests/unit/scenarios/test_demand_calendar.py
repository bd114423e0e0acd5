"""Holidays of the callers' countries, bridges, feasts, callers' clocks and surges in the volume of a season."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scenarios.demand import DemandPlan, demand_plan
from scenarios.demand_calendar import CallDay, calendar_factors, country_days
from scenarios.demand_volume import rolled
from scenarios.scenario_loader import load_scenario
from scenarios.schema.season_demand import Calendars
from scenarios.schema.season_targets import Incident
from tests.sim.seasons import NO_HOLIDAYS, loaded, plan


def days_of(*, bridging: bool, country: str = "TR") -> dict[date, CallDay]:
    found = country_days(country, date(2027, 1, 1), date(2027, 12, 31), bridging=bridging, feast_days=3)
    return found.kinds


def test_the_feast_of_sacrifice_is_made_nine_days_when_bridged() -> None:
    plain, bridged = days_of(bridging=False), days_of(bridging=True)
    feast = [date(2027, 5, day) for day in range(16, 20)]
    assert all(plain[day] is CallDay.HOLIDAY for day in feast)
    assert plain[date(2027, 5, 15)] is CallDay.HALF_DAY
    assert date(2027, 5, 20) not in plain
    assert bridged[date(2027, 5, 20)] is bridged[date(2027, 5, 21)] is CallDay.BRIDGE
    assert date(2027, 5, 24) not in bridged


def test_a_single_holiday_is_bridged_by_one_day_only() -> None:
    bridged = days_of(bridging=True)
    assert bridged[date(2027, 4, 23)] is CallDay.HOLIDAY
    assert bridged[date(2027, 7, 15)] is CallDay.HOLIDAY
    assert bridged[date(2027, 7, 16)] is CallDay.BRIDGE
    assert date(2027, 7, 14) not in bridged


@pytest.mark.parametrize("country", ["TR", "DE", "RU", "GB", "NL", "PL", "KZ"])
def test_every_market_has_its_new_year(country: str) -> None:
    assert days_of(bridging=False, country=country)[date(2027, 1, 1)] is CallDay.HOLIDAY


def some_calendars() -> Calendars:
    return Calendars(
        markets={"tr": {"TR": 1.0}, "en": {"GB": 3.0, "PL": 1.0}},
        holiday_factor=0.5,
        half_day_factor=0.75,
        lead_up_days=10,
        lead_up_factor=1.2,
    )


def test_a_holiday_takes_its_factor_off_the_part_of_the_market_that_has_it() -> None:
    of_all, _ = calendar_factors(some_calendars(), ("tr", "en", "ru"), date(2027, 5, 1), 31)
    assert of_all[16].tolist() == [0.5, 1.0, 1.0]
    assert of_all[14].tolist() == [0.75, 1.0, 1.0]
    assert of_all[26, 1] == pytest.approx(1 - 0.25 * 0.5)
    assert of_all[30, 1] == pytest.approx(1 - 0.75 * 0.5)


def test_sales_rise_in_the_days_before_a_feast_and_not_on_it() -> None:
    _, of_sales = calendar_factors(some_calendars(), ("tr",), date(2027, 5, 1), 31)
    assert of_sales[:, 0].tolist() == [1.0] * 5 + [1.2] * 10 + [1.0] * 16


def test_a_lead_up_reaches_back_over_the_end_of_the_season() -> None:
    _, of_sales = calendar_factors(some_calendars(), ("tr",), date(2027, 5, 1), 10)
    assert of_sales[:, 0].tolist() == [1.0] * 5 + [1.2] * 5


def test_only_sales_contacts_feel_the_lead_up() -> None:
    sets = ("season.first=2027-05-01", "season.last=2027-05-20", "calendars.lead_up_factor=2.0")
    of = plan(*sets)
    before = plan(*sets, "calendars.lead_up_days=0")
    day, tr = 10, of.languages.index("tr")
    more, less = (one.rates[day, :, 0, tr].sum() * one.intent_shares[day, 0, tr] for one in (of, before))
    assert more[0] == pytest.approx(2 * less[0])
    assert more[1:] == pytest.approx(less[1:])


def test_a_profile_moves_over_midnight_and_by_parts_of_a_half_hour() -> None:
    profile = (*(0.0,) * 47, 1.0)
    assert rolled(profile, 60)[1] == 1.0
    assert rolled(profile, -30)[46] == 1.0
    assert rolled(profile, 45)[[0, 1]].tolist() == [0.5, 0.5]


def test_german_callers_are_two_hours_behind_in_winter() -> None:
    sets = (*NO_HOLIDAYS, "season.first=2027-10-25", "season.last=2027-11-05")
    of, profile = plan(*sets), loaded(*sets).scenario.demand.half_hours["phone"]
    shares = of.rates[:, :, 0, of.languages.index("de")]
    shares = shares / shares.sum(axis=1, keepdims=True)
    assert shares[0] == pytest.approx(np.roll(profile, 2) / sum(profile))
    assert shares[-1] == pytest.approx(np.roll(profile, 4) / sum(profile))


def test_a_surge_multiplies_its_hours_channels_and_languages_only() -> None:
    calm, busy = plan(), surged()
    ratio = busy.rates[9] / np.where(calm.rates[9] > 0, calm.rates[9], 1)
    assert ratio[20:22, 0, 3] == pytest.approx([3.0, 2.0])
    ratio[20:22, 0, 3] = 1.0
    assert ratio[calm.rates[9] > 0] == pytest.approx(1.0)
    assert busy.rates[8] == pytest.approx(calm.rates[8])


def surged() -> DemandPlan:
    of = load_scenario()
    surge = Incident.model_validate(
        {
            "kind": "surge",
            "at": "2027-06-10T10:00:00",
            "hours": 0.75,
            "factor": 3.0,
            "channels": ("phone",),
            "languages": ("ru",),
        },
        strict=False,
    )
    scenario = of.scenario.model_copy(update={"incidents": (surge,)})
    return demand_plan(replace(of, scenario=scenario))
