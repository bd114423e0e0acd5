"""Erlang A a second time, by the integrals of Mandelbaum and Zeltyn: nothing is shared with `sim.exact.erlang`.

The offered wait V has an atom at 0 and the density rate e^(rate H(x) - n x / aht) / (E + rate J) with H(x) the integral
of the chance to be still there. The integrals are done by quadrature.
"""

from collections.abc import Callable
from itertools import pairwise
from math import exp, expm1, fsum

from scipy.integrate import quad


class Integrals:
    """One queue with exponential patience; times in seconds, rates per second."""

    def __init__(self, rate: float, aht: float, patience: float, agents: int) -> None:
        self.rate, self.aht, self.patience, self.agents = rate, aht, patience, agents
        self.scale = aht / agents
        first, _ = quad(lambda t: exp(-t) * (1 + t / (rate * aht)) ** (agents - 1), 0, 80 + 6 * agents, limit=500)
        self.total: float = first + rate * self._over(lambda x: 1.0)

    def _over(self, value: Callable[[float], float], low: float = 0.0) -> float:
        top = low + 60 * self.scale + 12 * self.patience
        points = [low + (top - low) * 2.0**-power for power in range(14, 0, -1)]
        edges = [low, *points, top]
        return fsum(
            quad(lambda x: value(x) * exp(self._log(x)), one, two, epsabs=0, epsrel=1e-12)[0]
            for one, two in pairwise(edges)
        )

    def _stay(self, x: float) -> float:
        return -self.patience * expm1(-x / self.patience)

    def _log(self, x: float) -> float:
        return self.rate * self._stay(x) - self.agents * x / self.aht

    def waits(self) -> float:
        return self.rate * self._over(lambda x: 1.0) / self.total

    def abandons(self) -> float:
        return (1 + (self.rate - self.agents / self.aht) * self._over(lambda x: 1.0)) / self.total

    def mean_wait(self) -> float:
        return self.rate * self._over(self._stay) / self.total

    def answered_within(self, within: float) -> float:
        later = self._over(lambda x: exp(-x / self.patience), within)
        ever = self._over(lambda x: exp(-x / self.patience))
        return 1 - self.waits() + self.rate * (ever - later) / self.total

    def ended_within(self, within: float) -> float:
        return 1 - exp(-within / self.patience) * self.rate * self._over(lambda x: 1.0, within) / self.total
