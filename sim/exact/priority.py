"""Priorities: an agent who becomes free takes the most urgent guest; nobody who is being served is put off.

Kella and Yechiali (1985), for several classes with the same exponential talk, no abandonment: everybody waits with the
chance of Erlang C of all classes together, and the mean wait of class k is W0 / ((1 - s[k-1]) (1 - s[k])), where s[k]
is the share of the agents' time that classes 1..k take and W0 the mean time, busy or not, until some agent is free when
all of that is counted once. A guest of the first class who waits does so for an exponential time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from sim.exact.erlang import erlang_c


@dataclass(frozen=True, slots=True)
class Priorities:
    """`waits`: share of guests of any class; `mean_wait_s`: of all guests by class; `drift`: rate at which a waiting
    guest of the first class gets his turn."""

    waits: float
    mean_wait_s: tuple[float, ...]
    drift: float

    def first_within(self, within_s: float) -> float:
        """Share of the first class answered within `within_s`."""
        return 1.0 - self.waits * exp(-self.drift * within_s)


def priorities(rates: Sequence[float], aht: float, agents: int) -> Priorities:
    """Solve it; `rates` per second, the most urgent class first. ValueError when the load is not below the agents."""
    pooled = erlang_c(sum(rates), aht, agents)
    until_free = pooled.waits * aht / agents
    means, before = [], 0.0
    for rate in rates:
        after = before + rate * aht / agents
        means.append(until_free / ((1.0 - before) * (1.0 - after)))
        before = after
    return Priorities(pooled.waits, tuple(means), agents / aht - rates[0])
