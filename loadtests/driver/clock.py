"""The generator's clock: Unix nanoseconds that never jump.

The wall clock is read once; from there on the performance counter counts. A correction of the machine's clock in the
middle of a run therefore moves no latency, and all instants of a process fit together.
"""

import time

NS = 1_000_000_000
_ANCHOR_NS = time.time_ns() - time.perf_counter_ns()


def now_ns() -> int:
    """Nanoseconds since 1970, by the anchor of this process."""
    return _ANCHOR_NS + time.perf_counter_ns()
