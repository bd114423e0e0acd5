"""Erlang A and C: one queue, one pool of agents, Poisson arrivals, exponential talk and patience.

Erlang A is a birth-death chain: with k in the system guests come at `rate`, leave at min(k, n)/aht, and the j who wait
give up at j/patience. Endless patience gives Erlang C. What a guest waits who finds j queued follows from a Beta law:
with n/aht = c/patience, e^(-V/patience) ~ Beta(c, j + 1) for the offered wait V, so the chance of being answered
within t is c/(c+j+1) (1 - I(c+1, j+1)) with the incomplete beta function I at e^(-t/patience).

The service level comes by each of the three formulas of `domain.service_level`. A guest who balks (would have to wait,
and leaves at once) counts as one who gave up after no time.
"""

from dataclasses import dataclass, field
from math import exp, inf, isinf, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from domain.service_level import SHORT_ABANDON_S, LevelFormula

_TAIL = 42.0  # e^-42: what is cut off a queue's distribution


@dataclass(frozen=True, slots=True)
class Erlang:
    """One queue in the long run. Shares are of all guests who come; `occupancy` is the share of agents' time.

    `mean_wait_s`: of all guests, answered or not (balked ones: 0). `ahead[j]`: chance that a guest finds all agents
    busy and j waiting.
    """

    agents: int
    aht: float
    patience: float
    waits: float
    abandons: float
    balks: float
    mean_wait_s: float
    occupancy: float
    load_after_loss: float
    ahead: NDArray[np.float64] = field(repr=False)
    staying: float = 1.0

    def answered_within(self, within_s: float) -> float:
        """Share of all guests who are answered within `within_s`."""
        at_once = 1.0 - float(self.ahead.sum())
        if self.agents == 0:
            return 0.0
        return at_once + self.staying * self._answered_later(within_s)

    def _answered_later(self, within_s: float) -> float:
        if isinf(self.patience):
            drift = self.agents / self.aht - self.load_after_loss / self.aht
            return float(self.ahead.sum()) * (1.0 - exp(-drift * within_s))
        more = np.arange(1, len(self.ahead) + 1)
        speed = self.agents * self.patience / self.aht
        late = betainc(speed + 1.0, more, exp(-within_s / self.patience))
        return float(self.ahead @ (speed / (speed + more) * (1.0 - late)))

    def ended_within(self, within_s: float) -> float:
        """Share of all guests who are answered, give up or balk within `within_s`."""
        if self.agents == 0:
            return 1.0 - self.staying * exp(-within_s / self.patience)
        if isinf(self.patience):
            return self.answered_within(within_s) + self.balks
        more = np.arange(1, len(self.ahead) + 1)
        left = exp(-within_s / self.patience)
        speed = self.agents * self.patience / self.aht
        return 1.0 - self.staying * left * float(self.ahead @ betainc(speed, more, left))

    def service_level(
        self,
        within_s: float,
        formula: LevelFormula = LevelFormula.OF_OFFERED,
        short_s: float = SHORT_ABANDON_S,
    ) -> float:
        """The service level by a formula, 0 to 1; `short_s`: who gives up within it is left out of `without_short`.

        With nobody left to count it is 0.
        """
        answered = self.answered_within(within_s)
        if formula is LevelFormula.OF_OFFERED:
            return answered
        if formula is LevelFormula.OR_GONE_IN_TIME:
            return self.ended_within(within_s)
        counted = 1.0 - (self.ended_within(short_s) - self.answered_within(short_s))
        return answered / counted if counted > 0 else 0.0


def erlang_a(rate: float, aht: float, patience: float, agents: int, balk: float = 0.0) -> Erlang:
    """Solve the queue. `rate` guests a second, `aht` and `patience` mean seconds, `balk` the chance that a guest who
    would have to wait leaves at once. `patience` of infinity is Erlang C.

    ValueError for a negative number, no time to talk, or a queue that would grow for ever.
    """
    if rate < 0 or aht <= 0 or patience <= 0 or agents < 0 or not 0 <= balk <= 1:
        raise ValueError("rate and agents are not negative, aht and patience positive, balk a share")
    load, staying = rate * aht, 1.0 - balk
    if isinf(patience) and load * staying >= agents and rate > 0:
        raise ValueError("without abandonment the agents must be more than the load")
    if rate == 0 or agents == 0:
        return _trivial(rate, aht, patience, agents, balk)
    if isinf(patience):
        return _patient(load, aht, agents, balk)
    shares = _shares(load, aht / patience, agents, staying)
    ahead = shares[agents:]
    waiting = float(ahead @ np.arange(len(ahead)))
    abandons = waiting / patience / rate
    waits = float(ahead.sum())
    served = load * (1.0 - abandons - balk * waits)
    return Erlang(
        agents, aht, patience, waits * staying, abandons, balk * waits, waiting / rate, served / agents, served, ahead,
        staying,
    )  # fmt: skip


def erlang_c(rate: float, aht: float, agents: int) -> Erlang:
    """The same without abandonment; ValueError when the load is not less than the agents."""
    return erlang_a(rate, aht, inf, agents)


def _trivial(rate: float, aht: float, patience: float, agents: int, balk: float) -> Erlang:
    """Nobody comes, or nobody is there to answer."""
    if agents:
        return Erlang(agents, aht, patience, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, np.zeros(1), 1.0 - balk)
    stay = 1.0 - balk
    return Erlang(0, aht, patience, stay, stay, balk, stay * patience if rate else 0.0, 0.0, 0.0, np.ones(1), stay)


def _patient(load: float, aht: float, agents: int, balk: float) -> Erlang:
    staying = 1.0 - balk
    ratio = load * staying / agents
    shares = _shares(load, 0.0, agents, staying)
    full = float(shares[agents:].sum())
    served = load * (1.0 - balk * full)
    mean = staying * full * aht / (agents * (1.0 - ratio))
    return Erlang(
        agents, aht, inf, full * staying, 0.0, balk * full, mean, served / agents, load * staying, shares[agents:],
        staying,
    )  # fmt: skip


def _shares(load: float, impatience: float, agents: int, staying: float) -> NDArray[np.float64]:
    """Long-run shares of time with 0, 1, 2, ... in the system; `impatience` is aht over patience."""
    steps = np.log(load / np.arange(1, agents + 1))
    waiting = np.arange(1, _longest(load * staying, impatience, agents) + 1)
    if staying > 0:
        steps = np.concatenate((steps, np.log(load * staying / (agents + waiting * impatience))))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    shares = np.exp(logs - logs.max())
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _longest(load: float, impatience: float, agents: int) -> int:
    """So many waiting that longer queues weigh less than e^-42 of the likeliest one."""
    if load <= 0:
        return 0
    by_load = _TAIL / log(agents / load) + 1 if load < agents else inf
    if impatience == 0:
        return int(by_load)
    peak = max(0.0, (load - agents) / impatience)
    return int(min(by_load, peak + sqrt(3 * _TAIL * max(load, agents) / impatience) + 1.5 * _TAIL)) + 1
