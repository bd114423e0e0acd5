"""How people of a language write amounts, numbers and days.

Babel knows (CLDR), but asking it costs 80 microseconds a time, and a quote writes a dozen. So it is asked once for the
separators and symbols of a language and currency, and amounts are put together from those; a property test holds both
ways equal. Babel is imported when the first amount or day is written, and what was written is remembered. English is
British: the guests of the coast write 10 July 2027.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from domain.money import minor_digits

LOCALES = {"tr": "tr_TR", "en": "en_GB", "de": "de_DE", "ru": "ru_RU"}
_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands around and inside an amount."""

    prefix: str
    group: str
    point: str
    suffix: str

    def write(self, amount: Decimal, digits: int | None = None) -> str:
        """The amount with `digits` decimal places (None: as many as it has)."""
        text = f"{abs(amount):,.{digits}f}" if digits is not None else f"{abs(amount):,f}"
        whole, _, fraction = text.partition(".")
        sign = "-" if amount < 0 else ""
        tail = f"{self.point}{fraction}" if fraction else ""
        return f"{sign}{self.prefix}{whole.replace(',', self.group)}{tail}{self.suffix}"


@lru_cache(maxsize=64)
def money_shape(language: str, currency: str) -> Shape:
    """How an amount of a currency is written."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - 40 ms that only a sentence is worth

    numbers, locale = number_shape(language), LOCALES[language]
    symbol = get_currency_symbol(currency, locale)
    if language in {"de", "ru"}:
        return Shape("", numbers.group, numbers.point, f"{_NO_BREAK}{symbol}")
    return Shape(symbol + (_NO_BREAK if symbol[-1].isalpha() else ""), numbers.group, numbers.point, "")


@lru_cache(maxsize=8)
def number_shape(language: str) -> Shape:
    """How a number is written."""
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415 - as above

    locale = LOCALES[language]
    return Shape("", get_group_symbol(locale), get_decimal_symbol(locale), "")


@lru_cache(maxsize=1024)
def write_count(language: str, count: int) -> str:
    """E.g. `1,234`, `1.234`."""
    return number_shape(language).write(Decimal(count))


@lru_cache(maxsize=4096)
def write_money(language: str, amount: Decimal, currency: str) -> str:
    """E.g. `€4,350.00`, `4.350,00 €`, `₺4.350,00`."""
    return money_shape(language, currency).write(amount, minor_digits(currency))


@lru_cache(maxsize=4096)
def write_day(language: str, day: date) -> str:
    """E.g. `10 July 2027`."""
    from babel.dates import format_date  # noqa: PLC0415 - as above

    return str(format_date(day, "long", locale=LOCALES[language]))


def write_instant(language: str, at: datetime) -> str:
    """E.g. `10 July 2027, 18:00`, in the instant's own zone."""
    between = " " if language == "tr" else ", "
    return f"{write_day(language, at.date())}{between}{at:%H:%M}"
