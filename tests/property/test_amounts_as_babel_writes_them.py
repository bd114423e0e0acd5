"""The quick way to write an amount gives what Babel gives."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MINOR_DIGITS, Money
from integration.adapters.formats import LOCALES
from integration.adapters.phrases import CataloguePhrases

PHRASES = CataloguePhrases()
languages = st.sampled_from(sorted(LOCALES))


@given(languages, st.integers(-(10**12), 10**12), st.sampled_from(sorted(MINOR_DIGITS)))
def test_an_amount_is_written_as_babel_writes_it(language: str, minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    theirs = format_currency(money.amount, currency, locale=LOCALES[language])
    ours = PHRASES.money(language, money)
    assert ours == theirs or ours.replace("\u00a0", "", 1) == theirs  # a gap after a code of letters: TRY 5.00


@given(languages, st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_number_is_written_as_babel_writes_it(language: str, units: int, places: int) -> None:
    number = Decimal(units).scaleb(-places)
    theirs = format_decimal(number, locale=LOCALES[language], decimal_quantization=False, group_separator=True)
    assert PHRASES.number(language, number.normalize() + 0) == theirs


@given(languages, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_is_written_as_babel_writes_it(language: str, day: date) -> None:
    assert PHRASES.day(language, day) == format_date(day, "long", locale=LOCALES[language])
