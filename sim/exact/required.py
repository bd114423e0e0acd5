"""The smallest team that meets a service target in the long run: the inverse of Erlang A and C.

More agents never make the service level worse, so the answer is found by doubling a step from the offered load and
halving it again: some ten solved queues, whatever the size. Results are remembered, because a season asks for the
same half hours over and over.
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil, isinf

from domain.service_level import LevelFormula
from sim.exact.erlang import erlang_a

MOST = 100_000


@lru_cache(maxsize=65_536)
def required_agents(
    rate: float,
    aht: float,
    patience: float,
    target: float,
    within_s: float,
    formula: LevelFormula = LevelFormula.OF_OFFERED,
) -> int:
    """The smallest number of agents with a service level of at least `target` (0 to 1) within `within_s` seconds.

    `rate` guests a second; `aht`, `patience` mean seconds, a patience of infinity is Erlang C. 0 when nobody comes.
    ValueError for a target of 1 or more, which no team of any size is sure to meet.
    """
    if not 0 < target < 1:
        raise ValueError("the target is a share between 0 and 1")
    if rate == 0:
        return 0

    def meets(agents: int) -> bool:
        if isinf(patience) and agents <= rate * aht:
            return False
        return erlang_a(rate, aht, patience, agents).service_level(within_s, formula) >= target

    return _smallest(meets, ceil(rate * aht))


def _smallest(meets: Callable[[int], bool], guess: int) -> int:
    """The smallest number from 1 on that meets, starting the search at a guess."""
    low, high, step = 0, max(guess, 1), 1
    while not meets(high):
        if high > MOST:
            raise ValueError("no team of any sensible size meets this target")
        low, high, step = high, high + step, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high
