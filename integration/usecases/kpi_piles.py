"""Books on a pile: facts and kept books laid one on the other, and counted together.

Putting books of days, months or hotels together is laying the rows of their tables (`kpi_documents`) one under the
other, sorting them, and adding up the times of rows alike: whole numbers, so exactly what the accumulators of
`domain.kpi` come to, at a fraction of the time. Money is added one by one, as decimals. A pile that grows high is
counted together on the way, so its memory follows what is different in it and not how much was laid on it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_book import KINDS, MORE_PARTS, WHOLE, DayBook, Fact, Part, gathered, parts_of
from domain.kpi_entries import Added, Entry
from integration.usecases.kpi_columns import Numbers, Rows, by_place, column, counted, numbers, together
from integration.usecases.kpi_documents import OPEN, Document, decoded, encoded

MOST_LOOSE = 1_000_000
One = TypeVar("One", bound=Fact)
Under = Callable[[Part], Sequence[Part]]


def as_it_is(part: Part) -> Sequence[Part]:
    """Under itself."""
    return (part,)


def of_whom(fact: Fact) -> Iterable[Part]:
    """The whole, and the parts a fact is of by whom and through what."""
    return parts_of(fact.by)


class Pile:
    """Rows of any number of books. A place is a part, numbered as it comes."""

    def __init__(self, most_loose: int = MOST_LOOSE) -> None:
        """`most_loose`: rows laid on before they are counted together."""
        self._most_loose = most_loose
        self._places: dict[Part, int] = {}
        self._rows: dict[str, list[Rows]] = {}
        self._money: dict[tuple[str, int], Takings] = {}
        self._loose = 0

    def add_facts(
        self,
        facts: Iterable[One],
        entries: Callable[[One], Iterator[Entry]],
        parts: Callable[[One], Iterable[Part]] = of_whom,
    ) -> None:
        """Enter facts of a kind by their formulas, each under its parts."""
        found = list(facts)
        places = [self._at(parts(fact)) for fact in found]
        flat = np.array([place for some in places for place in some], np.int32)
        size = np.array([len(some) for some in places], np.int64)
        start = np.cumsum(size) - size
        for slug, (which, added) in gathered(found, entries).items():
            chosen = np.array(which, np.int64)
            entry = np.repeat(np.arange(len(added)), size[chosen])
            within = np.arange(len(entry)) - np.repeat(np.cumsum(size[chosen]) - size[chosen], size[chosen])
            self._enter(slug, flat[start[chosen][entry] + within], entry, added)
            if slug in MORE_PARTS:
                more = [self._at((MORE_PARTS[slug](found[one]),))[0] for one in which]
                self._enter(slug, np.array(more, np.int32), np.arange(len(added)), added)

    def _at(self, parts: Iterable[Part]) -> list[int]:
        known, found = self._places, list(parts)
        try:
            return [known[part] for part in found]
        except KeyError:
            return [known.setdefault(part, len(known)) for part in found]

    def _enter(self, slug: str, place: Numbers, entry: Numbers, added: list[Added]) -> None:
        """`place`, `entry`: where to, and which of those added."""
        kind = KINDS[slug]
        if kind is Takings:
            for at, which in zip(place.tolist(), entry.tolist(), strict=True):
                self._purse(slug, at).add(*added[which])
        elif kind is Count:
            ones = np.ones(len(place), np.uint8)
            self._lay(slug, place, ones - ones, ones)
        else:
            first, second = np.array(added, np.int64)[entry].T
            ones = np.ones(len(place), np.uint8)
            if kind is Share:
                self._lay_some(slug, first > 0, place, ones, first)
                self._lay_some(slug, second > first, place, ones - ones, second - first)
            else:
                self._lay_some(slug, second == 0, place, first, ones)
                self._lay_some(f"{slug}{OPEN}", second == 1, place, first, ones)

    def _lay_some(self, name: str, those: NDArray[np.bool_], *rows: Numbers) -> None:
        place, value, times = (one[those] for one in rows)
        self._lay(name, place, value, times)

    def _lay(self, name: str, place: Numbers, value: Numbers, times: Numbers) -> None:
        if not len(place):
            return
        self._rows.setdefault(name, []).append((place, value, times))
        self._loose += len(place)
        if self._loose > self._most_loose:
            self._rows = {one: [counted(together(pieces))] for one, pieces in self._rows.items()}
            self._loose = 0

    def _purse(self, slug: str, at: int) -> Takings:
        return self._money.setdefault((slug, at), Takings())

    def pour(self, document: bytes, under: Under = as_it_is, slugs: Collection[str] | None = None) -> None:
        """Add a kept book that can be read, each part under the parts it is of, which may be none; `slugs`: these KPIs
        alone."""
        kept = decoded(document)
        under_each = [under(part) for part in kept.parts]
        for turn in range(max(map(len, under_each), default=0)):
            into = [self._at(parts[turn : turn + 1]) or [-1] for parts in under_each]
            self._pour(kept, np.array(into, np.int32)[:, 0], slugs)

    def _pour(self, kept: Document, places: Numbers, slugs: Collection[str] | None) -> None:
        """`places`: of each part of the document; -1: nowhere."""
        is_all = bool((places >= 0).all())
        for name, (sizes, values, counts) in kept.tables.items():
            if slugs is None or name.removesuffix(OPEN) in slugs:
                place = np.repeat(places, numbers(sizes, len(places)))
                rows = place, numbers(values, len(place)), numbers(counts, len(place))
                self._lay(name, *rows) if is_all else self._lay_some(name, place >= 0, *rows)
        for slug, money in kept.takings.items():
            for part, currency, amount, n in money if slugs is None or slug in slugs else ():
                if places[part] >= 0:
                    self._purse(slug, int(places[part])).add(amount, currency, n)

    def packed(self) -> tuple[bytes, bytes]:
        """The whole and the parts, as documents."""
        parts = sorted(self._places)
        rank = np.empty(len(parts), np.int32)
        rank[[self._places[part] for part in parts]] = np.arange(len(parts))
        cut = int((WHOLE, WHOLE) in self._places)
        whole, rest = (_Half(parts[:cut], 0), _Half(parts[cut:], cut))
        for name in sorted(self._rows):
            place, value, times = together(self._rows[name])
            rows = counted((rank[place], value, times))
            middle = int(np.searchsorted(rows[0], cut))
            whole.keep(name, *(one[:middle] for one in rows))
            rest.keep(name, *(one[middle:] for one in rows))
        ranked = {(slug, int(rank[at])): money for (slug, at), money in self._money.items()}
        for slug, at in sorted(ranked):
            (whole if at < cut else rest).keep_money(slug, at, ranked[slug, at])
        return encoded(whole.document), encoded(rest.document)

    def book(self) -> DayBook:
        """All of it as accumulators."""
        book, parts = DayBook(), list(self._places)
        for name, pieces in self._rows.items():
            for at, times in by_place(counted(together(pieces))):
                _put(book, name, parts[at], times)
        for (slug, at), money in self._money.items():
            book.kept[slug, *parts[at]] = Takings(dict(money.amounts), dict(money.counts))
        return book


class _Half:
    """A document in the making; `first`: the number of its first part."""

    def __init__(self, parts: list[Part], first: int) -> None:
        self.document = Document(parts=parts)
        self._first = first

    def keep(self, name: str, place: Numbers, value: Numbers, times: Numbers) -> None:
        if len(place):
            sizes = np.bincount(place - self._first, minlength=len(self.document.parts))
            self.document.tables[name] = column(sizes), column(value), column(times)

    def keep_money(self, slug: str, place: int, money: Takings) -> None:
        some = self.document.takings.setdefault(slug, [])
        for currency, amount in sorted(money.amounts.items()):
            some.append((place - self._first, currency, amount, money.counts[currency]))


def _put(book: DayBook, name: str, part: Part, times: dict[int, int]) -> None:
    """`times`: how often each value is there."""
    slug = name.removesuffix(OPEN)
    kept = book.kept.setdefault((slug, *part), KINDS[slug]())
    if isinstance(kept, Count):
        kept.n = times[0]
    elif isinstance(kept, Share):
        kept.hits, kept.n = times.get(1, 0), sum(times.values())
    elif isinstance(kept, Spread) and name == slug:
        kept.closed = times
    elif isinstance(kept, Spread):
        kept.open = times
