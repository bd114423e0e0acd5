"""What a stay costs.

The price list has one amount per rate plan, room type and night: two adults, tax included. A party scales it: one
adult pays `single_factor` of it, each adult beyond two adds `extra_adult_factor`, each child adds its rule's share of
*half* the amount (what one adult pays). Children are ranked eldest first; the last rule of an age serves further
children; a child that no rule covers pays as an extra adult. A promotion lowers the nights inside its window. Each
night is rounded half up to the cent once, at the end, so nights add up to the total that is shown.

Packages that are not included in the price are added: every night, or on the arrival night.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from pms_mock.engine.hotel import FACTOR, Hotel, Package, Promotion, RatePlan
from pms_mock.engine.money import before_tax, half_up

_TWO = 2
_decode_nights = msgspec.json.Decoder(dict[str, int]).decode
Amounts = dict[tuple[str, str], dict[str, int]]


class Night(NamedTuple):
    """One night's price of one room, in minor units: net and gross of the room, and gross of its extra packages."""

    day: str
    net: int
    gross: int
    extras: int


def price_list(
    connection: sqlite3.Connection, hotel: Hotel, start: str, until: str, plans: Sequence[str] = ()
) -> Amounts:
    """Amounts by (rate plan, room type), then by day, for `start <= day < until`; `plans` narrows them.

    One row for each rate plan and room type, its nights gathered by the database: half the time of a row a night.
    """
    narrowed = f" AND rate_plan IN ({', '.join('?' * len(plans))})" if plans else ""
    rows = connection.execute(
        "SELECT rate_plan, room_type, json_group_object(day, minor) FROM price"  # noqa: S608 - only marks
        f" WHERE hotel = ? AND day >= ? AND day < ?{narrowed} GROUP BY rate_plan, room_type",
        (hotel.id, start, until, *plans),
    )
    return {(plan, room): _decode_nights(text) for plan, room, text in rows}


@lru_cache(maxsize=4096)
def party_factor(plan: RatePlan, adults: int, child_ages: tuple[int, ...]) -> int:
    """What the party pays of the two-adult amount, in millionths."""
    factor = plan.single_factor if adults == 1 else FACTOR + plan.extra_adult_factor * (adults - _TWO)
    for order, age in enumerate(sorted(child_ages, reverse=True), start=1):
        factor += _child_factor(plan, order, age)
    return factor


def promotion_for(hotel: Hotel, plan: RatePlan, codes: Iterable[str], today: str) -> Promotion | None:
    """The first of the codes that this plan takes part in and that is still on sale."""
    for code in codes:
        promotion = hotel.promotions.get(code)
        if promotion and plan.code in promotion.rate_plans and today <= promotion.sell_end:
            return promotion
    return None


def extras_of(hotel: Hotel, plan: RatePlan, asked: Iterable[str]) -> list[Package]:
    """The packages of a plan and those asked for, without repeating one."""
    codes = dict.fromkeys([*plan.packages, *asked])
    return [hotel.packages[code] for code in codes]


def priced(
    hotel: Hotel,
    amounts: dict[str, int],
    stay: Sequence[str],
    *,
    factor: int,
    promotion: Promotion | None = None,
    packages: Sequence[Package] = (),
) -> list[Night] | None:
    """The nights' prices, or None when the list has no price for one of them."""
    priced_nights, plain = [], dict[int, tuple[int, int]]()
    every = sum(p.minor for p in packages if not p.included and p.every_night)
    once = sum(p.minor for p in packages if not p.included and not p.every_night)
    for day in stay:
        minor = amounts.get(day)
        if minor is None:
            return None
        if promotion and promotion.start <= day <= promotion.end:
            gross = half_up(minor * factor * promotion.factor, FACTOR * FACTOR)
            net = before_tax(gross, hotel.tax_bp)
        elif minor in plain:
            net, gross = plain[minor]
        else:
            gross = half_up(minor * factor, FACTOR)
            net = before_tax(gross, hotel.tax_bp)
            plain[minor] = net, gross
        priced_nights.append(Night(day, net, gross, every + (once if day == stay[0] else 0)))
    return priced_nights


def total(hotel: Hotel, nights: Iterable[Night]) -> tuple[int, int]:
    """(net, gross) of the stay of one room, extras included."""
    net = gross = 0
    for night in nights:
        net += night.net
        gross += night.gross
        if night.extras:
            net += before_tax(night.extras, hotel.tax_bp)
            gross += night.extras
    return net, gross


def _child_factor(plan: RatePlan, order: int, age: int) -> int:
    rules = [rule for rule in plan.child_rules if rule.from_age <= age <= rule.to_age]
    if not rules:
        return plan.extra_adult_factor
    best = max((r for r in rules if r.order <= order), key=lambda r: r.order, default=min(rules, key=lambda r: r.order))
    return best.factor // _TWO
