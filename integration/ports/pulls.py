"""Where a channel does not come to us and we go and fetch: a mailbox, an OTA's queue of messages.

A **source** gives batches. What a batch holds is stored, together with the cursor behind it, in one transaction; only
then is the source told that we have it (`confirm`). So a process that dies anywhere fetches the same again, and the
inbox makes the second time harmless: at least once on the way, once in effect.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from integration.ports.channels import Delivery
from integration.ports.hooks import Hook


class PullFailed(Exception):
    """The source could not be fetched from; nothing is lost. `code`: ours, never what was sent or read."""

    def __init__(self, code: str, *, retry_after_s: float = 0.0) -> None:
        """Keep the code and the advised wait."""
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Fetched:
    """One body. `problem`: why the source does not give it, one sentence; it is stored as unreadable and passed by."""

    delivery: Delivery
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some bodies, oldest first. `cursor`: where to go on once they are stored; `receipt`: how many things the source
    is then told that we have (0: it need not be told); `is_last`: nothing more is waiting; `problem`: a code, when the
    batch ends before its time because something went wrong."""

    bodies: tuple[Fetched, ...]
    cursor: str
    receipt: int = 0
    is_last: bool = True
    problem: str = ""


class Source(Protocol):
    """One place to fetch from. Connections are kept between batches and let go of by `rest`."""

    async def fetch(self, cursor: str, now: datetime) -> Batch:
        """The next batch behind a cursor; empty: from the beginning. Raises PullFailed, nothing else."""
        ...

    async def confirm(self, batch: Batch) -> None:
        """Tell the source that we have a batch; only for one with a receipt. Raises PullFailed."""
        ...

    async def rest(self) -> None:
        """Let go of connections; the next `fetch` makes new ones. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Pull:
    """A configured source. `hook`: its name, wire and hotel, as of an endpoint; `every_s`: seconds between rounds."""

    hook: Hook
    source: Source
    every_s: float

    @property
    def name(self) -> str:
        """Its name in the configuration, in the store and in the log."""
        return self.hook.name
