"""Prices without holes: seasons, currencies, child ages and the codes of a plan.

A night that no season covers, or a season without a price, would be found on
the telephone by an agent. So the year is walked day by day when the file is
read, and every plan must have a price for every season in every currency.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scenarios.schema.faults import Fault, KeyPath, unknown
from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import ChildRule, Package, RatePlan
from scenarios.schema.types import LEAP_YEAR, MonthDay, days_between

YEAR = tuple(days_between(date(LEAP_YEAR, 1, 1), date(LEAP_YEAR, 12, 31)))


def season_faults(hotel: Hotel) -> Iterator[Fault]:
    """Seasons are periods of every year that cover each day exactly once."""
    owner: dict[date, str] = {}
    for i, season in enumerate(hotel.seasons):
        for j, period in enumerate(season.periods):
            path: KeyPath = ("seasons", i, "periods", j)
            if not (isinstance(period.start, MonthDay) and isinstance(period.end, MonthDay)):
                yield Fault(path, "a season's days are written as MM-DD, because seasons return every year")
                continue
            days = [day for start, end in period.occurrences(YEAR[0], YEAR[-1]) for day in days_between(start, end)]
            clash = next((day for day in days if day in owner), None)
            if clash is not None:
                yield Fault(path, f"{season.code} overlaps {owner[clash]} on {clash:%m-%d}")
            owner.update(dict.fromkeys(days, season.code))
    gap = next((day for day in YEAR if day not in owner), None)
    if gap is not None:
        yield Fault(("seasons",), f"no season covers {gap:%m-%d}")


def rate_faults(hotel: Hotel) -> Iterator[Fault]:
    """Each plan and package has its codes and prices in every currency, and names only known codes."""
    for i, plan in enumerate(hotel.rate_plans):
        path: KeyPath = ("rate_plans", i)
        yield from _currencies(hotel, path, "codes", set(plan.codes))
        yield from _currencies(hotel, path, "market_codes", set(plan.market_codes))
        yield from _currencies(hotel, path, "prices", set(plan.prices))
        yield from _prices(hotel, path, plan)
        yield from _child_ages(hotel.settings.max_child_age, path, plan.child_rules)
        yield from _plan_codes(hotel, path, plan)
    for i, package in enumerate(hotel.packages):
        yield from _currencies(hotel, ("packages", i), "codes", set(package.codes))
        yield from _currencies(hotel, ("packages", i), "prices", set(package.prices))
    yield from _package_codes(hotel.packages)
    for path, start, end in _dated(hotel):
        yield from _period(path, start, end)


def _currencies(hotel: Hotel, path: KeyPath, key: str, given: set[str]) -> Iterator[Fault]:
    for currency in sorted(hotel.currencies - given):
        yield Fault((*path, key), f"nothing is given for {currency}")
    for other in sorted(given - hotel.currencies):
        yield Fault((*path, key, other), f"{other} is neither the hotel's currency nor its home currency")


def _prices(hotel: Hotel, path: KeyPath, plan: RatePlan) -> Iterator[Fault]:
    seasons = {season.code for season in hotel.seasons}
    for currency, prices in plan.prices.items():
        for season in sorted(seasons - prices.keys()):
            yield Fault((*path, "prices", currency), f"{plan.code} has no {currency} price for the season {season}")
        for season in prices.keys() - seasons:
            yield unknown((*path, "prices", currency, season), "season", season, seasons)
        for season, amount in prices.items():
            if amount <= 0:
                yield Fault((*path, "prices", currency, season), "a price must be above 0")


def _child_ages(max_age: int, path: KeyPath, rules: tuple[ChildRule, ...]) -> Iterator[Fault]:
    by_order: dict[int, list[tuple[int, ChildRule]]] = defaultdict(list)
    for j, rule in enumerate(rules):
        by_order[rule.order].append((j, rule))
    if sorted(by_order) != list(range(1, len(by_order) + 1)) or not by_order:
        yield Fault((*path, "child_rules"), "child_rules must count their order from 1 without a hole")
    for order, bands in by_order.items():
        expected = 0
        for j, rule in sorted(bands, key=lambda band: band[1].from_age):
            at = (*path, "child_rules", j)
            if rule.from_age != expected or rule.to_age < rule.from_age:
                yield Fault(at, f"child {order}: ages {rule.from_age}-{rule.to_age} should start at {expected}")
            expected = rule.to_age + 1
        if expected != max_age + 1:
            yield Fault((*path, "child_rules"), f"child {order}: ages end at {expected - 1}, not at {max_age}")


def _plan_codes(hotel: Hotel, path: KeyPath, plan: RatePlan) -> Iterator[Fault]:
    markets = {market.code for market in hotel.codes.markets}
    sources = {source.code for source in hotel.codes.sources}
    packages = {package.code for package in hotel.packages}
    for currency, market in plan.market_codes.items():
        if market not in markets:
            yield unknown((*path, "market_codes", currency), "market code", market, markets)
    if plan.source_code not in sources:
        yield unknown((*path, "source_code"), "source code", plan.source_code, sources)
    for j, package in enumerate(plan.packages):
        if package not in packages:
            yield unknown((*path, "packages", j), "package", package, packages)


def _package_codes(packages: tuple[Package, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, package in enumerate(packages):
        for currency, code in package.codes.items():
            if code in seen:
                yield Fault(("packages", i, "codes", currency), f"the code {code} is given twice")
            seen.add(code)


def _dated(hotel: Hotel) -> Iterator[tuple[KeyPath, object, object]]:
    yield from ((("restrictions", i), item.start, item.end) for i, item in enumerate(hotel.restrictions))
    yield from ((("sell_messages", i), item.start, item.end) for i, item in enumerate(hotel.sell_messages))
    yield from ((("promotions", i), item.start, item.end) for i, item in enumerate(hotel.promotions))
    for i, plan in enumerate(hotel.rate_plans):
        yield ("rate_plans", i), plan.bookable_from, plan.bookable_to
    for i, event in enumerate(hotel.events):
        yield from ((("events", i, "periods", j), period.start, period.end) for j, period in enumerate(event.periods))
    for i, pinned in enumerate(hotel.occupancy.pinned):
        yield ("occupancy", "pinned", i), pinned.start, pinned.end


def _period(path: KeyPath, start: object, end: object) -> Iterator[Fault]:
    if start is None and end is None:
        return
    if isinstance(start, MonthDay) != isinstance(end, MonthDay) or start is None or end is None:
        yield Fault(path, "start and end must both be given, both as MM-DD or both as full dates")
    elif isinstance(start, date) and isinstance(end, date) and end < start:
        yield Fault(path, f"the period ends on {end}, before it starts on {start}")
