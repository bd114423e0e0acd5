"""A day that is never in balance: rates and teams that change, by the Kolmogorov forward equations.

M(t)/M/n(t)+M: Poisson arrivals at a rate that changes with time, exponential talk and patience, a team that changes
from interval to interval. The chances of 0, 1, 2, ... guests in the system follow one linear differential equation,
solved with SciPy; nothing is assumed about a balance. (Sizing each half hour as if it were in balance under-serves the
way down: the queue of the peak is still there.)

When the team shrinks, free agents leave first; busy ones finish what they have. Under `finish` named agents leave after
their guest, so they are no part of the queue any more. Under `first_finishers` whoever finishes next leaves until
enough have gone: then a second number is kept, how many are still too many, and all of them serve.
State: `chances[x, k]`, x agents too many and k guests beside theirs; agents number `heads` + x while x > 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

_F8 = NDArray[np.float64]
FELT = 1e-9
_NOTHING = 1e-14
_SUMS = 4  # arrivals, waiting ones, given up, agent seconds


@dataclass(frozen=True, slots=True)
class Course:
    """By interval: `arrivals` expected, how many of them had to wait, how many gave up within the interval (whenever
    they came), agent seconds within it. `waits_at` and `times`: chance to wait at single instants, when asked for."""

    arrivals: _F8
    waiting: _F8
    given_up: _F8
    busy_s: _F8
    times: _F8 = field(repr=False)
    waits_at: _F8 = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changing:
    """What the model is told: arrivals a second at a time, mean seconds, the team of each interval of `interval_s`.

    `first_finishers`: the rule when a team shrinks. `most`: so many guests are followed.
    """

    rate: Callable[[float], float]
    aht: float
    patience: float
    heads: Sequence[int]
    interval_s: float
    most: int
    first_finishers: bool = False


def course(told: Changing, start: _F8 | None = None, looks: int = 0) -> Course:
    """Follow the day from an empty house, or from `start` (chances of 0, 1, ... guests, shape (most + 1,)).

    `looks`: instants per interval at which the chance to wait is kept. ValueError when `most` is too small.
    """
    chances = np.zeros((1, told.most + 1))
    chances[0, : 1 if start is None else len(start)] = 1.0 if start is None else start
    leaving, before = 0.0, told.heads[0]
    sums, times, waits = [], [], []
    for number, heads in enumerate(told.heads):
        chances, named = _change(chances, before, heads, told.first_finishers)
        leaving += named
        step = _Interval(told, number, heads, chances.shape)
        chances, added, seen = step.solve(chances, looks)
        busy_of_leavers = leaving * told.aht * -np.expm1(-told.interval_s / told.aht)
        leaving *= float(np.exp(-told.interval_s / told.aht))
        sums.append(added + np.array([0.0, 0.0, 0.0, busy_of_leavers]))
        times += step.looks(looks)
        waits += seen
        before = heads
        if chances[:, -1].sum() > FELT:
            raise ValueError(f"more than {told.most} guests must be followed for this load")
    columns = np.array(sums).T
    return Course(columns[0], columns[1], columns[2], columns[3], np.array(times), np.array(waits))


def _change(chances: _F8, before: int, heads: int, first_finishers: bool) -> tuple[_F8, float]:  # noqa: FBT001
    """The chances once the team has another size, and how many named agents are expected to leave after their guest."""
    if heads == before and chances.shape[0] == 1:
        return chances, 0.0
    extra, most = chances.shape[0] - 1, chances.shape[1] - 1
    changed = np.zeros((max(0, before + extra - heads if first_finishers else 0) + 1, most + 1))
    named = 0.0
    for x in range(extra + 1):
        for k in range(most + 1):
            there = before + x if x else min(k, before)
            too_many = max(0, there - heads)
            if first_finishers:
                changed[too_many, min(x + k - too_many, most)] += chances[x, k]
            else:
                named += too_many * chances[x, k]
                changed[0, k - too_many] += chances[x, k]
    felt = np.flatnonzero(changed.sum(axis=1) > _NOTHING)
    return changed[: felt[-1] + 1], named


class _Interval:
    """One interval: rates that depend on nothing but the arrivals."""

    def __init__(self, told: Changing, number: int, heads: int, shape: tuple[int, ...]) -> None:
        """Lay the rates of all states out."""
        self.told, self.heads, self.shape = told, heads, shape
        self.begin, self.end = number * told.interval_s, (number + 1) * told.interval_s
        guests = np.arange(shape[1])
        extra = np.arange(shape[0])[:, None]
        self.serving = np.where(extra > 0, heads + extra, np.minimum(guests, heads)).astype(np.float64)
        self.queued = np.maximum(guests - heads, 0) * np.ones(shape)
        self.closes = self.serving / told.aht
        self.gives_up = self.queued / told.patience
        self.full = np.where(extra > 0, 1.0, guests >= heads)

    def looks(self, count: int) -> list[float]:
        return np.linspace(self.begin, self.end, count, endpoint=False).tolist()  # type: ignore[no-any-return]

    def solve(self, chances: _F8, looks: int) -> tuple[_F8, _F8, list[float]]:
        """Chances at the end, what was added up in between, and the chance to wait at the instants asked for."""
        size = chances.size
        begin = np.concatenate((chances.ravel(), np.zeros(_SUMS)))
        found = solve_ivp(
            self._flow, (self.begin, self.end), begin, method="DOP853", rtol=1e-7, atol=1e-10,
            t_eval=[*self.looks(looks), self.end],
        )  # fmt: skip
        end = found.y[:, -1]
        seen = [float(self.full.ravel() @ found.y[:size, look]) for look in range(looks)]
        return end[:size].reshape(self.shape), end[size:], seen

    def _flow(self, now: float, values: _F8) -> _F8:
        chances = values[:-_SUMS].reshape(self.shape)
        rate = self.told.rate(now)
        out = chances * (self.closes + self.gives_up)
        out[:, :-1] += rate * chances[:, :-1]
        change = -out
        change[:, 1:] += rate * chances[:, :-1]
        change[:, :-1] += (chances * self.gives_up)[:, 1:]
        change[0, :-1] += (chances * self.closes)[0, 1:]
        change[:-1, :] += (chances * self.closes)[1:, :]
        waiting = rate * float((self.full * chances).sum())
        sums = [rate, waiting, float((self.gives_up * chances).sum()), float((self.serving * chances).sum())]
        return np.concatenate((change.ravel(), sums))
