"""Where the time of a request went: a small account that follows it through every task it starts.

Whoever waits for somebody else writes it down here, whatever layer he is of; `integration.http` opens the account and
tells it to the caller in a `Server-Timing` header. Without an account (a command, a worker) nothing is kept.

    queue     waiting before any work was done for it: for our share of the hotel's rate limit, for a connection to
              the PMS, and for a free thread of the store
    store     reading and writing our own store, its commit included, without that wait
    pms       the PMS's answers, from sending to the last byte, without the wait for a connection
    injected  what of `pms` the mock PMS says it waited on purpose

Calls that run side by side are added up, so a part may be longer than the whole. A wait inside a call that is itself
timed is moved: added to `queue` and taken from the other, which is given the whole when the call ends.
"""

from contextvars import ContextVar


class Timing:
    """Seconds of one request by where they went."""

    __slots__ = ("injected", "pms", "queue", "store")

    def __init__(self) -> None:
        """Nothing yet."""
        self.queue = 0.0
        self.store = 0.0
        self.pms = 0.0
        self.injected = 0.0

    def header(self, total: float) -> bytes:
        """E.g. `pms;dur=41.2, store;dur=0.9, queue;dur=0.1, injected;dur=40.0, total;dur=44.0`, in milliseconds."""
        return b"pms;dur=%.1f, store;dur=%.1f, queue;dur=%.1f, injected;dur=%.1f, total;dur=%.1f" % (
            max(0.0, self.pms) * 1000, max(0.0, self.store) * 1000, self.queue * 1000, self.injected * 1000,
            total * 1000,
        )  # fmt: skip


TIMING: ContextVar[Timing | None] = ContextVar("timing", default=None)


def add_pms_time(seconds: float, injected: float = 0.0) -> None:
    """Add a PMS call to the request under way, if there is one. `injected`: what of it the mock waited on purpose."""
    timing = TIMING.get()
    if timing is not None:
        timing.pms += seconds
        timing.injected += injected


def add_store_time(seconds: float) -> None:
    """Add a work of the store, its wait for a thread included."""
    timing = TIMING.get()
    if timing is not None:
        timing.store += seconds


def add_wait(seconds: float) -> None:
    """Add a wait that nobody else times."""
    timing = TIMING.get()
    if timing is not None:
        timing.queue += seconds


def move_store_wait(seconds: float) -> None:
    """A wait inside a work of the store."""
    timing = TIMING.get()
    if timing is not None:
        timing.queue += seconds
        timing.store -= seconds


def move_pms_wait(seconds: float) -> None:
    """A wait inside a call to the PMS."""
    timing = TIMING.get()
    if timing is not None:
        timing.queue += seconds
        timing.pms -= seconds
