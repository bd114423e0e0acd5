"""A published simulation of three kinds of calls and two groups: ContactCenters' `SimpleMSK`.

An example of the ContactCenters guide (Buist and L'Ecuyer, Université de Montréal), 1000 days. The groups share the
second kind of call, the second group only when nobody of the first is free; an agent who gets free takes who has waited
longest (`sim.proofs.other_rules`). Three periods of two hours have their own rates, talk, patience and teams; a gamma
busyness of the day (28.7, 28.7) moves all rates. Who gave up within 20 s does not count in the service level.
`occupancy` is of the first group, until the last guest has gone. `in_20_s 1/2`: the second kind in the third period.
"""

from collections.abc import Callable, Mapping

import numpy as np

from sim.engine import SeasonEngine
from sim.plan import EnginePlan, GroupPlan, GuestRules, ShiftEnd
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate
from sim.proofs.feed import Chance, Played, call_queue, contacts, play
from sim.proofs.other_rules import OneLineEngine
from sim.proofs.published import Days, Printed, busyness, even_days, means, merged, stratified, with_theirs

MINUTE, PERIOD, PERIODS, IN_TIME = 60.0, 7200.0, 3, 20.0
BUSY_SHAPE = 28.7
RATES = ((4.2, 5.3, 3.2), (5.1, 4.3, 4.8), (6.3, 5.2, 4.8))
ENDS_TALK, ENDS_PATIENCE = (0.5, 0.6, 0.4), (0.3, 0.4, 0.2)
TEAMS = ((12, 15), (18, 20), (9, 11), (9, 11))
MSK = {
    "served": Printed(4297.305, 437.605),
    "abandoned": Printed(910.335, 551.164),
    "service_level": Printed(0.501, 0.128),
    "occupancy": Printed(0.881, 0.058),
    "in_20_s 0/0": Printed(170.154, 93.722),
    "in_20_s 0/1": Printed(599.334, 83.392),
    "in_20_s 0/2": Printed(15.490, 27.520),
    "in_20_s 1/0": Printed(262.936, 134.377),
    "in_20_s 1/1": Printed(511.648, 86.571),
    "in_20_s 1/2": Printed(34.697, 55.230),
    "in_20_s 2/0": Printed(259.806, 155.150),
    "in_20_s 2/1": Printed(613.732, 99.046),
    "in_20_s 2/2": Printed(24.888, 44.327),
}


def simple_msk(make: Callable[[EnginePlan, GuestRules], SeasonEngine] = OneLineEngine) -> Case:
    """Days that differ. `make`: the engine, with its rules."""

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        calls = np.array(RATES) * PERIOD / MINUTE
        days = Days(even_days(chance.count, float(calls.sum())), (PERIODS + 1) * PERIOD)
        factor = busyness(chance, days.count, BUSY_SHAPE)
        at, kind = merged(
            [days.arrivals(chance.stream(f"arrivals {place}"), row, PERIOD, factor) for place, row in enumerate(calls)]
        )
        drawn, period = Chance(chance.seed, chance.case, len(at)), (at % days.length_s // PERIOD).astype(np.int64)
        work = drawn.times("talk", MINUTE) / np.array(ENDS_TALK)[period]
        patience = drawn.times("patience", MINUTE) / np.array(ENDS_PATIENCE)[period]
        groups = (GroupPlan("first", (1, 0), (0, 0), (1, 1)), GroupPlan("second", (2, 1), (0, 1), (1, 1)))
        queues = tuple(call_queue(f"kind {place}") for place in range(len(RATES)))
        heads = np.tile(np.array(TEAMS, dtype=np.int32), (days.count, 1))
        plan = EnginePlan(queues, groups, heads, PERIOD, shift_end=ShiftEnd.FIRST_FINISHERS)
        played = play(plan, contacts(at, work, patience, kind), plan.until_s, make=make)
        return with_theirs(MSK, _figures(played, days))

    return Case("published SimpleMSK", lambda _: means(MSK), simulate, 500_000, 40_000)


def _figures(played: Played, days: Days) -> dict[str, Estimate]:
    legs, by_day = played.legs, np.ones(days.count)
    good = played.served & (legs.wait < IN_TIME)
    period = legs.at % days.length_s // PERIOD
    served, in_time = days.sums(legs.at, played.served), days.sums(legs.at, good)
    gone_late = days.sums(legs.at, played.given_up & (legs.wait >= IN_TIME))
    last = np.zeros(days.count)
    np.maximum.at(last, (legs.at // days.length_s).astype(np.int64), legs.ended % days.length_s)
    busy, staffed = (one[:, 0].reshape(days.count, -1) for one in (played.busy_s, played.staffed_s))
    there = staffed[:, :PERIODS].sum(axis=1) + TEAMS[PERIODS][0] * (last - PERIODS * PERIOD)
    cells = {
        f"in_20_s {kind}/{one}": stratified(days.sums(legs.at, good & (legs.queue == kind) & (period == one)), by_day)
        for kind in range(len(RATES))
        for one in range(PERIODS)
    }
    return {
        "served": stratified(served, by_day),
        "abandoned": stratified(days.sums(legs.at, played.given_up), by_day),
        "service_level": stratified(in_time, served + gone_late),
        "occupancy": stratified(busy.sum(axis=1), there),
        **cells,
    }


def cases() -> list[Case]:
    """The one case."""
    return [simple_msk()]
