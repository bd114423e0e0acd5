"""How busy the generator's own process is: its share of one core, second by second.

A generator that is out of breath sends late and measures itself; a verdict needs to know.
"""

import resource

import gevent

from loadtests.driver.clock import NS, now_ns


class LoadMeter:
    """Measures from its making on."""

    def __init__(self) -> None:
        """Begins at once."""
        self._shares: list[float] = []
        self._last = (now_ns(), _cpu_s())
        self._greenlet = gevent.spawn(self._measure)

    def stop(self) -> tuple[float, ...]:
        """The shares of all whole seconds so far; no more are measured."""
        self._greenlet.kill(block=False)
        return tuple(self._shares)

    def _measure(self) -> None:
        while True:
            gevent.sleep(1.0)
            at, cpu = now_ns(), _cpu_s()
            self._shares.append(round((cpu - self._last[1]) / ((at - self._last[0]) / NS), 3))
            self._last = at, cpu


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
