"""What a KPI is, and how it is counted: accumulators that can be added to, merged and read.

Every figure is kept as something that two days, two channels or two processes can be put together from without loss:
a **Count**, a **Share** (hits of n), a **Spread** of whole seconds, a **Takings** of money by currency, a
service level of calls. Merging is associative and has an empty element, so a week is the sum of its days and a
rollup equals the records it was made of. The season engine adds its columns to the very same accumulators as the
reports add records, so simulated and real figures can be laid side by side, line by line.

A Spread keeps how often each whole second occurred, so its percentiles are exact, and it keeps what is still open apart
with the seconds waited so far: a percentile counts an open case as "longer than that" (Kaplan and Meier 1958), because
leaving open cases out flatters. Money of two currencies is never added.

`domain.kpi_list` names every KPI by its slug. Shares carry the interval of Wilson (1927).
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from math import isfinite, sqrt
from operator import mul
from typing import Generic, Protocol, Self, TypeVar

Z_95 = 1.959963984540054
PERCENTILES = (50, 75, 90, 95)


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI read: `value` in its unit (None: nothing to say, n is 0), the 95 % interval `low`..`high` of a share, the
    percentiles of seconds (None: beyond what was seen, because too much is open), how many it rests on and how many are
    still open."""

    value: float | Decimal | None
    n: int
    low: float | None = None
    high: float | None = None
    percentiles: Mapping[int, int | None] = field(default_factory=dict)
    open_n: int = 0
    currency: str | None = None


class Accumulator(Protocol):
    """What every figure is kept in; a new one without arguments is empty."""

    def merge(self, other: Self, /) -> Self:
        """Both together, as a new one."""
        ...

    def result(self) -> Figure:
        """What it says so far."""
        ...


@dataclass(slots=True)
class Count:
    """How often something happened."""

    n: int = 0

    def add(self, times: int = 1) -> None:
        """It happened."""
        self.n += times

    def merge(self, other: Self) -> Self:
        return type(self)(self.n + other.n)

    def result(self) -> Figure:
        return Figure(float(self.n), self.n)


@dataclass(slots=True)
class Share:
    """How many of how many."""

    hits: int = 0
    n: int = 0

    def add(self, is_hit: bool, times: int = 1) -> None:  # noqa: FBT001 - the one thing it counts
        """Another one, or several alike."""
        self.n += times
        if is_hit:
            self.hits += times

    def add_many(self, hits: int, n: int) -> None:
        """A column of them; ValueError unless 0 <= hits <= n."""
        if not 0 <= hits <= n:
            raise ValueError("there are at most as many hits as there are cases")
        self.hits += hits
        self.n += n

    def merge(self, other: Self) -> Self:
        return type(self)(self.hits + other.hits, self.n + other.n)

    def result(self) -> Figure:
        if not self.n:
            return Figure(None, 0)
        low, high = wilson(self.hits, self.n)
        return Figure(self.hits / self.n, self.n, low, high)


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927); z = 1.96 for 95 %. ValueError for n = 0."""
    if n < 1:
        raise ValueError("an interval needs at least one case")
    share = hits / n
    centre, spread = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (0.0 if hits == 0 else (centre - spread) / scale), (1.0 if hits == n else (centre + spread) / scale)


@dataclass(slots=True)
class Spread:
    """Durations in whole seconds (a fraction is cut off): `closed[s]`, and `open[s]` for those not over after s."""

    closed: dict[int, int] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float, *, is_open: bool = False) -> None:
        """One more; ValueError for a duration below zero or without an end."""
        if not isfinite(seconds) or seconds < 0:
            raise ValueError("a duration is not below zero and has an end; one that goes on is open")
        kept, second = (self.open if is_open else self.closed), int(seconds)
        kept[second] = kept.get(second, 0) + 1

    def add_many(self, closed: Mapping[int, int], still_open: Mapping[int, int] | None = None) -> None:
        """A histogram of them."""
        for kept, more in ((self.closed, closed), (self.open, still_open or {})):
            for second, times in more.items():
                kept[second] = kept.get(second, 0) + times

    def merge(self, other: Self) -> Self:
        both = type(self)(dict(self.closed), dict(self.open))
        both.add_many(other.closed, other.open)
        return both

    @property
    def n(self) -> int:
        """Those that are over."""
        return sum(self.closed.values())

    @property
    def open_n(self) -> int:
        """Those that go on."""
        return sum(self.open.values())

    def mean(self) -> float | None:
        """Over those that are over, in whole seconds each; None without one."""
        return sum(map(mul, self.closed.keys(), self.closed.values())) / self.n if self.closed else None

    def within(self, seconds: float) -> int:
        """How many were over in less than so many seconds (at 120 s a target of 120 s is missed)."""
        return sum(times for second, times in self.closed.items() if second < seconds)

    def percentile(self, percent: int) -> int | None:
        """The first whole second by which so many percent were over; None when too many are open to say.

        Without open ones that is the nearest rank, exactly.
        """
        return next(iter(self.percentiles((percent,)).values()))

    def percentiles(self, percents: Iterable[int] = PERCENTILES) -> dict[int, int | None]:
        """Several at once, from one pass."""
        seconds, total = sorted(self.closed), self.n + self.open_n
        gone = list(accumulate(map(self.closed.__getitem__, seconds)))
        first_open = min(self.open, default=None)
        found: dict[int, int | None] = {}
        for percent in sorted(percents):
            place = bisect_left(gone, -(-percent * total // 100) or 1)
            exact = seconds[place] if place < len(seconds) else None
            is_sure = first_open is None or (exact is not None and exact <= first_open)
            found[percent] = exact if is_sure else self._past_open_ones(percent)
        return found

    def _past_open_ones(self, percent: int) -> int | None:
        """By the estimate of Kaplan and Meier: whoever is open at a second leaves those at risk after it."""
        at_risk, left = self.n + self.open_n, 1.0
        for second in sorted(self.closed.keys() | self.open.keys()):
            ended = self.closed.get(second, 0)
            left *= 1 - ended / at_risk
            if ended and 1 - left >= percent / 100 - 1e-12:
                return second
            at_risk -= ended + self.open.get(second, 0)
        return None

    def result(self) -> Figure:
        return Figure(self.mean(), self.n, percentiles=self.percentiles(), open_n=self.open_n)


@dataclass(slots=True)
class Takings:
    """Money by currency, over how many of whatever it is divided by (reservations, room nights)."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, amount: Decimal, currency: str, n: int = 1) -> None:
        """More of it."""
        self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + amount
        self.counts[currency] = self.counts.get(currency, 0) + n

    def merge(self, other: Self) -> Self:
        both = type(self)(dict(self.amounts), dict(self.counts))
        for currency, amount in other.amounts.items():
            both.add(amount, currency, other.counts[currency])
        return both

    def average(self, currency: str) -> Decimal | None:
        """What one is worth; None when there is none of this currency."""
        n = self.counts.get(currency, 0)
        return self.amounts[currency] / n if n else None

    def total(self, currency: str) -> Decimal:
        """All of one currency."""
        return self.amounts.get(currency, Decimal(0))

    def converted(self, rates: Mapping[str, Decimal], into: str) -> "Takings":
        """All in one currency at the rates of a day the caller names; KeyError for a currency without a rate."""
        one = Takings()
        for currency, amount in self.amounts.items():
            rate = Decimal(1) if currency == into else rates[currency]
            one.add(amount * rate, into, self.counts[currency])
        return one

    def result(self) -> Figure:
        """The average, when all is of one currency; ValueError for two, which are not added."""
        if not self.amounts:
            return Figure(None, 0)
        if len(self.amounts) > 1:
            raise ValueError("money of two currencies is not added; convert it at the rate of a day first")
        currency = next(iter(self.amounts))
        return Figure(self.average(currency), self.counts[currency], currency=currency)


Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept", bound=Accumulator)


class Book(Generic[Key, Kept]):
    """One KPI broken down: an accumulator for each key (a day, a channel, an agent, or several of them)."""

    def __init__(self, empty: type[Kept], kept: Mapping[Key, Kept] | None = None) -> None:
        """`empty` makes an accumulator for a key seen for the first time."""
        self._empty: type[Kept] = empty
        self.kept: dict[Key, Kept] = dict(kept or {})

    def at(self, key: Key) -> Kept:
        """The accumulator of a key, to add to."""
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = self._empty()
        return found

    def merge(self, other: "Book[Key, Kept]") -> "Book[Key, Kept]":
        """Both together, as a new one; accumulators of keys that only one has are shared, not copied."""
        both = Book(self._empty, self.kept)
        for key, more in other.kept.items():
            mine = both.kept.get(key)
            both.kept[key] = more if mine is None else mine.merge(more)
        return both

    def total(self) -> Kept:
        """All keys together: the whole is the sum of its parts."""
        whole = self._empty()
        for part in self.kept.values():
            whole = whole.merge(part)
        return whole
