"""A circuit breaker for each hotel's PMS: whoever does not answer is not asked for a while.

    closed     asked as usual; `opens_after` requests in a row without an answer open it
    open       nothing is sent: "the PMS is down; read-only since 14:02", at once instead of after a time limit
    half-open  `trial_after_s` after the last failure one read goes out; an answer closes it, silence keeps it open

No answer is: no connection, a time limit, a reset, 502, 503, 504, also for the token. Whatever shows that somebody is
there closes it: a success, a refusal, 401, 403, 429 (credentials and rate shares are other troubles). A 500 is neither.
A failure counts only when nothing was answered since its request began, so twenty requests that break at one moment
are not an outage. A write refused here never left: its intent stays open and the same key goes on later. Writes are no
trials, because a lost one is worse than a lost read; only when no read has come for three waits is one let through.

State is of this process: each worker of the service finds out by itself. Time is the Clock's. Docs: the operations
page; why it is our own: docs/adr/020-circuit-breaker.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.hotel import HotelTerms
from integration.errors import PmsUnavailable
from integration.ports.surroundings import Clock

SILENT = frozenset({502, 503, 504})
_NOBODY = 500
_PATIENCE = 3
_LEAST_WAIT_S = 1.0


class EventLog(Protocol):
    """Where an outage is told, once when it begins and once when it ends."""

    def warning(self, event: str, **fields: object) -> object: ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`opens_after`: requests in a row without an answer, 0 = never. `trial_after_s`: seconds from failure to trial."""

    opens_after: int = 5
    trial_after_s: float = 5.0


class Breaker:
    """The breaker of one hotel."""

    def __init__(self, hotel: HotelTerms, thresholds: Thresholds, clock: Clock, log: EventLog) -> None:
        """Start closed."""
        self._hotel, self._clock, self._log = hotel, clock, log
        self._opens_after = thresholds.opens_after
        self._wait = timedelta(seconds=thresholds.trial_after_s)
        self._failures = 0
        self._failed_at: datetime | None = None
        self._is_trying = False
        self.down_since: datetime | None = None
        self.answers = 0

    @contextmanager
    def passage(self, *, is_write: bool) -> Iterator[None]:
        """Around everything that one read or write sends. PmsUnavailable when it may not be sent now."""
        if self.down_since is None:
            yield
            return
        if self._is_trying or not self.is_trial_due(is_write=is_write):
            raise self._refusal(self.down_since)
        self._is_trying = True
        try:
            yield
        finally:
            self._is_trying = False
            self._failed_at = self._clock.now()  # a trial that was not answered: the next one after another wait

    def is_trial_due(self, *, is_write: bool = False) -> bool:
        """Whether it is open and one may try. A clock that was set back does not hold a trial up."""
        if self.down_since is None or self._failed_at is None:
            return False
        waited = self._clock.now() - self._failed_at
        return not timedelta(0) <= waited < self._wait * (_PATIENCE if is_write else 1)

    def heard(self, began: int, status: int) -> None:
        """A request that began at the answer count `began` was answered with this HTTP status."""
        if status in SILENT:
            self.failed(began)
        elif status < _NOBODY:
            self._answered()

    def failed(self, began: int) -> None:
        """A request that began at the answer count `began` was not answered."""
        if began != self.answers or not self._opens_after:
            return
        self._failures += 1
        now = self._clock.now()
        self._failed_at = now
        if self.down_since is None and self._failures >= self._opens_after:
            self.down_since = now
            self._log.warning("pms_down", hotel=self._hotel.hotel_id, failures=self._failures)

    def _answered(self) -> None:
        self.answers += 1
        self._failures = 0
        since, self.down_since = self.down_since, None
        if since is not None:
            seconds = round((self._clock.now() - since).total_seconds())
            self._log.warning("pms_up", hotel=self._hotel.hotel_id, seconds=seconds)

    def _refusal(self, since: datetime) -> PmsUnavailable:
        """What people are told; the time is the hotel's, with the day when it is not today."""
        now = self._clock.now()
        local = since.astimezone(self._hotel.zone)
        is_today = local.date() == self._hotel.today(now)
        due = (self._failed_at or now) + self._wait
        return PmsUnavailable(
            "The PMS is down; read-only since {since}.",
            hint="What is stored can be read, calls and notes can be taken. Repeat this later with the same key.",
            retry_after=max(_LEAST_WAIT_S, (due - now).total_seconds()),
            down_since=since,
            since=f"{local:%H:%M}" if is_today else local,
        )


class Breakers:
    """The breakers of all hotels of this process. Satisfies `integration.ports.surroundings.Line`."""

    def __init__(self, clock: Clock, log: EventLog, thresholds: Thresholds | None = None) -> None:
        """Start without a breaker; a hotel's first call makes it."""
        self._clock, self._log, self._thresholds = clock, log, thresholds or Thresholds()
        self._breakers: dict[str, Breaker] = {}

    def of(self, hotel: HotelTerms) -> Breaker:
        """The breaker of a hotel."""
        found = self._breakers.get(hotel.hotel_id)
        if found is None:
            found = self._breakers[hotel.hotel_id] = Breaker(hotel, self._thresholds, self._clock, self._log)
        return found

    def token_unheard(self) -> None:
        """Nobody answered for a token, without which no hotel can be asked: one failure for each."""
        for one in self._breakers.values():
            one.failed(one.answers)

    def down_since(self, hotel_id: str) -> datetime | None:
        """When the hotel's PMS was given up, UTC; None while it is asked."""
        found = self._breakers.get(hotel_id)
        return found.down_since if found is not None else None

    def is_trial_due(self, hotel_id: str) -> bool:
        """Whether the hotel's PMS is down and somebody should try it now."""
        found = self._breakers.get(hotel_id)
        return found is not None and found.is_trial_due()
