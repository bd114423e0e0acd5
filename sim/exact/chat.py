"""Several chats at once: agents slow down with every chat more, and the least busy one takes the next.

Talk (alone) and patience are exponential. With k chats open each goes on at `speeds[k - 1]`, so an agent closes chats
at k * speeds[k - 1] / work. Solved as a Markov chain of (agents with 1, 2, ... open chats; waiting). With one slot this
is Erlang A; with full speed whatever is open it is Erlang A with agents times slots.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.exact.chain import Chain, long_run

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chatting:
    """What the model is told: chats a second, mean seconds of work done alone and of patience, agents, and for k = 1,
    2, ... (as many as an agent may have) the speed of each of k open chats."""

    rate: float
    work: float
    patience: float
    agents: int
    speeds: tuple[float, ...]
    most_waiting: int = 80


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """Shares and mean wait of all chats; `open_s`: how long a chat that is taken stays open; `busy`: share of agents'
    time with at least one chat; `open_chats`: chats open with an agent on average."""

    waits: float
    abandons: float
    mean_wait_s: float
    open_s: float
    busy: float
    open_chats: float


def chat(told: Chatting) -> ChatAnswer:
    """Solve it. ValueError when `most_waiting` is too small for the load."""
    slots = len(told.speeds)
    chain = long_run((0,) * (slots + 1), lambda state: _moves(told, state))
    return _answer(told, chain.below(slots, told.most_waiting))


def _moves(told: Chatting, state: State) -> Iterator[tuple[float, State]]:
    slots = len(told.speeds)
    waiting = state[slots]
    with_chats = (told.agents - sum(state[:slots]), *state[:slots])
    least = next((k for k in range(slots) if with_chats[k]), slots)
    if least < slots:
        yield told.rate, _step(state, least, least + 1)
    elif waiting < told.most_waiting:
        yield told.rate, (*state[:slots], waiting + 1)
    fewer = (*state[:slots], waiting - 1)
    for chats in range(1, slots + 1):
        closes = with_chats[chats] * chats * told.speeds[chats - 1] / told.work
        yield closes, fewer if waiting else _step(state, chats, chats - 1)
    yield waiting / told.patience, fewer


def _step(state: State, before: int, after: int) -> State:
    """One agent goes from so many chats to so many; agents with none are not in the state."""
    changed = list(state)
    for chats, by in ((before, -1), (after, 1)):
        if chats:
            changed[chats - 1] += by
    return tuple(changed)


def _answer(told: Chatting, chain: Chain) -> ChatAnswer:
    slots = len(told.speeds)
    by_chats, waiting = chain.states[:, :slots], chain.states[:, slots]
    open_chats = chain.mean(by_chats @ np.arange(1, slots + 1))
    abandons = chain.mean(waiting) / told.patience / told.rate
    return ChatAnswer(
        chain.chance(by_chats[:, slots - 1] == told.agents),
        abandons,
        chain.mean(waiting) / told.rate,
        open_chats / (told.rate * (1.0 - abandons)),
        chain.mean(by_chats.sum(axis=1)) / told.agents,
        open_chats / told.agents,
    )
