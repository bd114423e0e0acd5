"""The pulls: every half minute or so each source is fetched from, each by a worker of its own.

So a mailbox that hangs holds up no other. One that fails is tried again after twice the time, four times, ... up to a
quarter of an hour (a refused password that is tried every few seconds locks an account), and as usual once all is well.
A trouble is logged when it begins and when it ends, not each time.
"""

from collections.abc import Callable

from integration.ports.pulls import Pull
from integration.usecases.desk import Desk
from integration.usecases.pull_source import Pulled, pull_source
from integration.workers.rounds import EventLog, Rounds

SLOWEST_S = 900.0
_MOST_DOUBLINGS = 12
Count = Callable[[str, str], None]


def _uncounted(_name: str, _outcome: str) -> None:
    """Count nothing."""


def _unheard(_delivery_id: str) -> None:
    """Wake nobody."""


class Pulls(Rounds):
    """Fetches from one source."""

    name = "pull"

    def __init__(
        self,
        desk: Desk,
        log: EventLog,
        pull: Pull,
        *,
        wake: Callable[[str], None] = _unheard,
        count: Count = _uncounted,
    ) -> None:
        """`wake` is told the number of each delivery that was stored; `count` the source and what became of it."""
        super().__init__(desk, log, every_s=pull.every_s)
        self._pull = pull
        self._wake, self._count = wake, count
        self._failures = 0
        self._trouble = ""

    async def work(self) -> None:
        """One round."""
        self._failures += 1
        self._every_s = self._pause_after(self._failures)
        pulled = await pull_source(
            self._desk, self._pull, on_stored=self._stored, go_on=lambda: not self._stopped.is_set()
        )
        if pulled.problem:
            self._every_s = max(self._every_s, pulled.retry_after_s)
        else:
            self._failures, self._every_s = 0, self._pull.every_s
        self._tell(pulled)

    def _pause_after(self, failures: int) -> float:
        return max(self._pull.every_s, min(SLOWEST_S, self._pull.every_s * 2.0 ** min(failures, _MOST_DOUBLINGS)))

    def _stored(self, delivery_id: str) -> None:
        self._count(self._pull.name, "stored")
        self._wake(delivery_id)

    def _tell(self, pulled: Pulled) -> None:
        if pulled.unreadable:
            self._count(pulled.name, "not_given")
            self._log.warning("pull_passed_by", hook=pulled.name, count=pulled.unreadable)
        if pulled.problem:
            self._count(pulled.name, f"failed_{pulled.problem}")
        if pulled.problem == self._trouble or pulled.is_elsewhere:
            return
        if pulled.problem:
            self._log.warning("pull_failed", hook=pulled.name, code=pulled.problem)
        else:
            self._log.info("pull_works_again", hook=pulled.name)
        self._trouble = pulled.problem
