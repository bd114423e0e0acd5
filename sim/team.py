"""Who is at the desk when: from desks, shifts and rosters to heads by half hour and group.

A **group** is a desk's people of one first language. A **post** is one person's week: a shift, the weekdays worked, and
when the breaks fall. People given by number are placed by rule, one after the other: the k-th works the shift that is
furthest behind its weight, and rests on the weekdays furthest behind theirs (of equals the later in the week), so one
more is one more post and moves nobody. A roster by hand adds a post for every head it names on a weekday. Breaks of a
shift's people begin one half hour after the other, from the earliest to the latest time allowed.

Two things thin this out. **Absence**: a planned person does not come; drawn for each post and day from its own stream
(common to all what-ifs), or taken as a mean. **Shrinkage**: part of a present person's time is not at the desk. What
remains is a fraction; it is rounded so that the heads of every group add up over the half hours (the rest is carried
on), which for one person at 0.9 means one half hour in ten without him.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scenarios.schema.season import Scenario
from scenarios.schema.season_team import Break, Desk, Shift
from scenarios.schema.season_words import LANGUAGES, WEEK
from scenarios.schema.types import Language
from scenarios.streams import Purpose, Streams

SLOT_MINUTES = 30
SLOTS = 48
_TWO_DAYS = 2 * SLOTS
_PHASE = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Post:
    """One person's week. `days[w]`: whether weekday w (0 is Monday) is worked; `order`: place among the shift's people,
    which spreads the breaks."""

    shift: str
    days: tuple[bool, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Group:
    """People of a desk with one first language. `lane`: its stream, the same whatever other groups there are."""

    desk: str
    language: Language
    lane: int
    posts: tuple[Post, ...]

    @property
    def name(self) -> str:
        """For example `phone.ru`, as the command line addresses it."""
        return f"{self.desk}.{self.language}"


def groups(scenario: Scenario) -> tuple[Group, ...]:
    """The groups that have people, in the order of the scenario's desks and of the languages."""
    found = []
    for place, (name, desk) in enumerate(scenario.team.items()):
        for column, language in enumerate(LANGUAGES):
            posts = (*_placed(desk, language), *_rostered(desk, language))
            if posts:
                found.append(Group(name, language, place * len(LANGUAGES) + column, posts))
    return tuple(found)


def _placed(desk: Desk, language: Language) -> Iterator[Post]:
    """Posts of people given by number."""
    shifts, off_days = list(desk.shifts), [0.0] * WEEK
    behind = [0.0] * len(shifts)
    for order in range(desk.people(language)):
        shift = _next(behind, list(desk.shifts.values()), set())
        off: set[int] = set()
        while len(off) < WEEK - desk.days_per_week:
            off.add(_next(off_days, list(desk.off_days), off, is_last_first=True))
        yield Post(shifts[shift], tuple(day not in off for day in range(WEEK)), order)


def _next(behind: list[float], weights: Sequence[float], taken: set[int], *, is_last_first: bool = False) -> int:
    """Give every place its share and take one from the place furthest behind (not one of `taken`)."""
    total = sum(weights)
    for place, weight in enumerate(weights):
        behind[place] += weight / total
    free = [place for place in range(len(weights)) if place not in taken]
    chosen = max(free, key=lambda place: (round(behind[place], 9), place if is_last_first else -place))
    behind[chosen] -= 1
    return chosen


def _rostered(desk: Desk, language: Language) -> Iterator[Post]:
    """Posts of heads given by hand: the k-th post of a shift works on the weekdays that have more than k heads."""
    for shift, heads in desk.roster.get(language, {}).items():
        for order in range(max(heads)):
            yield Post(shift, tuple(count > order for count in heads), order)


@cache
def presence(shift: Shift, order: int) -> NDArray[np.float64]:
    """Half hours (of two days, from the shift's day on) in which a shift's person is at work: 1, on a break: 0."""
    here = np.zeros(_TWO_DAYS)
    start = shift.start_minute // SLOT_MINUTES
    here[start : start + shift.length_minutes // SLOT_MINUTES] = 1.0
    for one in shift.breaks:
        begins = _break_slot(shift, one, order)
        here[begins : begins + one.minutes // SLOT_MINUTES] = 0.0
    return here


def _break_slot(shift: Shift, one: Break, order: int) -> int:
    """When the break of the order-th person begins; times before the shift's start lie on its next day."""
    earliest, latest = (at.hour * 60 + at.minute for at in (one.earliest, one.latest))
    if earliest < shift.start_minute:
        earliest += SLOTS * SLOT_MINUTES
    window = (latest - earliest) % (SLOTS * SLOT_MINUTES)
    return earliest // SLOT_MINUTES + order % (window // SLOT_MINUTES + 1)


def present_heads(
    scenario: Scenario, of: Sequence[Group], streams: Streams | None = None, absence: float | None = None
) -> NDArray[np.float64]:
    """People at work by half hour of the season and group, breaks taken off, shrinkage not.

    With `streams` absence is drawn; without, it thins everybody by its mean.
    """
    chance = scenario.staff.absence if absence is None else absence
    days = scenario.season.days
    weekday = np.arange(-1, days) + scenario.season.first.weekday()
    heads = np.zeros(((days + 2) * SLOTS, len(of)))
    for column, group in enumerate(of):
        works = np.array([post.days for post in group.posts])[:, weekday % WEEK].astype(np.float64)
        if streams is None:
            works *= 1 - chance
        else:
            works *= np.stack([_comes(streams, day, group, chance) for day in range(-1, days)], axis=1)
        here = np.stack([presence(scenario.shifts[post.shift], post.order + group.lane) for post in group.posts])
        by_day = works.T @ here
        heads[: (days + 1) * SLOTS, column] += by_day[:, :SLOTS].ravel()
        heads[SLOTS:, column] += by_day[:, SLOTS:].ravel()
    return heads[SLOTS : (days + 1) * SLOTS]


def _comes(streams: Streams, day: int, group: Group, chance: float) -> NDArray[np.bool_]:
    return streams.at(day, Purpose.ABSENCE, group.lane).random(len(group.posts)) >= chance


def heads_at_desk(present: NDArray[np.float64], shrinkage: float) -> NDArray[np.int32]:
    """Whole heads: the part that is not shrinkage, the fraction carried on from half hour to half hour."""
    phases = (np.arange(present.shape[1]) * _PHASE) % 1.0
    reached = np.floor((present * (1 - shrinkage)).cumsum(axis=0) + phases + 1e-9)
    heads: NDArray[np.int32] = np.diff(reached, axis=0, prepend=np.floor(phases + 1e-9)[None]).astype(np.int32)
    return heads
