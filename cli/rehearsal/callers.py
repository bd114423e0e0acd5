"""Who rings, when, and what becomes of the call: drawn before the first call, from the hotel file's own guests.

Calls follow the hours of a day; twice a day a campaign brings a rush of callers in the same second for the same rooms
and nights, which is where stock is fought over. Some stays begin today, so that cut-offs, check-in and no-shows
happen within the rehearsal. Each caller brings a random stream of his own: what one decides moves nobody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cli.rehearsal.house import House
from domain.rates import RoomType
from scenarios.people.draw import Person, draw_languages, draw_people

HOURS = (1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 10, 10, 9, 8, 8, 8, 8, 8, 7, 7, 6, 5, 3, 2)
NIGHTS = (2, 3, 4, 5, 6, 5, 9, 2, 1, 2, 0, 0, 0, 2)
FIRST_NUMBER = 5_000_001
RUSHES_A_DAY, RUSH_SHARE = 2, 12
REPEAT_SHARE, SOON_SHARE, HOME_SHARE = 0.10, 0.06, 0.2
LEAD_DAYS, MOST_LEAD = 120, 480
PATHS: dict[str, tuple[int, tuple[str, ...]]] = {
    "walks_away": (22, ("hold",)),
    "card": (24, ("hold", "confirm")),
    "at_once": (14, ("book",)),
    "deposit": (13, ("hold", "pay")),
    "option_paid": (8, ("hold", "option", "|hours", "pay")),
    "option_lapses": (5, ("hold", "option")),
    "part_paid": (3, ("hold", "pay_part")),
    "paid_late": (4, ("hold", "|lapsed", "pay")),
    "extended": (5, ("hold", "extend", "confirm")),
    "cancels_hold": (2, ("hold", "cancel")),
}
AFTERWARDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "nothing": (60, ()),
    "change": (12, ("|days", "change")),
    "cancel": (12, ("|days", "cancel")),
    "note": (5, ("|hours", "note")),
    "asks_again": (6, ("repeat",)),
    "comes_back": (5, ("|days", "cancel", "|hours", "reinstate")),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stay."""

    check_in: date
    nights: int
    adults: int
    child_ages: tuple[int, ...]
    room_type: str
    currency: str


@dataclass(frozen=True, slots=True)
class Caller:
    """`at_s`: seconds after the start; `steps`: what they try, `|...` being a call on another day; `hurries`:
    books within a second, as everybody does whom the same campaign has told what to ask for.
    """

    number: int
    at_s: float
    person: Person
    wanted: Wanted
    steps: tuple[str, ...]
    hurries: bool = False

    def chance(self, house: House) -> Random:
        """His own stream."""
        return house.stream(f"caller/{self.number}")


def draw_callers(house: House) -> Iterator[Caller]:
    """All callers in the order of their calls; as many as the plan has bookings."""
    chance, plan = house.stream("callers"), house.plan
    people = _people(house)
    number = 0
    for day in range(plan.days):
        count = plan.bookings * (day + 1) // plan.days - plan.bookings * day // plan.days
        for at_s, hurries, wanted in sorted(_calls(chance, house, day, count), key=lambda call: call[0]):
            person = people[chance.randrange(number)] if number and chance.random() < REPEAT_SHARE else people[number]
            steps = (*PATHS[_pick(chance, PATHS)][1], *AFTERWARDS[_pick(chance, AFTERWARDS)][1])
            yield Caller(number, at_s, person, wanted, steps, hurries)
            number += 1


def _people(house: House) -> list[Person]:
    chance, guests, count = house.stream("people"), house.file.guests, house.plan.bookings
    languages = draw_languages(chance, guests, count)
    return list(draw_people(chance, guests, (), languages, FIRST_NUMBER))


def _pick(chance: Random, weighted: dict[str, tuple[int, tuple[str, ...]]]) -> str:
    names = list(weighted)
    return chance.choices(names, [weighted[name][0] for name in names])[0]


def _calls(chance: Random, house: House, day: int, count: int) -> Iterator[tuple[float, bool, Wanted]]:
    """One day's calls: mostly one by one, some in a rush."""
    today = house.plan.start + timedelta(days=day)
    in_a_rush = min(house.plan.agents, count // RUSH_SHARE)
    for _ in range(RUSHES_A_DAY if in_a_rush > 1 else 0):
        at_s, wanted = _moment(chance, day), _wanted(chance, house, today, _smallest(house))
        for _ in range(in_a_rush):
            yield at_s, True, wanted
        count -= in_a_rush
    for _ in range(count):
        yield _moment(chance, day), False, _wanted(chance, house, today, None)


def _moment(chance: Random, day: int) -> float:
    hour = chance.choices(range(24), HOURS)[0]
    return day * 86_400 + hour * 3_600 + chance.randrange(3_600_000) / 1000


def _smallest(house: House) -> RoomType:
    """What is sold out first."""
    return min(house.terms.room_types.values(), key=lambda room: (room.room_count, room.code))


def _wanted(chance: Random, house: House, today: date, room: RoomType | None) -> Wanted:
    rooms = list(house.terms.room_types.values())
    room = room or chance.choices(rooms, [one.room_count for one in rooms])[0]
    soon = chance.random() < SOON_SHARE
    lead = chance.randrange(3) if soon else int(chance.expovariate(1 / LEAD_DAYS)) % MOST_LEAD
    nights = chance.choices(range(1, len(NIGHTS) + 1), NIGHTS)[0]
    adults = chance.randint(1, min(2, room.max_adults))
    children = chance.randint(0, max(0, min(2, room.max_children, room.max_occupancy - adults)))
    ages = tuple(chance.randint(1, 12) for _ in range(children))
    home = chance.random() < HOME_SHARE
    currency = house.terms.home_currency if home else house.terms.currency
    return Wanted(today + timedelta(days=lead), nights, adults, ages, room.code, currency)
