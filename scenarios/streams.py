"""Random streams: one for each seed, replication, day and purpose, so that nothing drawn for one thing moves another.

A Philox generator is a keyed function of a counter. The key comes from the seed and the replication (through
`SeedSequence`, which mixes any two seeds well apart); the upper half of the 256-bit counter is the day and the purpose,
the lower half counts the numbers drawn. Streams are therefore apart by construction, any day can be drawn alone, and
going from one stream to the next costs microseconds.
"""

from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenarios.demand_tables import F8, STEPS

_MASK = 2**64 - 1
_SURPLUS_BITS = 16 - (STEPS.bit_length() - 1)


class Purpose(IntEnum):
    """What a stream is for. Numbers are never reused: they are part of every result that names its seed."""

    DAY_FACTOR = 0
    ARRIVALS = 1
    CHANNEL = 2
    LANGUAGE = 3
    INTENT = 4
    HOTEL = 5
    WORK = 6
    SHORT = 7
    WRAP = 8
    PATIENCE = 9
    BALK = 10
    SILENT = 11
    TURNS = 12
    UNSOLVED = 13
    SIGNALS = 14
    REDIAL = 15
    REDIAL_GAP = 16
    REDIAL_PATIENCE = 17
    HANDOFF_WORK = 18
    HANDOFF_WRAP = 19
    HANDOFF_PATIENCE = 20
    CONVERT = 21
    LEAD_TIME = 22
    NIGHTS = 23
    ADULTS = 24
    CHILDREN = 25
    PRICE = 26
    STAGE = 27
    LAPSE = 28
    CANCEL = 29
    CANCEL_WHEN = 30
    NO_SHOW = 31
    ALTERNATIVE = 32
    FOLLOW_UP = 33
    FOLLOW_UP_GAP = 34
    FOLLOW_UP_WORK = 35
    CONFIRM_DELAY = 36
    ABSENCE = 37
    OTHERS = 38


class Streams:
    """The streams of one replication, through one generator: `at` moves it, so use what `at` gave before moving on."""

    def __init__(self, seed: int, replication: int) -> None:
        mixed = np.random.SeedSequence(entropy=seed & _MASK, spawn_key=(replication,))
        self._bits = np.random.Philox(key=mixed.generate_state(2, np.uint64))
        self._numbers = np.random.Generator(self._bits)
        self._state = self._bits.state

    def at(self, day: int, purpose: int, lane: int = 0) -> np.random.Generator:
        """The generator at the start of the stream of this day and purpose; `lane` tells apart what may grow by itself
        within a purpose."""
        self._state["state"]["counter"][:] = (0, lane, day & _MASK, purpose)
        self._bits.state = self._state
        return self._numbers


def stream(seed: int, replication: int, day: int, purpose: int) -> np.random.Generator:
    """A generator of its own for one purpose of one day; `day` -1 is the eve of the season."""
    return Streams(seed, replication).at(day, purpose)


_streams = lru_cache(maxsize=8)(Streams)


class DayStreams:
    """The streams of one day. Chances need 32 random bits and rows of a lookup 14: a 64-bit word gives two or four."""

    def __init__(self, seed: int, replication: int, day: int) -> None:
        self._streams, self._day = _streams(seed, replication), day

    def of(self, purpose: Purpose) -> np.random.Generator:
        """The generator at the start of a purpose's stream."""
        return self._streams.at(self._day, purpose)

    def u(self, purpose: Purpose, count: int) -> F8:
        """Uniforms in [0, 1), multiples of 2**-32."""
        words = self._words(purpose, (count + 1) // 2).view(np.uint32)[:count]
        return np.multiply(words, 2.0**-32, dtype=np.float64)

    def e(self, purpose: Purpose, count: int) -> F8:
        """Unit exponentials."""
        return self.of(purpose).standard_exponential(count)

    def rows(self, purpose: Purpose, count: int) -> NDArray[np.uint16]:
        """Rows of a lookup (`scenarios.demand_tables`)."""
        words = self._words(purpose, (count + 3) // 4).view(np.uint16)[:count]
        return np.right_shift(words, _SURPLUS_BITS, dtype=np.uint16)

    def _words(self, purpose: Purpose, count: int) -> NDArray[np.uint64]:
        words: NDArray[np.uint64] = self.of(purpose).bit_generator.random_raw(count)
        return words
