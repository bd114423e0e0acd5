"""Restrictions: each kind says its own no, at its own edge."""

from datetime import date, timedelta

import pytest

from domain.availability import (
    AlertCode,
    AlertLevel,
    Availability,
    Restriction,
    RestrictionKind,
    alert_of,
    state_of,
)
from domain.stay import StayDates
from tests.builders import ARRIVAL, a_stay

KIND = RestrictionKind
TODAY = date(2027, 5, 1)
DAY = timedelta(days=1)


def a_rule(kind: RestrictionKind, start: date = ARRIVAL, end: date = ARRIVAL, unit: int | None = None) -> Restriction:
    return Restriction(kind, start, end, unit)


def test_a_stop_sale_on_the_last_night_stops_the_sale_and_on_the_departure_day_does_not() -> None:
    stay = a_stay(nights=7)
    assert a_rule(KIND.CLOSED, stay.last_night, stay.last_night).breaks(stay, TODAY)
    assert not a_rule(KIND.CLOSED, stay.check_out, stay.check_out).breaks(stay, TODAY)


def test_closed_to_arrival_binds_the_day_of_arrival_only() -> None:
    rule = a_rule(KIND.CLOSED_TO_ARRIVAL)
    assert rule.breaks(a_stay(), TODAY)
    assert not rule.breaks(a_stay(ARRIVAL - DAY), TODAY)


def test_closed_to_departure_binds_the_day_of_departure_only() -> None:
    rule = a_rule(KIND.CLOSED_TO_DEPARTURE)
    assert rule.breaks(StayDates(ARRIVAL - 3 * DAY, ARRIVAL), TODAY)
    assert not rule.breaks(a_stay(), TODAY)


@pytest.mark.parametrize(("nights", "broken"), [(4, True), (5, False), (6, False)])
def test_a_minimum_stay_binds_arrivals_below_it(nights: int, broken: bool) -> None:
    assert a_rule(KIND.MIN_STAY, unit=5).breaks(a_stay(nights=nights), TODAY) is broken


@pytest.mark.parametrize(("nights", "broken"), [(4, False), (5, False), (6, True)])
def test_a_maximum_stay_binds_arrivals_above_it(nights: int, broken: bool) -> None:
    assert a_rule(KIND.MAX_STAY, unit=5).breaks(a_stay(nights=nights), TODAY) is broken


def test_a_minimum_stay_through_binds_whoever_sleeps_through_its_days() -> None:
    through, arrival = a_rule(KIND.MIN_STAY_THROUGH, unit=5), a_rule(KIND.MIN_STAY, unit=5)
    stay = a_stay(ARRIVAL - DAY, 3)
    assert through.breaks(stay, TODAY)
    assert not arrival.breaks(stay, TODAY)


def test_a_maximum_stay_through_binds_whoever_sleeps_through_its_days() -> None:
    assert a_rule(KIND.MAX_STAY_THROUGH, unit=2).breaks(a_stay(ARRIVAL - DAY, 3), TODAY)


@pytest.mark.parametrize(
    ("kind", "days", "broken"),
    [
        (KIND.MIN_ADVANCE, 6, True),
        (KIND.MIN_ADVANCE, 7, False),
        (KIND.MAX_ADVANCE, 7, False),
        (KIND.MAX_ADVANCE, 8, True),
    ],
)
def test_advance_limits_count_days_from_the_hotels_today(kind: RestrictionKind, days: int, broken: bool) -> None:
    assert a_rule(kind, unit=7).breaks(a_stay(), ARRIVAL - days * DAY) is broken


@pytest.mark.parametrize(
    "kind", [KIND.MIN_STAY, KIND.MAX_STAY, KIND.MAX_STAY_THROUGH, KIND.MAX_ADVANCE, KIND.MIN_ADVANCE]
)
def test_a_rule_that_needs_a_number_and_has_none_binds_nobody(kind: RestrictionKind) -> None:
    assert not a_rule(kind).breaks(a_stay(), TODAY)


def test_a_rule_without_scope_concerns_every_room_and_plan() -> None:
    assert a_rule(KIND.CLOSED).concerns("STD", "UAI-FLEX")
    assert not Restriction(KIND.CLOSED, ARRIVAL, ARRIVAL, None, "FAM").concerns("STD", "UAI-FLEX")
    assert not Restriction(KIND.CLOSED, ARRIVAL, ARRIVAL, None, None, "HB-FLEX").concerns("STD", "UAI-FLEX")


@pytest.mark.parametrize("kind", list(RestrictionKind))
def test_every_kind_of_rule_has_an_alert_with_its_days(kind: RestrictionKind) -> None:
    alert = alert_of(a_rule(kind, unit=3))
    assert dict(alert.params) == {"start": "2027-07-10", "end": "2027-07-10", "unit": 3}


def test_what_can_be_sold_with_another_length_is_yellow_and_the_rest_red() -> None:
    yellow = {kind for kind in RestrictionKind if alert_of(a_rule(kind)).level is AlertLevel.YELLOW}
    assert yellow == {KIND.MIN_STAY, KIND.MAX_STAY, KIND.MIN_STAY_THROUGH, KIND.MAX_STAY_THROUGH}


def test_a_stop_sale_among_other_rules_is_named_closed() -> None:
    rules = [a_rule(KIND.MIN_STAY, unit=5), a_rule(KIND.CLOSED)]
    assert state_of(rules) is Availability.CLOSED
    assert state_of(rules[:1]) is Availability.RESTRICTED
    assert alert_of(rules[1]).code is AlertCode.STOP_SALE
