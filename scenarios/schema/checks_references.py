"""Codes that one section of a hotel file borrows from another.

A restriction names a room type, a campaign names rate plans, an upsell names
the room it upgrades to. Each of these is read as (where, what kind of code,
code) and looked up in the one list that defines the kind.
"""

from collections.abc import Iterator

from scenarios.schema.faults import Fault, KeyPath, unknown
from scenarios.schema.hotel import Hotel
from scenarios.schema.rates import Restriction
from scenarios.schema.selling import SellMessage

Named = tuple[KeyPath, str, str | None]


def reference_faults(hotel: Hotel) -> Iterator[Fault]:
    """Every code that one section borrows from another must exist there."""
    known = {
        "room type": {room.code for room in hotel.room_types},
        "rate plan": {plan.code for plan in hotel.rate_plans},
        "comment type": {kind.code for kind in hotel.codes.comment_types},
        "source code": {source.code for source in hotel.codes.sources},
        "purpose": {purpose.code for purpose in hotel.purposes},
    }
    for named in (_dated_rules, _selling_rules, _package_rules, _drawn_rules):
        for path, what, code in named(hotel):
            if code is not None and code not in known[what]:
                yield unknown(path, what, code, known[what])


def _dated_rules(hotel: Hotel) -> Iterator[Named]:
    items: tuple[tuple[str, tuple[Restriction | SellMessage, ...]], ...] = (
        ("restrictions", hotel.restrictions),
        ("sell_messages", hotel.sell_messages),
    )
    for section, rules in items:
        for i, rule in enumerate(rules):
            yield (section, i, "room_type"), "room type", rule.room_type
            yield (section, i, "rate_plan"), "rate plan", rule.rate_plan


def _selling_rules(hotel: Hotel) -> Iterator[Named]:
    for i, promotion in enumerate(hotel.promotions):
        for j, code in enumerate(promotion.rate_plans):
            yield ("promotions", i, "rate_plans", j), "rate plan", code
    for i, request in enumerate(hotel.special_requests):
        yield ("special_requests", i, "comment_type"), "comment type", request.comment_type
    for i, upsell in enumerate(hotel.upsells):
        yield ("upsells", i, "to_room_type"), "room type", upsell.to_room_type
        for j, code in enumerate(upsell.from_room_types):
            yield ("upsells", i, "from_room_types", j), "room type", code
        for j, code in enumerate(upsell.purposes):
            yield ("upsells", i, "purposes", j), "purpose", code


def _package_rules(hotel: Hotel) -> Iterator[Named]:
    for i, package in enumerate(hotel.packages):
        for j, code in enumerate(package.rate_plans):
            yield ("packages", i, "rate_plans", j), "rate plan", code
        for j, code in enumerate(package.purposes):
            yield ("packages", i, "purposes", j), "purpose", code


def _drawn_rules(hotel: Hotel) -> Iterator[Named]:
    for i, channel in enumerate(hotel.stays.channels):
        yield ("stays", "channels", i, "source_code"), "source code", channel.source_code
    for i, pinned in enumerate(hotel.occupancy.pinned):
        for j, code in enumerate(pinned.room_types):
            yield ("occupancy", "pinned", i, "room_types", j), "room type", code
