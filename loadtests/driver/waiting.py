"""Waiting by the generator's clock while the other users go on."""

import gevent

from loadtests.driver.clock import NS, now_ns


def wait_until(due_ns: int) -> None:
    """Lets the others work until an instant of `now_ns`; not at all when it is past."""
    while (left := due_ns - now_ns()) > 0:
        gevent.sleep(left / NS)
