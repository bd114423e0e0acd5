"""What a cancellation costs, what a deposit is, who fits into a room."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.money import Money
from domain.rates import DepositRule, PenaltyBasis
from tests.builders import ARRIVAL, a_rate_plan, a_room_type, eur, flexible_terms, strict_terms

NIGHTLY = tuple(eur(price) for price in ("100.00", "200.00", "300.05"))
DAY = timedelta(days=1)


def test_cancelling_on_the_last_free_day_costs_nothing_and_the_day_after_one_night() -> None:
    terms = flexible_terms()
    assert terms.free_until(ARRIVAL) == date(2027, 7, 7)
    assert terms.penalty(NIGHTLY, ARRIVAL, date(2027, 7, 7)) == Money.zero("EUR")
    assert terms.penalty(NIGHTLY, ARRIVAL, date(2027, 7, 8)) == eur("100.00")


def test_terms_free_to_the_day_of_arrival_are_free_on_it() -> None:
    terms = flexible_terms(free_until_days=0)
    assert terms.penalty(NIGHTLY, ARRIVAL, ARRIVAL) == Money.zero("EUR")
    assert terms.penalty(NIGHTLY, ARRIVAL, ARRIVAL + DAY) == eur("100.00")


def test_a_plan_that_is_never_free_costs_from_the_first_day() -> None:
    assert strict_terms().penalty(NIGHTLY, ARRIVAL, date(2020, 1, 1)) == eur("600.05")


def test_a_penalty_in_nights_stops_at_the_length_of_the_stay() -> None:
    terms = flexible_terms(penalty_value=Decimal(9))
    assert terms.penalty(NIGHTLY, ARRIVAL, ARRIVAL) == eur("600.05")


def test_a_penalty_in_percent_rounds_halves_up() -> None:
    terms = flexible_terms(penalty_basis=PenaltyBasis.PERCENT, penalty_value=Decimal(50))
    assert terms.penalty(NIGHTLY, ARRIVAL, ARRIVAL) == eur("300.03")


def test_who_never_comes_owes_the_no_show_share() -> None:
    assert flexible_terms(no_show_percent=Decimal(80)).no_show_penalty(NIGHTLY) == eur("480.04")


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (DepositRule(nights=1), "100.00"),
        (DepositRule(nights=9), "600.05"),
        (DepositRule(percent=Decimal(30)), "180.02"),
    ],
)
def test_a_deposit_is_first_nights_or_a_share(rule: DepositRule, due: str) -> None:
    assert rule.due(NIGHTLY) == eur(due)


def test_a_plan_has_one_pms_code_per_currency() -> None:
    plan = a_rate_plan("HB-FLEX")
    assert (plan.pms_code("EUR"), plan.pms_code("TRY"), plan.pms_code("USD")) == ("HB-FLEX", "HB-FLEX-TR", None)
    assert plan.is_refundable
    assert not replace(plan, cancellation=strict_terms()).is_refundable


@pytest.mark.parametrize(("adults", "children", "fits"), [(2, 1, True), (3, 0, False), (2, 2, False), (1, 1, True)])
def test_a_room_takes_a_party_within_all_three_limits(adults: int, children: int, fits: bool) -> None:
    assert a_room_type().takes(adults, children) is fits
