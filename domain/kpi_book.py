"""The day book: what the facts of a day come to, KPI by KPI and part by part. With `domain.kpi_entries`, the formulas,
it is the definition of every KPI.

A fact is entered under the whole and under each part it belongs to (channel, source, language, agent, segment, each of
its tags), so a part is never worked out from anything but its facts. Books of several days and hotels add up to the
book of a period, whatever the order. Parts of one dimension sum to the whole, where every fact has that property; tags
overlap. Where formulas look across days: a call, case or offer belongs to the day on which it began, a sale to the day
of its confirmation, a cancellation or no-show to the day of the arrival.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from domain.kpi import Accumulator, Count, Share, Spread, Takings
from domain.kpi_entries import (
    IN_TARGET,
    NOT_A_SALE,
    TARGET_OF,
    WALL,
    Added,
    Entry,
    arrival_entries,
    call_entries,
    case_entries,
    offer_entries,
    sale_entries,
)
from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_row import Dimension

__all__ = ["IN_TARGET", "KINDS", "NOT_A_SALE", "TARGET_OF", "WALL", "WHOLE", "DayBook", "Kept", "Place", "book_of"]
WHOLE = ""
KINDS: dict[str, type[Count] | type[Share] | type[Spread] | type[Takings]] = {
    "call_volume_in": Count,
    "call_volume_out": Count,
    "contact_volume": Count,
    "asa_s": Spread,
    "abandonment_rate": Share,
    "service_level": Share,
    "offers": Count,
    "offer_to_sale_rate": Share,
    "call_to_reservation_rate": Share,
    "lead_to_reservation_rate": Share,
    "basket_total": Takings,
    "basket_adr": Takings,
    "revenue": Takings,
    "cancellation_rate": Share,
    "no_show_rate": Share,
    "missed_lead_rate": Share,
    "lost_reasons": Count,
    "frt_s": Spread,
    "handoff_rate": Share,
    "resolution_s": Spread,
    "in_pms_before_call_end_rate": Share,
    **{f"{slug}{WALL}": Spread for slug in ("frt_s", "resolution_s")},
    **{f"{slug}{TARGET_OF}": Spread for slug in ("frt_s", "resolution_s", "asa_s")},
    **{f"{slug}{IN_TARGET}": Share for slug in ("frt_s", "resolution_s")},
}
Part = tuple[str, str]
Place = tuple[str, str, str]
Kept = Count | Share | Spread | Takings
_ONE_KEY = tuple(
    one.value
    for one in (
        Dimension.CHANNEL,
        Dimension.SOURCE,
        Dimension.LANGUAGE,
        Dimension.AGENT,
        Dimension.HOTEL,
        Dimension.SEGMENT,
    )
)
_TAG, _REASON = Dimension.TAG.value, Dimension.LOST_REASON.value
Fact = CallFact | CaseFact | OfferFact | StayFact
One = TypeVar("One")


def _reason(fact: Fact) -> Part:
    return _REASON, getattr(fact, _REASON, None) or ""


MORE_PARTS: Mapping[str, Callable[[Fact], Part]] = {"lost_reasons": _reason}
"""A part that one KPI alone has."""


def parts_of(by: By) -> Iterator[Part]:
    """The whole, and (dimension, key) of every part; empty where it is not known."""
    yield WHOLE, WHOLE
    for dimension in _ONE_KEY:
        yield dimension, getattr(by, dimension)
    for tag in by.tags:
        yield _TAG, tag


@dataclass(slots=True)
class DayBook:
    """Accumulators by (slug, dimension, key): `("asa_s", "channel", "phone")`. The whole has both empty."""

    kept: dict[Place, Kept] = field(default_factory=dict)

    def add_call(self, call: CallFact) -> None:
        """A call, on its day."""
        self._enter(call, call_entries(call))

    def add_case(self, case: CaseFact) -> None:
        """A run of a case, on its day."""
        self._enter(case, case_entries(case))

    def add_offer(self, offer: OfferFact) -> None:
        """An offer, on its day."""
        self._enter(offer, offer_entries(offer))

    def add_sale(self, stay: StayFact) -> None:
        """A reservation, on the day of its confirmation."""
        self._enter(stay, sale_entries(stay))

    def add_arrival(self, stay: StayFact) -> None:
        """A reservation, on the day of its arrival."""
        self._enter(stay, arrival_entries(stay))

    def _enter(self, fact: Fact, entries: Iterable[Entry]) -> None:
        for slug, added in entries:
            for part in parts_of(fact.by):
                _put(self._at((slug, *part)), added)
            if slug in MORE_PARTS:
                _put(self._at((slug, *MORE_PARTS[slug](fact))), added)

    def absorb(self, other: "DayBook") -> None:
        """Add another book to this one; the other stays as it was."""
        for place, more in other.kept.items():
            _pour(more, self._at(place))

    def get(self, slug: str, dimension: str = WHOLE, key: str = WHOLE) -> Accumulator:
        """What is kept there; an empty one where nothing is. KeyError for a slug that is not counted here."""
        return self.kept.get((slug, dimension, key)) or KINDS[slug]()

    def keys(self, slug: str, dimension: str) -> list[str]:
        """The parts of a dimension that a KPI has, sorted."""
        return sorted(key for name, of, key in self.kept if (name, of) == (slug, dimension))

    def _at(self, place: Place) -> Kept:
        found = self.kept.get(place)
        if found is None:
            found = self.kept[place] = KINDS[place[0]]()
        return found


def _put(kept: Kept, added: Added) -> None:
    if isinstance(kept, Count):
        kept.add()
        return
    assert added is not None  # noqa: S101 - only a Count adds nothing
    if isinstance(kept, Share):
        hits, n = added  # type: ignore[misc]
        kept.add_many(hits, n)
    elif isinstance(kept, Spread):
        second, is_open = added  # type: ignore[misc]
        histogram = kept.open if is_open else kept.closed
        histogram[second] = histogram.get(second, 0) + 1
    else:
        amount, currency, n = added  # type: ignore[misc]
        kept.add(amount, currency, n)


def _pour(more: Kept, into: Kept) -> None:
    if isinstance(more, Count) and isinstance(into, Count):
        into.add(more.n)
    elif isinstance(more, Share) and isinstance(into, Share):
        into.add_many(more.hits, more.n)
    elif isinstance(more, Spread) and isinstance(into, Spread):
        into.add_many(more.closed, more.open)
    elif isinstance(more, Takings) and isinstance(into, Takings):
        for currency, amount in more.amounts.items():
            into.add(amount, currency, more.counts[currency])


def book_of(
    calls: Iterable[CallFact] = (),
    cases: Iterable[CaseFact] = (),
    offers: Iterable[OfferFact] = (),
    sales: Iterable[StayFact] = (),
    arrivals: Iterable[StayFact] = (),
) -> DayBook:
    """A book of these facts, entered one by one."""
    book = DayBook()
    for call in calls:
        book.add_call(call)
    for case in cases:
        book.add_case(case)
    for offer in offers:
        book.add_offer(offer)
    for sale in sales:
        book.add_sale(sale)
    for arrival in arrivals:
        book.add_arrival(arrival)
    return book


def gathered(
    facts: Iterable[One], entries: Callable[[One], Iterator[Entry]]
) -> dict[str, tuple[list[int], list[Added]]]:
    """By KPI: which of the facts, by their places, and what each adds. Whoever adds up in columns begins here."""
    found: dict[str, tuple[list[int], list[Added]]] = {}
    for place, fact in enumerate(facts):
        for slug, added in entries(fact):
            column = found.get(slug)
            if column is None:
                column = found[slug] = [], []
            column[0].append(place)
            column[1].append(added)
    return found
