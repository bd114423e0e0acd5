"""Who travels: adults and child ages that fit the room.

Families take family rooms, couples mostly do not, and summer brings children.
The party is drawn for a room type and cut to what the room may hold.
"""

from dataclasses import dataclass
from random import Random

from scenarios.schema.draws import StayShape
from scenarios.schema.rates import RatePlan, RoomType

SUMMER = frozenset({7, 8})
FAMILY_TILT = {"FAMILY": 1.8}
OTHER_TILT = 0.6
CHILDREN = ((1, 2, 3), (45, 43, 12))
OLDEST_DRAWN = 14


@dataclass(frozen=True, slots=True)
class Party:
    """Adults and the ages of the children."""

    adults: int
    child_ages: tuple[int, ...]


class PartyDraw:
    """Draws parties for one hotel."""

    def __init__(self, shape: StayShape, max_child_age: int) -> None:
        """Read the weights once."""
        self._adults = [weight.value for weight in shape.adults]
        self._weights = [float(weight.weight) for weight in shape.adults]
        self._usual, self._summer = float(shape.with_children), float(shape.with_children_summer)
        self._oldest = min(max_child_age, OLDEST_DRAWN)

    def draw(self, rng: Random, room: RoomType, month: int) -> Party:
        """Draw a party that fits `room`."""
        adults = min(rng.choices(self._adults, self._weights)[0], room.max_adults)
        share = (self._summer if month in SUMMER else self._usual) * FAMILY_TILT.get(room.room_class, OTHER_TILT)
        space = min(room.max_children, room.max_occupancy - adults)
        if space <= 0 or rng.random() >= share:
            return Party(adults, ())
        children = min(rng.choices(*CHILDREN)[0], space)
        return Party(adults, tuple(sorted(rng.randint(0, self._oldest) for _ in range(children))))


def party_factor(plan: RatePlan, party: Party) -> float:
    """Give what a party pays as a multiple of the price for two adults.

    One adult pays `single_factor`; each adult beyond two adds
    `extra_adult_factor` of the room's price; the n-th child adds its rule's
    factor of half of it, children counted from the eldest and the last order's
    rules used for all further children.
    """
    factor = float(plan.single_factor) if party.adults == 1 else 1.0
    factor += max(0, party.adults - 2) * float(plan.extra_adult_factor)
    orders = max(rule.order for rule in plan.child_rules)
    for nth, age in enumerate(sorted(party.child_ages, reverse=True), 1):
        order = min(nth, orders)
        rule = next(r for r in plan.child_rules if r.order == order and r.from_age <= age <= r.to_age)
        factor += float(rule.factor) / 2
    return factor
