"""What the hotel has configured: room types, rate plans, guarantees, codes, promotions, restrictions.

The configuration is a JSON document in the `hotel` table plus the rows of `restriction`. It is parsed once per
process and version: `world.version` is raised by every change of configuration, and every request reads it, so many
processes agree.
"""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

Json = dict[str, Any]
FACTOR = 1_000_000


@dataclass(frozen=True, slots=True)
class RoomType:
    """A kind of room that is sold; `capacity` is what may be sold a night, allowed overbooking included."""

    code: str
    description: str
    long_description: str
    room_class: str
    rooms: int
    overbooking: int
    max_adults: int
    max_children: int
    max_occupancy: int
    features: tuple[str, ...]

    @property
    def capacity(self) -> int:
        return self.rooms + self.overbooking

    def holds(self, adults: int, children: int) -> bool:
        """Whether the party fits."""
        fits = adults <= self.max_adults and children <= self.max_children
        return fits and adults + children <= self.max_occupancy


@dataclass(frozen=True, slots=True)
class Package:
    """An extra. `included` is in the price already; otherwise it is added each night or once."""

    code: str
    description: str
    minor: int
    currency: str
    every_night: bool
    included: bool


@dataclass(frozen=True, slots=True)
class ChildRule:
    """The `order`-th child, eldest first, of an age: pays this share (millionths) of what one adult pays."""

    order: int
    from_age: int
    to_age: int
    factor: int


@dataclass(frozen=True, slots=True, eq=False)
class RatePlan:
    """A price with board and terms. Factors are millionths of the night's amount for two adults."""

    code: str
    description: str
    currency: str
    market: str
    source: str
    meal_plan: str
    breakfast: bool
    lunch: bool
    dinner: bool
    packages: tuple[str, ...]
    free_until_days: int
    penalty_basis: str
    penalty_value: int
    penalty_text: str
    deposit: Json
    bookable_from: str
    bookable_to: str
    single_factor: int
    extra_adult_factor: int
    child_rules: tuple[ChildRule, ...]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The vendor's reservation type. `deducts` takes stock; a tentative one does not."""

    code: str
    description: str
    on_hold: bool
    deducts: bool
    requirements: Json


@dataclass(frozen=True, slots=True)
class Promotion:
    """A percentage off the nights inside the stay window, while the sale lasts."""

    code: str
    name: str
    rate_plans: tuple[str, ...]
    factor: int
    start: str
    end: str
    sell_end: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """One row: a code, its scope (None = all), its days and weekdays (bit 0 = Monday)."""

    id: int
    code: str
    unit: int
    los: int
    room_class: str | None
    room_type: str | None
    rate_plan: str | None
    start: str
    end: str
    weekdays: int

    @property
    def is_house(self) -> bool:
        return self.room_class is None and self.room_type is None and self.rate_plan is None


@dataclass(frozen=True, slots=True)
class Hotel:
    """One hotel, as configured in one version of the world."""

    id: str
    name: str
    zone: ZoneInfo
    zone_name: str
    currency: str
    tax_bp: int
    children_max_age: int
    room_types: dict[str, RoomType]
    rate_plans: dict[str, RatePlan]
    packages: dict[str, Package]
    guarantees: dict[str, Guarantee]
    promotions: dict[str, Promotion]
    cancel_reasons: dict[str, str]
    turnaway_codes: dict[str, str]
    markets: frozenset[str]
    sources: frozenset[str]
    payment_methods: frozenset[str]
    comment_types: frozenset[str]
    preferences: dict[tuple[str, str], str]
    scripts: tuple[Json, ...]
    sell_messages: tuple[Json, ...]
    external_systems: frozenset[str]
    restrictions: tuple[Restriction, ...] = field(default=())

    @property
    def room_classes(self) -> frozenset[str]:
        return frozenset(room.room_class for room in self.room_types.values())

    @property
    def rooms(self) -> int:
        return sum(room.rooms for room in self.room_types.values())


def parse_hotel(text: str, systems: frozenset[str], restrictions: tuple[Restriction, ...]) -> Hotel:
    """The hotel of a stored document (already normalised by seeding)."""
    doc: Json = msgspec.json.decode(text)
    return Hotel(
        id=doc["hotel_id"],
        name=doc["name"],
        zone=ZoneInfo(doc["timezone"]),
        zone_name=doc["timezone"],
        currency=doc["currency"],
        tax_bp=doc["tax_bp"],
        children_max_age=doc["children_max_age"],
        room_types={
            item["code"]: RoomType(**{**item, "features": tuple(item["features"])}) for item in doc["room_types"]
        },
        rate_plans={item["code"]: _plan(item) for item in doc["rate_plans"]},
        packages={item["code"]: Package(**item) for item in doc["packages"]},
        guarantees={item["code"]: Guarantee(**item) for item in doc["guarantees"]},
        promotions={
            item["code"]: Promotion(**{**item, "rate_plans": tuple(item["rate_plans"])}) for item in doc["promotions"]
        },
        cancel_reasons={item["code"]: item["description"] for item in doc["cancel_reasons"]},
        turnaway_codes={item["code"]: item["description"] for item in doc["turnaway_codes"]},
        markets=frozenset(doc["market_codes"]),
        sources=frozenset(doc["source_codes"]),
        payment_methods=frozenset(doc["payment_methods"]),
        comment_types=frozenset(doc["comment_types"]),
        preferences={(item["group"], item["code"]): item["description"] for item in doc["preferences"]},
        scripts=tuple(doc["scripts"]),
        sell_messages=tuple(doc["sell_messages"]),
        external_systems=systems,
        restrictions=restrictions,
    )


def _plan(item: Json) -> RatePlan:
    rules = tuple(ChildRule(**rule) for rule in item["child_rules"])
    return RatePlan(**{**item, "packages": tuple(item["packages"]), "child_rules": rules})
