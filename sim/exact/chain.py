"""A continuous-time Markov chain: from "what can happen in this state, at which rate" to long-run shares of time.

States are found by walking from a first one, so a model says its moves and nothing else. The balance equations are one
sparse linear system; one share is set to 1 and all are scaled at the end, which keeps the matrix sparse. An unlimited
queue is cut at `most_waiting`; `Chain.below` refuses an answer when the cut is felt.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=tuple[int, ...])
Moves = Callable[[tuple[int, ...]], Iterable[tuple[float, tuple[int, ...]]]]
FELT = 1e-9


@dataclass(frozen=True, slots=True)
class Chain:
    """`states`: shape (count, fields); `share`: long-run share of time in each, shape (count,)."""

    states: NDArray[np.int64]
    share: NDArray[np.float64]

    def mean(self, value: NDArray[np.float64] | NDArray[np.int64]) -> float:
        """Time average of a value given for each state."""
        return float(self.share @ value)

    def chance(self, is_so: NDArray[np.bool_]) -> float:
        """Share of time in the states marked."""
        return float(self.share[is_so].sum())

    def below(self, column: int, most: int) -> "Chain":
        """The chain itself. ValueError when it spends time at the cut, i.e. `most` was chosen too small."""
        if self.chance(self.states[:, column] >= most) > FELT:
            raise ValueError(f"a queue of {most} is too short for this load")
        return self


def long_run(first: tuple[int, ...], moves: Moves) -> Chain:
    """Solve the chain reachable from `first`. `moves(state)` gives (rate, next state) pairs; rates of 0 are left out.

    `first` should be a state that is often visited: all other shares are found relative to its share.
    """
    index = {first: 0}
    states = [first]
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    for at, state in enumerate(states):  # grows while it is walked
        for rate, following in moves(state):
            if rate <= 0 or following == state:
                continue
            if following not in index:
                index[following] = len(states)
                states.append(following)
            rows += (index[following], at)
            columns += (at, at)
            rates += (rate, -rate)
    return Chain(np.array(states), _shares(len(states), rows, columns, rates))


def _shares(count: int, rows: list[int], columns: list[int], rates: list[float]) -> NDArray[np.float64]:
    if count == 1:
        return np.ones(1)
    flow = csc_matrix((rates, (rows, columns)), shape=(count, count))
    others = spsolve(flow[1:, 1:], -flow[1:, 0].toarray().ravel())
    share = np.concatenate(([1.0], others))
    return np.asarray(share / share.sum(), dtype=np.float64)
