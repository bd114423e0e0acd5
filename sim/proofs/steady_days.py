"""Published simulations of days on which nothing changes: ContactCenters' `MMC`, `MMCAb` and `Telethon`.

All three are examples of the ContactCenters guide (Buist and L'Ecuyer, Université de Montréal), 1000 runs each. Times
are in minutes.

`MMC` and `MMCAb`: 8 hours of 4.2 calls a minute, talk of 2, 12 agents; without and with a patience of 1.

`Telethon`: 5 days of 4 hours, 50 calls an hour, talk of 10, 12 agents, a patience of 2, and whoever still waits after 2
leaves a message. Who is in line at closing time is cut off: the engine lets him wait on, but nobody is there to take
his call. Its 24 lines are never all taken and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from sim.plan import EnginePlan, ShiftEnd
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, one_group, play
from sim.proofs.published import Days, Printed, even_days, means, with_theirs

HOUR, MINUTE, IN_TIME, WEEK, OPEN_H = 3600.0, 60.0, 20.0, 5, 4
VOLUNTEERS, DONORS, LONGEST = 12, 50.0, 2 * 60.0
WAITING_OUT = {
    "in_20_s": Printed(1816.158, 57.043),
    "of_served": Printed(0.902, 0.033),
    "mean_wait_min": Printed(0.099, 0.045),
    "occupancy": Printed(0.695, 0.023),
}
GIVING_UP = {
    "abandoned": Printed(58.609, 15.295),
    "in_20_s": Printed(1906.008, 35.828),
    "of_served": Printed(0.975, 0.0079),
    "mean_wait_min": Printed(0.024, 0.006),
    "occupancy": Printed(0.675, 0.019),
    "of_patient": Printed(0.968, 0.0099),
}
TELETHON = {
    "arrived": Printed(1000.169, 33.164),
    "served": Printed(963.109, 27.984),
    "abandoned": Printed(31.820, 10.437),
    "messages": Printed(4.960, 2.973),
    "cut_off": Printed(0.280, 0.718),
    "in_60_s": Printed(950.265, 27.173),
    "mean_wait_min": Printed(0.036, 0.012),
    "occupancy": Printed(66.772, 2.650),
}


@dataclass(frozen=True, slots=True)
class Steady:
    """`minutely` calls for `hours` a day on a team that stays; times in minutes."""

    minutely: float = 4.2
    talk: float = 2.0
    patience: float = inf
    agents: int = 12
    hours: int = 8

    def simulate(self, chance: Chance) -> Mapping[str, Estimate]:
        """Figures by day."""
        calls = self.minutely * 60 * self.hours
        days = Days(even_days(chance.count, calls), (self.hours + 2) * HOUR)
        at = days.arrivals(chance.stream("arrivals"), (calls,), self.hours * HOUR)
        drawn = Chance(chance.seed, chance.case, len(at))
        work, patience = drawn.times("talk", self.talk * MINUTE), drawn.times("patience", self.patience * MINUTE)
        heads = np.full((days.count * (self.hours + 2), 1), self.agents, dtype=np.int32)
        plan = EnginePlan((call_queue(),), one_group(), heads, HOUR)
        return self._figures(play(plan, contacts(at, work, patience), plan.until_s), days)

    def _figures(self, played: Played, days: Days) -> dict[str, Estimate]:
        legs, by_day = played.legs, np.ones(days.count)
        in_time = legs.wait < IN_TIME
        good, served, gone, gone_late = (
            days.sums(legs.at, one)
            for one in (played.served & in_time, played.served, played.given_up, played.given_up & ~in_time)
        )
        waited = days.sums(legs.at, np.where(played.served, legs.wait, 0.0))
        busy = played.busy_s[:, 0].reshape(days.count, -1)[:, : self.hours].sum(axis=1)
        return {
            "abandoned": ratio(gone, by_day), "in_20_s": ratio(good, by_day), "of_served": ratio(good, served),
            "of_patient": ratio(good, served + gone_late), "mean_wait_min": ratio(waited, served * MINUTE),
            "occupancy": ratio(busy, by_day * self.agents * self.hours * HOUR),
        }  # fmt: skip


def steady(name: str, told: Steady, printed: Mapping[str, Printed], quick: int = 0) -> Case:
    """A day that is always the same."""
    return Case(
        name, lambda _: means(printed), lambda chance: with_theirs(printed, told.simulate(chance)), 1_000_000, quick
    )


def telethon() -> Case:
    """Weeks of short days that end abruptly."""

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        weeks = even_days(chance.count, WEEK * OPEN_H * DONORS)
        days = Days(weeks * WEEK, (OPEN_H + 2) * HOUR)
        at = days.arrivals(chance.stream("arrivals"), (OPEN_H * DONORS,), OPEN_H * HOUR)
        drawn = Chance(chance.seed, chance.case, len(at))
        patience = np.minimum(drawn.times("patience", 2 * MINUTE), LONGEST)
        heads = np.array([VOLUNTEERS] * OPEN_H + [0, 0], dtype=np.int32)
        plan = EnginePlan(
            (call_queue(),), one_group(), np.tile(heads, days.count)[:, None], HOUR, shift_end=ShiftEnd.FIRST_FINISHERS
        )
        played = play(plan, contacts(at, drawn.times("talk", 10 * MINUTE), patience), plan.until_s)
        return with_theirs(TELETHON, _donors(played, days, Days(weeks, WEEK * days.length_s)))

    return Case("published Telethon", lambda _: means(TELETHON), simulate, 300_000)


def _donors(played: Played, days: Days, weeks: Days) -> dict[str, Estimate]:
    legs = played.legs
    is_late = played.given_up & (legs.ended % days.length_s > OPEN_H * HOUR)
    is_message = played.given_up & ~is_late & (legs.wait > LONGEST - 1e-6)
    marks = {
        "arrived": np.ones(len(legs.at), dtype=np.bool_), "served": played.served, "messages": is_message,
        "abandoned": played.given_up & ~is_late & ~is_message, "cut_off": is_late,
        "in_60_s": played.served & (legs.wait < MINUTE),
    }  # fmt: skip
    served = weeks.sums(legs.at, played.served)
    waited = weeks.sums(legs.at, np.where(played.served, legs.wait, 0.0))
    busy = played.busy_s[:, 0].reshape(weeks.count, -1).sum(axis=1)
    return {
        **{name: weeks.each(legs.at, mark) for name, mark in marks.items()},
        "mean_wait_min": ratio(waited, served * MINUTE),
        "occupancy": ratio(100 * busy, np.full(weeks.count, VOLUNTEERS * WEEK * OPEN_H * HOUR)),
    }


def cases() -> list[Case]:
    """All three."""
    return [
        steady("published MMC", Steady(), WAITING_OUT),
        steady("published MMCAb", Steady(patience=1.0), GIVING_UP, quick=40_000),
        telethon(),
    ]
