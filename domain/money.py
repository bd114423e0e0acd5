"""Money: a Decimal and a currency, never a float.

Hotels of the coast price in EUR for guests from abroad and in TRY at home; the two are never added. Amounts travel as
decimal strings and are stored in minor units (cents, kuruş) as integers, so that a database cannot round them. Halves
round up (away from zero), as invoices do.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Self

from domain.errors import InvalidInput

MINOR_DIGITS = {"TRY": 2, "EUR": 2, "USD": 2, "GBP": 2, "RUB": 2, "PLN": 2, "KZT": 2, "UAH": 2, "CHF": 2, "JPY": 0}

_QUANTA = {currency: Decimal(1).scaleb(-digits) for currency, digits in MINOR_DIGITS.items()}
_DIGITS = 20


def minor_digits(currency: str) -> int:
    """Return the decimal places of a currency (ISO 4217); InvalidInput for one the house does not trade in."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise InvalidInput("Currency {currency} is not known.", currency=currency, field="currency") from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency, quantised to its minor unit."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Quantise, minus nothing being nothing; refuse NaN and infinity."""
        amount, quantum = self.amount, _QUANTA.get(self.currency)
        if quantum is not None and amount and amount.same_quantum(quantum) and amount.adjusted() < _DIGITS:
            return
        if not amount.is_finite():
            raise InvalidInput("An amount must be a number.", field="amount")
        quantum = quantum or Decimal(1).scaleb(-minor_digits(self.currency))
        object.__setattr__(self, "amount", amount.quantize(quantum, ROUND_HALF_UP) + 0)

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str) -> Self:
        """Read an amount such as `"4350.00"`; InvalidInput when it is not a number or absurdly large."""
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise InvalidInput("{text} is not an amount of money.", text=str(text)[:40], field="amount") from None
        if not amount.is_finite() or abs(amount) > Decimal(10) ** 12:
            raise InvalidInput("{text} is not an amount of money.", text=str(text)[:40], field="amount")
        return cls(amount, currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Self:
        """Return the money that is stored as an integer of minor units."""
        return cls(Decimal(minor).scaleb(-minor_digits(currency)), currency)

    @property
    def minor(self) -> int:
        """The amount in minor units."""
        return int(self.amount.scaleb(minor_digits(self.currency)))

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise InvalidInput(
                "{left} and {right} cannot be reckoned together.", left=self.currency, right=other.currency
            )

    def __add__(self, other: "Money") -> "Money":
        """Add within one currency."""
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Subtract within one currency."""
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def times(self, factor: int | Decimal) -> "Money":
        """Multiply, rounding halves up."""
        return Money(self.amount * factor, self.currency)

    def percent(self, percent: Decimal) -> "Money":
        """Take a percentage, rounding halves up."""
        return Money(self.amount * percent / 100, self.currency)

    def __lt__(self, other: "Money") -> bool:
        """Compare within one currency."""
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        """Compare within one currency."""
        self._same(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        """Return e.g. `4350.00 EUR`."""
        return f"{self.amount} {self.currency}"


def total_of(parts: "list[Money] | tuple[Money, ...]", currency: str) -> Money:
    """Add up parts of one currency; zero for none."""
    total = Decimal(0)
    for part in parts:
        if part.currency != currency:
            return sum(parts, Money.zero(currency))
        total += part.amount
    return Money(total, currency)
