"""Erlang A and C from one night agent to 120, balking, and talk times of any law with one agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isinf

import numpy as np

from domain.service_level import SHORT_ABANDON_S, LevelFormula
from sim.exact.erlang import erlang_a
from sim.exact.pollaczek_khinchine import any_talk, lognormal_moments
from sim.proofs.case import Case
from sim.proofs.estimates import WARM_UP, Estimate, ratio
from sim.proofs.feed import Chance, Played, call_queue, contacts, one_group, play, steady_plan

WITHIN_S = 20.0
HOUR = 3600.0
WILD = 0.8  # from this spread of talk on, a second moment rests on a few longest calls: no batch tells its error
# Calls an hour, mean talk and patience in seconds, agents. The 14 agents of 400 calls are the double count of
# flexible agents; 23 are what is needed.
ERLANG_A = (
    (6, 240, 180, 1), (18, 240, 120, 1), (24, 240, 150, 2), (60, 240, 120, 5), (150, 240, 120, 10), (400, 180, 300, 14),
    (400, 180, 300, 23), (600, 240, 120, 41), (900, 240, 90, 58), (1350, 240, 180, 95), (1800, 240, 180, 120),
)  # fmt: skip
ERLANG_C = (
    (6, 300, 1), (12, 240, 1), (24, 240, 2), (60, 240, 5), (100, 240, 8), (150, 240, 12), (400, 180, 24),
    (600, 240, 46), (900, 240, 66), (1650, 240, 120),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue and its agents; `hourly` guests, times in seconds."""

    hourly: float
    aht: float
    patience: float
    agents: int
    balk: float = 0.0

    @property
    def name(self) -> str:
        """`erlang_a n=23 load=20`."""
        kind = "erlang_c" if isinf(self.patience) else "balking" if self.balk else "erlang_a"
        return f"{kind} n={self.agents} load={self.hourly * self.aht / HOUR:g}"

    def exact(self, _: Chance) -> Mapping[str, float]:
        """Shares, mean wait, the service level by three formulas, occupancy."""
        solved = erlang_a(self.hourly / HOUR, self.aht, self.patience, self.agents, self.balk)
        figures = {"waits": solved.waits, "mean_wait_s": solved.mean_wait_s, "occupancy": solved.occupancy}
        if isinf(self.patience):
            return {**figures, "of_offered": solved.service_level(WITHIN_S)}
        levels = {formula.value: solved.service_level(WITHIN_S, formula) for formula in LevelFormula}
        balks = {"balks": solved.balks} if self.balk else {}
        return {**figures, "abandons": solved.abandons, **balks, **levels}

    def simulate(self, chance: Chance) -> Mapping[str, Estimate]:
        """The same from the engine."""
        at = chance.arrivals(self.hourly / HOUR)
        drawn = contacts(
            at, chance.times("work", self.aht), chance.times("patience", self.patience), balk_u=chance.uniform("balk")
        )
        rest_s = 60 * self.aht
        plan = steady_plan((call_queue(balk=self.balk),), one_group(), (self.agents,), float(at[-1]), rest_s)
        played = play(plan, drawn, float(at[-1]))
        return {**shares_of(played), "occupancy": occupancy_of(played, 0, self.agents), **levels_of(played)}


def shares_of(played: Played) -> dict[str, Estimate]:
    """Of all legs: who waited, gave up, balked; and the mean wait."""
    legs, mean = played.legs, played.batches.mean
    balked = ~(played.served | played.given_up)
    return {
        "waits": mean(legs.at, played.had_to_wait),
        "abandons": mean(legs.at, played.given_up),
        "balks": mean(legs.at, balked),
        "mean_wait_s": mean(legs.at, legs.wait),
    }


def levels_of(played: Played) -> dict[str, Estimate]:
    """The service level by three formulas."""
    legs, mean = played.legs, played.batches.mean
    in_time = legs.wait <= WITHIN_S
    short = ~played.served & (legs.wait <= SHORT_ABANDON_S)
    answered = played.served & in_time
    return {
        LevelFormula.OF_OFFERED.value: mean(legs.at, answered),
        LevelFormula.WITHOUT_SHORT.value: mean(legs.at, answered, ~short),
        LevelFormula.OR_GONE_IN_TIME.value: mean(legs.at, in_time),
    }


def occupancy_of(played: Played, group: int, agents: int) -> Estimate:
    """The share of a group's time that is taken, from the engine's own count by interval."""
    batches = played.batches
    busy = played.busy_s[WARM_UP : round(batches.until_s / batches.length_s), group]
    return ratio(busy, np.full(len(busy), agents * batches.length_s))


def _any_talk(hourly: float, mean: float, sigma: float) -> Case:
    def exact(_: Chance) -> Mapping[str, float]:
        solved = any_talk(hourly / HOUR, lognormal_moments(mean, sigma))
        figures = {"waits": solved.waits, "mean_wait_s": solved.mean_wait_s}
        return {**figures, "mean_square_wait": solved.mean_square_wait} if sigma < WILD else figures

    def simulate(chance: Chance) -> Mapping[str, Estimate]:
        at = chance.arrivals(hourly / HOUR)
        work = chance.stream("work").lognormal(np.log(mean) - sigma**2 / 2, sigma, chance.count)
        drawn = contacts(at, work, chance.times("patience", inf))
        plan = steady_plan((call_queue(),), one_group(), (1,), float(at[-1]), 100 * mean)
        played = play(plan, drawn, float(at[-1]))
        squares = played.batches.mean(played.legs.at, played.legs.wait**2)
        return {**shares_of(played), "mean_square_wait": squares}

    return Case(f"lognormal_talk sigma={sigma:g} load={hourly * mean / HOUR:g}", exact, simulate, 400_000, 60_000)


def cases() -> list[Case]:
    """All of them; a quick run keeps three of each Erlang table."""
    queues = [Queue(*row) for row in ERLANG_A]
    queues += [Queue(hourly, aht, inf, agents) for hourly, aht, agents in ERLANG_C]
    queues.append(Queue(150, 240, 120, 10, balk=0.3))
    short = {1, 10, 24, 41}
    erlang = [Case(one.name, one.exact, one.simulate, 240_000, 40_000 if one.agents in short else 0) for one in queues]
    return [*erlang, _any_talk(12, 180, 0.6), _any_talk(7.5, 240, 0.9)]
