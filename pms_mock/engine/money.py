"""Amounts in minor units (cents), rounded half up, as a front office does.

On the wire an amount is a JSON number with two decimals. All currencies of the mock have two. Prices are kept tax
included; the amount before tax is derived once per night: `net = gross / (1 + tax)`, to the cent.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from pms_mock.protocol.problem import bad_request

MAX_MINOR = 100_000_000_000
DECIMALS = 2


def minor(amount: object) -> int:
    """Minor units of a decimal text or number, e.g. `"410.00"` -> 41000; raises ValueError."""
    try:
        value = Decimal(str(amount)) * 100
        if not value.is_finite() or abs(value) > MAX_MINOR:
            raise ValueError(f"not an amount of money: {amount}")
        return int(value.quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {amount}") from None


def sent_minor(amount: Any, path: str, *, least: int = 0) -> int:  # noqa: ANN401 - a JSON number
    """Minor units of an amount in a request; refuses negative, absurd and more than two decimals."""
    try:
        value = minor(amount)
    except ValueError:
        value = -1
    if value < least or Decimal(str(amount)) * 100 != value:
        raise bad_request("The amount is not possible", path, code="GEN00005", detail=str(amount)[:40])
    return value


def number(value: int) -> float:
    """The JSON number of minor units: 41000 -> 410.0."""
    return value / 100


def half_up(value: int, divisor: int) -> int:
    """`value / divisor` rounded half up, for values that are not negative."""
    return (2 * value + divisor) // (2 * divisor)


def before_tax(gross: int, tax_bp: int) -> int:
    """The part of `gross` without tax; `tax_bp` is the tax in hundredths of a percent (12 % = 1200)."""
    return half_up(gross * 10_000, 10_000 + tax_bp)


def with_tax(net: int, tax_bp: int) -> int:
    """`net` plus its tax."""
    return half_up(net * (10_000 + tax_bp), 10_000)
