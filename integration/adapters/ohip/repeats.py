"""Repeating a read: twice at most, with growing and jittered pauses, inside the read's own time limit.

A pause that the PMS asks for (`Retry-After`) is kept to; if it is longer than what is left, the read is given up at
once. The waiting is stamina's. It is imported at the first failure only: it costs more than a whole decoded answer.
"""

import asyncio
from collections.abc import AsyncIterable, Callable
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from integration.errors import PmsError

if TYPE_CHECKING:
    from stamina import Attempt


_ATTEMPTS = 3


LEAST_TIME_S = 0.05


class Again(Exception):
    """A read failed in a way that allows a repeat; `wait`: advised seconds."""

    def __init__(self, error: PmsError, wait: float | None = None) -> None:
        super().__init__(error.code)
        self.error = error
        self.wait = wait


@lru_cache(maxsize=1)
def _stamina() -> ModuleType:
    """The library, silenced: its hooks would print to stdout, and `on_call` tells of every try anyway."""
    import stamina  # noqa: PLC0415
    from stamina.instrumentation import set_on_retry_hooks  # noqa: PLC0415

    set_on_retry_hooks(())
    return stamina


def _advice(error: Exception, deadline: float, is_over: Callable[[], bool]) -> bool | float:
    """Whether, or after how many seconds, to repeat a read."""
    if not isinstance(error, Again) or is_over():
        return False
    left = deadline - asyncio.get_running_loop().time() - LEAST_TIME_S
    if left <= 0 or (error.wait is not None and error.wait > left):
        return False
    return True if error.wait is None else error.wait


def attempts_after(deadline: float, is_over: Callable[[], bool]) -> "AsyncIterable[Attempt]":
    """Attempts of which the first is the one that has failed already; `deadline` on the event loop's clock.

    `is_over`: whether the PMS has been given up meanwhile, so that nothing more is sent.
    """
    # No time limit of stamina's own: it would be measured on the wall clock; `_advice` keeps it on the loop's.
    attempts: AsyncIterable[Attempt] = _stamina().retry_context(
        on=lambda error: _advice(error, deadline, is_over), attempts=_ATTEMPTS, timeout=None,
        wait_initial=0.1, wait_max=1.0, wait_jitter=0.1,
    )  # fmt: skip
    return attempts
