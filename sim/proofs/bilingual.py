"""A published simulation of two languages with redial: ContactCenters' `Bilingual`.

An example of the ContactCenters guide (Buist and L'Ecuyer, Université de Montréal; the model is one of Arena Contact
Center Edition), 1000 weeks. English and Spanish calls on 5 days from 8 to 17, twice as many in the first hour, uniform
talk; 7 agents for each language and 4 for both. Any free agent is equally likely to take a call; who gets free takes
who has waited longest (`sim.proofs.other_rules`). 3 in 4 who gave up are back after 20 minutes with the patience they
had. In target are waits below a minute, those of earlier tries included.

Who is in line at closing time is cut off; who is back after it waits until his patience ends. Nobody is there any more,
so in the engine both wait in vain. (That the former redial, too, is too rare to be seen: 0.02 calls a week.) The
model's 40 lines are never all taken and are left out.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.plan import Contacts, EnginePlan, GroupPlan, Leg, ShiftEnd
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, play
from sim.proofs.other_rules import OneLineEngine
from sim.proofs.published import Days, Printed, even_days, means, merged, with_theirs

_F8 = NDArray[np.float64]
MINUTE, HOUR = 60.0, 3600.0
OPEN_H, SHUT_H, WEEK, TRIES = 9, 5, 5, 12
HOURLY = (100.0, *[50.0] * (OPEN_H - 1))
TALK = ((3 * MINUTE, 7 * MINUTE), (4 * MINUTE, 6 * MINUTE))
PATIENCE, AGAIN, GAP = 2 * MINUTE, 0.75, 20 * MINUTE
AGENTS = (7, 7, 4)
BILINGUAL = {
    "arrived 0": Printed(2555.811, 56.822), "arrived 1": Printed(2554.350, 57.003),
    "again 0": Printed(54.073, 13.495), "again 1": Printed(53.095, 13.253),
    "served 0": Printed(2483.933, 48.612), "served 1": Printed(2483.302, 49.449),
    "abandoned 0": Printed(71.848, 16.652), "abandoned 1": Printed(71.020, 16.459),
    "in_60_s 0": Printed(2448.662, 46.470), "in_60_s 1": Printed(2448.223, 47.889),
    "occupancy 0": Printed(47.624, 0.977), "occupancy 1": Printed(47.639, 0.962), "occupancy 2": Printed(63.254, 0.908),
}  # fmt: skip


def bilingual() -> Case:
    """Weeks that are alike."""

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        weeks = even_days(chance.count, 2 * WEEK * sum(HOURLY))
        days = Days(weeks * WEEK, (OPEN_H + SHUT_H) * HOUR)
        at, language = merged([days.arrivals(chance.stream(f"arrivals {one}"), HOURLY, HOUR) for one in (0, 1)])
        plan = _plan(days)
        make = partial(OneLineEngine, agents_by=chance.stream("agents"))
        drawn = _contacts(Chance(chance.seed, chance.case, len(at)), at, language)
        played = play(plan, drawn, plan.until_s, redial=AGAIN, make=make)
        return with_theirs(BILINGUAL, _figures(played, days, Days(weeks, WEEK * days.length_s)))

    return Case("published Bilingual", lambda _: means(BILINGUAL), simulate, 500_000)


def _plan(days: Days) -> EnginePlan:
    queues = (call_queue("english"), call_queue("spanish"))
    groups = (
        GroupPlan("english", (0,), (0,), (1,)), GroupPlan("spanish", (1,), (0,), (1,)),
        GroupPlan("both", (0, 1), (0, 0), (1, 1)),
    )  # fmt: skip
    day = np.array([AGENTS] * OPEN_H + [(0, 0, 0)] * SHUT_H, dtype=np.int32)
    return EnginePlan(queues, groups, np.tile(day, (days.count, 1)), HOUR, shift_end=ShiftEnd.FIRST_FINISHERS)


def _contacts(chance: Chance, at: _F8, language: NDArray[np.int32]) -> Contacts:
    low, high = np.array(TALK).T[:, language]
    patience = chance.times("patience", PATIENCE)
    tries = (len(at), TRIES)
    return contacts(
        at, low + (high - low) * chance.uniform("talk"), patience, language,
        redial_u=chance.stream("again").random(tries), redial_gap=np.full(tries, GAP),
        redial_patience=np.broadcast_to(patience[:, None], tries),
    )  # fmt: skip


def _figures(played: Played, days: Days, weeks: Days) -> dict[str, Estimate]:
    legs, shut = played.legs, OPEN_H * HOUR
    waited = np.bincount(legs.contact, weights=legs.wait)[legs.contact]
    came, gone = legs.at % days.length_s, legs.ended % days.length_s
    is_cut_off = played.given_up & (came < shut) & (gone > shut)
    marks = {
        "arrived": np.ones(len(came), dtype=np.bool_), "again": legs.leg == Leg.REDIAL, "served": played.served,
        "abandoned": played.given_up & ~is_cut_off, "in_60_s": played.served & (waited < MINUTE),
    }  # fmt: skip
    busy = played.busy_s.reshape(weeks.count, -1, len(AGENTS)).sum(axis=1)
    open_s = np.full(weeks.count, WEEK * shut)
    return {
        **{f"{name} {one}": weeks.each(legs.at, mark & (legs.queue == one))
           for name, mark in marks.items() for one in (0, 1)},
        **{f"occupancy {one}": ratio(100 * busy[:, one], open_s * heads) for one, heads in enumerate(AGENTS)},
    }  # fmt: skip


def cases() -> list[Case]:
    """The one case."""
    return [bilingual()]
