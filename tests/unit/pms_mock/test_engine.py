"""Small promises of the engine: rounding, prices, nights, names, merging."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms_mock.engine.days import each_day, nights
from pms_mock.engine.money import before_tax, half_up, minor, with_tax
from pms_mock.engine.names import name_key, phone_key
from pms_mock.engine.nights import pack, unpack
from pms_mock.engine.pricing import Night
from pms_mock.engine.records import merged, without_cards


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_rounding_is_half_up(value: int, divisor: int) -> None:
    exact = Fraction(value, divisor)
    assert half_up(value, divisor) == (exact + Fraction(1, 2)).__floor__()


@given(st.integers(0, 10**9), st.integers(0, 5000))
def test_tax_taken_off_and_put_on_again_is_at_most_a_cent_away(gross: int, tax: int) -> None:
    assert abs(with_tax(before_tax(gross, tax), tax) - gross) <= 1


@pytest.mark.parametrize(("text", "cents"), [("410.00", 41000), ("0.005", 1), ("0.004", 0), (1.1, 110), ("12", 1200)])
def test_amounts_become_minor_units(text: object, cents: int) -> None:
    assert minor(text) == cents


@pytest.mark.parametrize("text", ["x", "", "NaN", "Infinity", "1e30", None])
def test_what_is_not_an_amount_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        minor(text)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_nights_survive_being_packed(prices: list[tuple[int, int]]) -> None:
    days = list(each_day("2026-06-01", "2026-07-31"))
    stay = [Night(day, gross, gross + 1, extras) for day, (gross, extras) in zip(days, prices, strict=False)]
    assert unpack(pack(stay)) == stay


def test_a_stay_is_its_nights_without_the_departure_day() -> None:
    assert nights("2026-02-27", "2026-03-02") == ("2026-02-27", "2026-02-28", "2026-03-01")


@pytest.mark.parametrize("text", ["+90 532 111 22 33", "0090 (532) 111-22-33", "905321112233"])
def test_a_phone_is_its_digits(text: str) -> None:
    assert phone_key(text) == "905321112233"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  YILMAZ  oz ", "Yılmaz Öz"), ("Akcay", "AKÇAY"), ("incİ", "İNCI"), ("ŞAHİN", "şahin"),
        ("Juttner", "Jüttner"), ("Weiss", "Weiß"), ("Lukasz", "Łukasz"), ("S\u0327ahin", "Şahin"),
        ("Егорова", "ЕГОРОВА"),
    ],
)  # fmt: skip
def test_names_are_compared_without_case_or_marks(typed: str, stored: str) -> None:
    assert name_key(typed) == name_key(stored)


def test_two_letters_for_one_and_other_alphabets_are_other_names() -> None:
    assert len({name_key(one) for one in ("Juettner", "Jüttner", "Егорова", "Egorova")}) == 4


def test_objects_merge_member_by_member_and_named_lists_by_name() -> None:
    old = {"a": {"x": 1, "y": 2}, "u": [{"name": "n", "value": 1}, {"name": "m", "value": 1}], "l": [1]}
    new = {"a": {"y": 3}, "u": [{"name": "n", "value": 2}], "l": [2]}
    named = [{"name": "n", "value": 2}, {"name": "m", "value": 1}]
    assert merged(old, new) == {"a": {"x": 1, "y": 3}, "u": named, "l": [2]}


def test_card_numbers_are_cut_wherever_they_are() -> None:
    cut = without_cards({"a": [{"cardNumber": "4111111111111111", "track2Data": "x"}]})
    assert cut == {"a": [{"cardNumberLast4Digits": "1111", "cardNumberMasked": "XXXXXXXXXXXX1111"}]}
