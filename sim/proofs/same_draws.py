"""The engine and a recursion without an event list, fed the same draws: equal to the last counter, not within a band.

Lognormal talk and wrap-up, exponential patience, one pool: no formula knows the answer, but Kiefer and Wolfowitz's
recursion does, call by call. Beside it agents' seconds as the engine counts them by interval against the same by call
(Little's law for those being served), and whether every call that came has ended.
"""

from collections.abc import Mapping
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sim.exact.kiefer_wolfowitz import waits_of
from sim.plan import Contacts, Outcome
from sim.proofs.case import Case
from sim.proofs.estimates import Estimate
from sim.proofs.feed import Chance, call_queue, contacts, one_group, play, steady_plan

AGENTS, RATE, TALK, WRAP, SIGMA, PATIENCE = 25, 0.1, 200.0, 40.0, 0.7, 120.0
WITHIN_S = 20.0
_F8 = NDArray[np.float64]


def draws(chance: Chance) -> Contacts:
    """A load of 24 on 25 agents."""
    work = chance.stream("work").lognormal(np.log(TALK) - SIGMA**2 / 2, SIGMA, chance.count)
    wrap = chance.stream("wrap").lognormal(np.log(WRAP) - SIGMA**2 / 2, SIGMA, chance.count)
    return contacts(chance.arrivals(RATE), work, chance.times("patience", PATIENCE), wrap=wrap)


def counters(waits: _F8, answered: NDArray[np.bool_]) -> dict[str, float]:
    """What both must agree on; the sums are exact (no rounding by order)."""
    return {
        "answered": float(answered.sum()),
        "given_up": float((~answered).sum()),
        "at_once": float((answered & (waits == 0)).sum()),
        "answered_in_20_s": float((answered & (waits <= WITHIN_S)).sum()),
        "waited_s": fsum(waits.tolist()),
        "longest_wait_s": float(waits.max()),
    }


def _exact(chance: Chance) -> Mapping[str, float]:
    drawn = draws(chance)
    busy = drawn.work + drawn.wrap
    waits, answered = waits_of(drawn.at, busy, drawn.patience, AGENTS)
    return {**counters(waits, answered), "ended": float(len(drawn)), "agent_s": fsum(busy[answered].tolist())}


def _simulate(chance: Chance) -> Mapping[str, Estimate]:
    drawn = draws(chance)
    until_s = float(drawn.at[-1])
    plan = steady_plan((call_queue(),), one_group(), (AGENTS,), until_s, 200 * TALK)
    played = play(plan, drawn, until_s)
    found = counters(played.legs.wait, played.served)
    ended = float((played.legs.outcome != Outcome.OPEN).sum())
    found |= {"ended": ended, "agent_s": float(played.busy_s.sum())}
    return {name: Estimate(value) for name, value in found.items()}


def cases() -> list[Case]:
    """The one case."""
    return [Case(f"same_draws n={AGENTS}", _exact, _simulate, 1_000_000, 100_000)]
