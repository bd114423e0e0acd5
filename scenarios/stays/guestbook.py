"""Which guest a stay belongs to: some come back, most come once.

Regulars are a share of the profiles that takes a larger share of the stays.
Stays arrive in the order of days, so a guest is never in two rooms at a time:
a profile is free again from the day it left. When every profile has been used
the book starts over from its oldest guests.
"""

from random import Random

from scenarios.schema.draws import StayShape

TRIES = 12


class GuestBook:
    """Hands out profile places (0-based) to stays in order of arrival."""

    def __init__(self, rng: Random, shape: StayShape, profiles: int) -> None:
        """Choose the regulars among `profiles` guests."""
        places = list(range(profiles))
        rng.shuffle(places)
        regulars = round(profiles * float(shape.repeat_guests))
        self._regulars, self._others = places[:regulars], places[regulars:]
        self._repeat_stays = float(shape.repeat_stays)
        self._free_from = [-(10**6)] * profiles
        self._next = 0

    def take(self, rng: Random, arrival: int, departure: int) -> int:
        """Give a guest for a stay between two day numbers and note when the guest is free again."""
        place = self._regular(rng, arrival) if self._regulars and rng.random() < self._repeat_stays else None
        if place is None:
            place = self._newcomer(arrival)
        self._free_from[place] = max(departure, self._free_from[place])
        return place

    def _regular(self, rng: Random, arrival: int) -> int | None:
        for _ in range(TRIES):
            place = rng.choice(self._regulars)
            if self._free_from[place] <= arrival:
                return place
        return None

    def _newcomer(self, arrival: int) -> int:
        pool = self._others or self._regulars
        for _ in range(TRIES):
            place = pool[self._next % len(pool)]
            self._next += 1
            if self._free_from[place] <= arrival:
                break
        return place
