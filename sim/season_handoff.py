"""Who is handed over, where to and after how much work: the rules of `domain.handoff`, asked turn by turn.

A contact comes with drawn turns, unsolved turns and signals; the hotel's own rules decide, by the very function the
service asks. Signals show in the first message. As the answer depends only on rules, channel, unsolved turns and
signals, each combination is asked once and kept in a table of small numbers.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.contact import Channel
from domain.handoff import HandoffRules, decide_handoff
from domain.signals import Signal
from scenarios.demand_columns import DayDraw

MOST_TURNS = 31
_SIGNALS = 1 << len(Signal)
_UNKNOWN = -1


class HandoffTable:
    """What the rules say, remembered. `hotel_rules`: the rules of each hotel; `channels`: names of the season's
    channels, among which a target must be."""

    def __init__(self, hotel_rules: Sequence[HandoffRules], channels: Sequence[str]) -> None:
        books = list(dict.fromkeys(tuple(one.rules) for one in hotel_rules))
        self._rules = [next(one for one in hotel_rules if tuple(one.rules) == book) for book in books]
        self._book_of = np.array([books.index(tuple(one.rules)) for one in hotel_rules], dtype=np.int64)
        self._channels = [Channel(name) for name in channels]
        size = len(books) * len(channels) * (MOST_TURNS + 1) * _SIGNALS
        self._turn = np.full(size, _UNKNOWN, dtype=np.int64)
        self._target = np.zeros(size, dtype=np.int64)

    def of(self, draw: DayDraw) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each contact the turn after which it is handed over (0: never), and the place of the target channel."""
        key = self._book_of.take(draw.hotel)
        key *= len(self._channels)
        key += draw.channel
        key *= MOST_TURNS + 1
        key += np.minimum(draw.unsolved_turns, MOST_TURNS)
        key *= _SIGNALS
        key += draw.signals
        turn = self._turn.take(key)
        unknown = np.flatnonzero(turn == _UNKNOWN)
        if len(unknown):
            for one in set(key[unknown].tolist()):
                self._turn[one], self._target[one] = self._ask(one)
            turn = self._turn.take(key)
        return turn, self._target.take(key)

    def _ask(self, key: int) -> tuple[int, int]:
        rest, signals = divmod(key, _SIGNALS)
        rest, unsolved = divmod(rest, MOST_TURNS + 1)
        book, channel = divmod(rest, len(self._channels))
        return self.ask(self._rules[book], self._channels[channel], unsolved, signals)

    def ask(self, rules: HandoffRules, channel: Channel, unsolved: int, signals: int) -> tuple[int, int]:
        """The turn after which a contact is handed over (0: never) and the place of the channel it goes to.

        A contact without unsolved turns is asked about after its first turn, which solved it: signals alone can act.
        """
        for turn in range(1, max(unsolved, 1) + 1):
            trigger = decide_handoff(min(turn, unsolved), signals, rules.of(channel))
            if trigger is not None:
                targets = [one for one in rules.targets(trigger, channel) if one in self._channels]
                return (turn, self._channels.index(targets[0])) if targets else (0, 0)
        return 0, 0
