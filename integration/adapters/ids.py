"""Identifiers that sort by time of making and cannot be guessed.

An id is a prefix and 26 letters of Crockford's base 32 (no I, L, O, U): 48 bits of milliseconds, then 80 random bits,
the layout of a ULID. Within one process ids always grow, also inside one millisecond and when the clock is set back:
the next one is then the last plus a random step. Random bits come from the operating system, or from a seeded draw
where a history is to be repeated (`virtual_time`).
"""

import os
import threading
from collections.abc import Callable

from integration.ports.surroundings import Clock

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_RANDOM_BYTES = 10
_STEP_BYTES = 8
_POOL_BYTES = 4096
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]


def _text(number: int) -> str:
    pairs = []
    for _ in range(_LENGTH // 2):
        pairs.append(_PAIRS[number & 1023])
        number >>= 10
    return "".join(reversed(pairs))


class _Pool:
    """Random bytes of the operating system, asked for a page at a time: every call of the system lets other threads in,
    and a busy one keeps the interpreter for milliseconds. A forked process starts with an empty pool of its own."""

    def __init__(self) -> None:
        self._bytes, self._at = b"", 0
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._bytes, self._at, self._lock = b"", 0, threading.Lock()

    def draw(self, count: int) -> bytes:
        """`count` bytes, none of them given before."""
        with self._lock:
            if self._at + count > len(self._bytes):
                self._bytes, self._at = os.urandom(max(_POOL_BYTES, count)), 0
            self._at += count
            return self._bytes[self._at - count : self._at]


_POOL = _Pool()


class SystemIds:
    """Satisfies `integration.ports.surroundings.Ids`; may be shared by threads."""

    def __init__(self, clock: Clock, draw: Callable[[int], bytes] = _POOL.draw) -> None:
        """`draw(n)` gives n random bytes."""
        self._clock = clock
        self._draw = draw
        self._last = 0
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """E.g. `res_01KQ3Z6N5W8J4T2V0X9Y7B1C3D`."""
        fresh = int(self._clock.now().timestamp() * 1000) << 80 | int.from_bytes(self._draw(_RANDOM_BYTES))
        with self._lock:
            if fresh <= self._last or fresh >> 80 == self._last >> 80:
                fresh = self._last + 1 + int.from_bytes(self._draw(_STEP_BYTES))
            self._last = fresh
        return f"{prefix}_{_text(fresh)}"

    def secret(self) -> bytes:
        """32 random bytes."""
        return self._draw(32)
