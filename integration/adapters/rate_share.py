"""Our share of a hotel's rate limit: a token bucket per hotel, writes first.

A PMS grants its calls per second to the hotel, and every system of the hotel draws on them; the hotel file says which
part is ours (`share_per_second`, `burst`). Each service worker keeps its own bucket with its part of the share, so
that the workers together stay inside it without talking to each other. Tokens come back evenly. Who finds none waits
a moment in line, writes before reads, because a booking that fails costs more than a quote that is asked again. Who
would wait too long is told at once: PmsUnavailable with the seconds after which it is worth trying. When the PMS
itself says 429, the bucket stands still until the time it named.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from time import perf_counter

from domain.hotel import PmsTerms
from integration.errors import PmsUnavailable
from integration.ports.timing import add_wait

WRITE_WAIT_S = 2.0
READ_WAIT_S = 0.5
MAX_PAUSE_S = 300.0
_WHOLE = 1 - 1e-9  # a token that rounding has left a hair short is one
_LEAST_WAIT_S = 0.001


class RateShare:
    """One hotel's bucket in this worker. Times are the event loop's, so it works under virtual time too."""

    def __init__(self, per_second: float, burst: float, waits: Mapping[bool, float] | None = None) -> None:
        """Start full. `waits`: longest wait in seconds of a write (True) and of a read (False)."""
        self._rate = per_second
        self._burst = max(1.0, burst)
        self._tokens = self._burst
        self._seen_at: float | None = None
        self._paused_until = 0.0
        self._waits = waits or {True: WRITE_WAIT_S, False: READ_WAIT_S}
        self._lines: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, *, is_write: bool) -> None:
        """Take a token, waiting in line if that is short. PmsUnavailable (`retry_after`) when it is not."""
        loop = asyncio.get_running_loop()
        self._refill(loop.time())
        if self._tokens >= _WHOLE and not self._lines[True] and (is_write or not self._lines[False]):
            self._tokens -= 1
            return
        self._check_wait(loop.time(), is_write=is_write)
        place, began = loop.create_future(), perf_counter()
        self._lines[is_write].append(place)
        self._arm(loop)
        try:
            async with asyncio.timeout(self._waits[is_write]):
                await place
        except TimeoutError:
            if not _was_served(place):  # else its turn came at the very instant of the limit
                _step_out(self._lines[is_write], place)
                raise _full(self._wait_for(loop.time(), is_write=is_write)) from None
        except asyncio.CancelledError:
            if _was_served(place):
                self._tokens += 1
            else:
                _step_out(self._lines[is_write], place)
            raise
        finally:
            add_wait(perf_counter() - began)

    def hold_off(self, seconds: float) -> None:
        """Give nothing for this long: the PMS has said that the hotel's limit is used up."""
        now = asyncio.get_running_loop().time()
        self._refill(now)
        self._paused_until = max(self._paused_until, now + min(seconds, MAX_PAUSE_S))
        self._tokens = 0.0
        self._seen_at = self._paused_until

    def _refill(self, now: float) -> None:
        if self._seen_at is None:
            self._seen_at = now
        elif now > self._seen_at:
            self._tokens = min(self._burst, self._tokens + (now - self._seen_at) * self._rate)
            self._seen_at = now

    def _wait_for(self, now: float, *, is_write: bool) -> float:
        """Seconds until a newcomer would have its token, if nobody more urgent comes."""
        ahead = len(self._lines[True]) + (0 if is_write else len(self._lines[False]))
        return max(0.0, self._paused_until - now) + max(0.0, ahead + 1 - self._tokens) / self._rate

    def _check_wait(self, now: float, *, is_write: bool) -> None:
        wait = self._wait_for(now, is_write=is_write)
        if wait > self._waits[is_write]:
            raise _full(wait)

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None or not (self._lines[True] or self._lines[False]):
            return
        now = loop.time()
        pause = max(0.0, self._paused_until - now)
        self._timer = loop.call_later(pause + max(_LEAST_WAIT_S, (1 - self._tokens) / self._rate), self._serve, loop)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand out what has come in, to writes first."""
        self._timer = None
        self._refill(loop.time())
        while self._tokens >= _WHOLE and (line := self._lines[True] or self._lines[False]):
            place = line.popleft()
            if not place.cancelled():
                self._tokens -= 1
                place.set_result(None)
        self._arm(loop)


class RateShares:
    """The buckets of all hotels; `workers` is the number of service workers that divide each share."""

    def __init__(self, workers: int = 1) -> None:
        """Start without a bucket; a hotel's first call makes it."""
        self._workers = max(1, workers)
        self._shares: dict[str, RateShare] = {}

    def of(self, terms: PmsTerms) -> RateShare:
        """The bucket of a hotel."""
        share = self._shares.get(terms.pms_hotel_id)
        if share is None:
            share = RateShare(terms.share_per_second / self._workers, terms.burst / self._workers)
            self._shares[terms.pms_hotel_id] = share
        return share


def _was_served(place: "asyncio.Future[None]") -> bool:
    return place.done() and not place.cancelled()


def _step_out(line: "deque[asyncio.Future[None]]", place: "asyncio.Future[None]") -> None:
    if place in line:
        line.remove(place)


def _full(wait: float) -> PmsUnavailable:
    return PmsUnavailable(
        "Our share of the PMS's rate limit is used up; try again in {seconds} s.",
        seconds=max(1, round(wait + 0.5)),
        retry_after=max(0.1, wait),
    )
