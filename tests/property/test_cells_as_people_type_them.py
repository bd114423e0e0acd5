"""What people and spreadsheets write into a cell is read as it was meant, or refused; never read as something else."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from integration.adapters.formats import LOCALES, write_money
from integration.usecases.sheet_cells import FORMULA, ages_of, amount_of, day_of, guarded, text_of, whole_of

AMOUNTS = st.decimals(0, 9_999_999, places=2)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def grouped(amount: Decimal, group: str, point: str) -> str:
    whole, _, fraction = f"{amount:,.2f}".partition(".")
    return f"{whole.replace(',', group)}{point}{fraction}"


@given(
    AMOUNTS, st.sampled_from([(".", ","), (",", "."), (" ", ","), ("\u00a0", ","), ("'", "."), ("", ","), ("", ".")])
)
def test_an_amount_is_read_with_any_pair_of_separators(amount: Decimal, marks: tuple[str, str]) -> None:
    assert amount_of(grouped(amount, *marks), "total") == (amount, None)


@given(AMOUNTS, st.sampled_from(sorted(LOCALES)), st.sampled_from(["EUR", "TRY", "USD", "GBP"]))
def test_an_amount_as_our_own_screens_write_it_is_read_with_its_currency(
    amount: Decimal, language: str, currency: str
) -> None:
    assert amount_of(write_money(language, amount, currency), "total") == (amount, currency)


@given(st.integers(1, 999_999), st.sampled_from(".,"))
def test_three_digits_behind_a_mark_are_thousands_never_a_fraction(number: int, mark: str) -> None:
    amount = Decimal(number * 1000)
    assert amount_of(f"{number * 1000:,}".replace(",", mark), "total") == (amount, None)


@given(st.floats(0, 1e9))
def test_a_number_of_a_spreadsheet_is_read_to_its_last_digit(number: float) -> None:
    found = amount_of(number, "total")
    assert found is not None
    assert float(found[0]) == number


@given(st.text(max_size=12))
def test_whatever_is_typed_is_an_amount_nothing_or_one_sentence(typed: str) -> None:
    with suppress(InvalidInput):
        found = amount_of(typed, "total")
        assert found is None or found[0] >= 0


@pytest.mark.parametrize(
    "typed",
    ["-5", "1.2.3", "1,23,4", "1.2345", "0.350", "1.000,000", "1,000.50.2", "ten", "1e3", "€5€", "٣", "12 34", "5 DM",
     True, float("nan"), float("inf"), -1.0],
)  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        amount_of(typed, "total")


@given(DAYS)
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    texts = (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day.isoformat()} 00:00:00")
    assert [day_of(text, "check_in") for text in texts] == [day] * 4
    assert day_of(datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC), "check_in") == day
    assert day_of(day, "check_in") == day


@pytest.mark.parametrize(
    "typed",
    ["08/03/2027", "03-08-2027", "31.02.2027", "2027-8-3", "3.8.27", "46602", 46602, 46602.0, "tomorrow", "٣.8.2027"],
)
def test_a_day_that_could_be_two_or_none_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        day_of(typed, "check_in")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20))
def test_a_text_guarded_against_formulas_comes_back_as_it_was(text: str) -> None:
    assume(text == text.strip())
    kept = guarded(text)
    assert not kept.startswith(FORMULA)
    assert text_of(kept, "name") == text


def test_numbers_and_ages_are_read_as_spreadsheets_give_them() -> None:
    assert [whole_of(cell, "adults") for cell in ("2", 2, 2.0, "2,0", " 2 ", None, "")] == [2, 2, 2, 2, 2, None, None]
    assert [ages_of(cell, "ages") for cell in ("7;3", "7, 3", "7 3", 7.0, None)] == [(7, 3), (7, 3), (7, 3), (7,), ()]
    assert text_of(905321112233.0, "phone") == "905321112233"
    for bad in (2.5, "two", "-1", True, "1e1"):
        with pytest.raises(InvalidInput):
            whole_of(bad, "adults")
    for bad in ("a\x00b", "a\x1bb", "x" * 2001):
        with pytest.raises(InvalidInput):
            text_of(bad, "note")
