"""Redial: guests who give up come back after a while, and meet the queue they helped to make.

One pool of agents, exponential talk and patience; who gives up joins the orbit with a chance, stays there an
exponential time, and calls again like anybody else, as often as it takes. Solved as a Markov chain of (in the system,
in the orbit). What happens to a first call follows from what it finds: Poisson arrivals see time averages.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.exact.chain import Chain, long_run

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Redialling:
    """What the model is told: first calls a second, mean seconds of talk, patience and gap, chance to come back."""

    rate: float
    aht: float
    patience: float
    agents: int
    chance: float
    gap: float
    most_waiting: int = 80
    most_away: int = 60


@dataclass(frozen=True, slots=True)
class RedialAnswer:
    """`waits`, `abandons`: shares of first calls; `calls`: all calls for each first one; `abandons_of_all`: share of
    all calls; `mean_wait_s`: of all calls; `lost`: share of guests who end up without an answer."""

    waits: float
    abandons: float
    calls: float
    abandons_of_all: float
    mean_wait_s: float
    lost: float
    occupancy: float


def redial(told: Redialling) -> RedialAnswer:
    """Solve it. ValueError when the cuts are too small for the load."""
    chain = long_run((0, 0), lambda state: _moves(told, state))
    most = told.agents + told.most_waiting
    return _answer(told, chain.below(0, most).below(1, told.most_away))


def _moves(told: Redialling, state: State) -> Iterator[tuple[float, State]]:
    inside, away = state
    busy, waiting = min(inside, told.agents), max(0, inside - told.agents)
    if inside < told.agents + told.most_waiting:
        yield told.rate, (inside + 1, away)
        yield away / told.gap, (inside + 1, away - 1)
    yield busy / told.aht, (inside - 1, away)
    gives_up = waiting / told.patience
    comes_back = told.chance if away < told.most_away else 0.0
    yield gives_up * comes_back, (inside - 1, away + 1)
    yield gives_up * (1.0 - comes_back), (inside - 1, away)


def _answer(told: Redialling, chain: Chain) -> RedialAnswer:
    inside, away = chain.states.T
    waiting = np.maximum(inside - told.agents, 0)
    calls = told.rate + chain.mean(away) / told.gap
    speed = told.agents * told.patience / told.aht
    gives_up = np.where(inside >= told.agents, (waiting + 1) / (speed + waiting + 1), 0.0)
    given_up = chain.mean(waiting) / told.patience
    return RedialAnswer(
        chain.chance(inside >= told.agents),
        chain.mean(gives_up),
        calls / told.rate,
        given_up / calls,
        chain.mean(waiting) / calls,
        given_up * (1.0 - told.chance) / told.rate,
        chain.mean(np.minimum(inside, told.agents)) / told.agents,
    )
