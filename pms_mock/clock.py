"""The only place where the mock looks at the wall clock or lets a thread wait.

The hotel's own time is `wall + offset`, where the offset is state of the store (so that every process agrees) plus a
constant handed to one application. Everything else takes `now` as an argument.
"""

import time


def wall_ms() -> int:
    """UTC now, in integer milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def stopwatch_us() -> int:
    """A monotonic reading in microseconds, for the durations in the ledger."""
    return time.perf_counter_ns() // 1_000


def pause(seconds: float) -> None:
    """Let the thread wait: used only between two tries for a locked file, never under an event loop."""
    time.sleep(seconds)
