"""Two queues, two skills (the N-model): some agents speak one language, the others both.

The first queue goes to agents of one skill when one of them is free, else to agents of both; the second only to agents
of both. An agent of both who becomes free takes from the second queue first when both wait. Solved as a Markov chain of
(busy with one skill; of both: busy with the first, with the second queue; waiting in the first, in the second). Where
both queues talk for equally long, whom an agent of both serves does not matter, and is not kept apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.exact.chain import Chain, long_run

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TwoQueues:
    """What the model is told. Pairs are (first queue, second queue); rates per second, times in seconds."""

    rates: tuple[float, float]
    ahts: tuple[float, float]
    patiences: tuple[float, float]
    one_skill: int
    both_skills: int
    most_waiting: int = 60


@dataclass(frozen=True, slots=True)
class TwoQueuesAnswer:
    """Long-run shares of all guests of each queue, mean wait of all, and how busy each group of agents is (0 to 1)."""

    waits: tuple[float, float]
    abandons: tuple[float, float]
    mean_wait_s: tuple[float, float]
    occupancy: tuple[float, float]


def n_model(told: TwoQueues) -> TwoQueuesAnswer:
    """Solve it. ValueError when `most_waiting` is too small for the load."""
    chain = long_run((0, 0, 0, 0, 0), lambda state: _moves(told, state))
    chain = chain.below(3, told.most_waiting).below(4, told.most_waiting)
    return _answer(told, chain)


def _moves(told: TwoQueues, state: State) -> Iterator[tuple[float, State]]:
    yield from _arrivals(told, state)
    one, waiting, waiting_2 = state[0], state[3], state[4]
    yield one / told.ahts[0], _less(state, 3 if waiting else 0)
    for place, aht in ((1, told.ahts[0]), (2, told.ahts[1])):
        yield state[place] / aht, _freed(told, _less(state, place))
    yield waiting / told.patiences[0], _less(state, 3)
    yield waiting_2 / told.patiences[1], _less(state, 4)


def _arrivals(told: TwoQueues, state: State) -> Iterator[tuple[float, State]]:
    has_both = state[1] + state[2] < told.both_skills
    if state[0] < told.one_skill:
        yield told.rates[0], _more(state, 0)
    elif has_both:
        yield told.rates[0], _more(state, 1)
    elif state[3] < told.most_waiting:
        yield told.rates[0], _more(state, 3)
    if has_both:
        yield told.rates[1], _more(state, _place(told))
    elif state[4] < told.most_waiting:
        yield told.rates[1], _more(state, 4)


def _place(told: TwoQueues) -> int:
    """Where a guest of the second queue is counted while an agent serves him."""
    return 1 if told.ahts[0] == told.ahts[1] else 2


def _freed(told: TwoQueues, state: State) -> State:
    """An agent of both skills is free: who is next?"""
    if state[4]:
        return _more(_less(state, 4), _place(told))
    return _more(_less(state, 3), 1) if state[3] else state


def _more(state: State, place: int) -> State:
    return (*state[:place], state[place] + 1, *state[place + 1 :])


def _less(state: State, place: int) -> State:
    return (*state[:place], state[place] - 1, *state[place + 1 :])


def _answer(told: TwoQueues, chain: Chain) -> TwoQueuesAnswer:
    one, first, second, waiting, waiting_2 = chain.states.T
    full = first + second >= told.both_skills
    means = (chain.mean(waiting), chain.mean(waiting_2))
    return TwoQueuesAnswer(
        (chain.chance(full & (one >= told.one_skill)), chain.chance(full)),
        (means[0] / told.patiences[0] / told.rates[0], _ratio(means[1], told.patiences[1] * told.rates[1])),
        (means[0] / told.rates[0], _ratio(means[1], told.rates[1])),
        (_ratio(chain.mean(one), told.one_skill), _ratio(chain.mean(np.add(first, second)), told.both_skills)),
    )


def _ratio(value: float, by: float) -> float:
    return value / by if by else 0.0
