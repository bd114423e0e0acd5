"""Instants, days, money and lists between our values and what a column holds.

An instant is an integer of UTC milliseconds since 1970, rounded down: a deadline never moves later by being stored.
An amount is an integer of minor units. Amounts repeat (every night of a week), so they are made from integers once
and shared.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

from domain.money import Money
from domain.stay import Party, StayDates

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
to_json = msgspec.json.Encoder().encode
_ages = msgspec.json.Decoder(tuple[int, ...]).decode
_texts = msgspec.json.Decoder(tuple[str, ...]).decode


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (at - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


def to_ms_or_none(at: datetime | None) -> int | None:
    """As `to_ms`; None stays None."""
    return None if at is None else (at - _EPOCH) // _MILLISECOND


def from_ms_or_none(ms: int | None) -> datetime | None:
    """As `from_ms`; None stays None."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)


def to_day(day: date | None) -> str | None:
    """ISO text of a day; None stays None."""
    return None if day is None else day.isoformat()


def from_day(text: str | None) -> date | None:
    """The day of an ISO text; None stays None."""
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=8192)
def money(minor: int, currency: str) -> Money:
    """The amount of so many minor units; one object for all that are equal."""
    return Money.from_minor(minor, currency)


@lru_cache(maxsize=8192)
def _minor(amount: Decimal, currency: str) -> int:
    return Money(amount, currency).minor


def minor(price: Money) -> int:
    """Minor units of an amount; reckoned once for all that are equal."""
    return _minor(price.amount, price.currency)


def json_text(value: object) -> str:
    """JSON without spaces."""
    return to_json(value).decode()


def texts(text: str) -> tuple[str, ...]:
    """A JSON list of strings."""
    return () if text == "[]" else _texts(text)


def party(adults: int, child_ages: str) -> Party:
    """A party from its columns."""
    return Party(adults, () if child_ages == "[]" else _ages(child_ages))


def ages_text(party: Party) -> str:
    """The children's ages as JSON."""
    return json_text(party.child_ages) if party.child_ages else "[]"


def texts_text(values: tuple[str, ...]) -> str:
    """Strings as a JSON list."""
    return json_text(values) if values else "[]"


def stay(check_in: str, check_out: str) -> StayDates:
    """A stay from its columns."""
    return StayDates(date.fromisoformat(check_in), date.fromisoformat(check_out))


def code(value: StrEnum | None) -> str | None:
    """The plain string of an enum member (a driver adapts subclasses of str slowly); None stays None."""
    return None if value is None else value.value
