"""Money: one currency at a time, to the cent, halves up."""

from decimal import Decimal

import pytest

from domain.errors import InvalidInput
from domain.money import Money, minor_digits, total_of
from tests.builders import eur, lira


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(InvalidInput, match="EUR and TRY cannot be reckoned together"):
        eur(1) + lira(1)


@pytest.mark.parametrize("operation", [lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b])
def test_two_currencies_are_never_compared_or_subtracted(operation) -> None:
    with pytest.raises(InvalidInput):
        operation(eur(1), lira(1))


def test_a_total_refuses_a_part_in_another_currency() -> None:
    with pytest.raises(InvalidInput):
        total_of([eur(1), lira(1)], "EUR")


def test_a_total_of_nothing_is_zero_in_its_currency() -> None:
    assert total_of([], "TRY") == Money.zero("TRY")


@pytest.mark.parametrize(
    ("text", "kept"), [("0.005", "0.01"), ("0.004", "0.00"), ("-0.005", "-0.01"), ("1e2", "100.00")]
)
def test_halves_round_away_from_zero(text: str, kept: str) -> None:
    assert str(Money.of(text, "EUR").amount) == kept


def test_less_than_a_cent_below_nothing_is_nothing_without_a_sign() -> None:
    assert str(Money(Decimal("-0.004"), "EUR")) == "0.00 EUR"


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "-Infinity", "1e13", "12,50", "0x10"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Money.of(text, "EUR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(InvalidInput, match="XYZ"):
        minor_digits("XYZ")


def test_a_yen_has_no_cents() -> None:
    assert Money.of("99.5", "JPY").minor == 100


def test_money_reads_as_amount_and_currency() -> None:
    assert str(eur("4350")) == "4350.00 EUR"
