"""The day book: what the facts of a day come to, KPI by KPI and part by part. It is the definition of every KPI.

A fact is entered under the whole and under each part it belongs to (channel, source, language, agent, segment, each of
its tags), so a part is never worked out from anything but its facts. Books of several days and hotels add up to the
book of a period, whatever the order. Parts of one dimension sum to the whole, where every fact has that property; tags
overlap. Where formulas look across days: a call, case or offer belongs to the day on which it began, a sale to the day
of its confirmation, a cancellation or no-show to the day of the arrival.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.kpi import Accumulator, Count, Share, Spread, Takings
from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_row import Dimension

WHOLE = ""
TARGET_OF = ".target"
IN_TARGET = ".in_target"
WALL = ".wall"
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
NOT_A_SALE = frozenset({"rolled_back", "expired"})


def parts_of(by: By) -> Iterator[Part]:
    """The whole, and (dimension, key) of every part; empty where it is not known."""
    yield WHOLE, WHOLE
    for dimension in _ONE_KEY:
        yield dimension.value, getattr(by, dimension.value)
    for tag in by.tags:
        yield Dimension.TAG.value, tag


_ONE_KEY = (
    Dimension.CHANNEL,
    Dimension.SOURCE,
    Dimension.LANGUAGE,
    Dimension.AGENT,
    Dimension.HOTEL,
    Dimension.SEGMENT,
)


@dataclass(slots=True)
class DayBook:
    """Accumulators by (slug, dimension, key); `("asa_s", "channel", "phone")`. The whole has empty dimension and key.

    Beside each duration stand `.wall`, the same by the clock on the wall; `.target`, which targets were promised; and
    `.in_target`, how many of those that can be judged were inside their own one.
    """

    kept: dict[Place, Kept] = field(default_factory=dict)

    def add_call(self, call: CallFact) -> None:
        """A call, on its day."""
        for part in parts_of(call.by):
            if not call.is_inbound:
                self._count("call_volume_out", part)
            else:
                self._inbound(call, part)
            if call.reservations:
                self._share("in_pms_before_call_end_rate", part, call.in_pms, call.reservations)

    def _inbound(self, call: CallFact, part: Part) -> None:
        self._count("call_volume_in", part)
        self._share("abandonment_rate", part, call.is_abandoned)
        if call.is_answered and call.wait_s is not None:
            self._spread("asa_s", part).add(call.wait_s)
        if call.wait_s is not None or not call.is_answered:
            is_in_time = call.is_answered and call.wait_s is not None and call.wait_s <= call.answer_target_s
            self._share("service_level", part, is_in_time)
            self._spread(f"asa_s{TARGET_OF}", part).add(call.answer_target_s)
        if call.is_answered and call.is_sales:
            self._share("call_to_reservation_rate", part, call.is_sold)

    def add_case(self, case: CaseFact) -> None:
        """A run of a case, on its day."""
        clocks = (
            ("frt_s", case.frt_s, case.frt_wall_s, case.frt_target_s, case.is_frt_open),
            (
                "resolution_s",
                case.resolution_s,
                case.resolution_wall_s,
                case.resolution_target_s,
                case.is_resolution_open,
            ),
        )
        for part in parts_of(case.by):
            self._count("contact_volume", part)
            if case.is_message:
                self._share("handoff_rate", part, case.is_handed_over)
            for slug, seconds, wall_s, target_s, is_open in clocks:
                if seconds is not None:
                    self._clock(slug, part, (seconds, wall_s, target_s), is_open=is_open)
            if case.lead_status is not None and case.is_first_run:
                self._share("lead_to_reservation_rate", part, case.lead_status == "won")
                self._share("missed_lead_rate", part, case.is_missed)
        if case.lost_reason and case.is_first_run:
            for part in (*parts_of(case.by), (Dimension.LOST_REASON.value, case.lost_reason)):
                self._count("lost_reasons", part)

    def _clock(self, slug: str, part: Part, times: tuple[float, float | None, float], *, is_open: bool) -> None:
        seconds, wall_s, target_s = times
        self._spread(slug, part).add(seconds, is_open=is_open)
        if wall_s is not None:
            self._spread(f"{slug}{WALL}", part).add(wall_s, is_open=is_open)
        self._spread(f"{slug}{TARGET_OF}", part).add(target_s)
        if not is_open or seconds >= target_s:
            self._share(f"{slug}{IN_TARGET}", part, not is_open and seconds < target_s)

    def add_offer(self, offer: OfferFact) -> None:
        """An offer, on its day."""
        for part in parts_of(offer.by):
            self._count("offers", part)
            self._share("offer_to_sale_rate", part, offer.is_sold)

    def add_sale(self, stay: StayFact) -> None:
        """A reservation, on the day of its confirmation. What was rolled back was no sale."""
        if stay.state in NOT_A_SALE:
            return
        for part in parts_of(stay.by):
            self._takings("revenue", part).add(stay.total, stay.currency)
            self._takings("basket_total", part).add(stay.total, stay.currency)
            if stay.room_nights:
                self._takings("basket_adr", part).add(stay.room_revenue, stay.currency, stay.room_nights)

    def add_arrival(self, stay: StayFact) -> None:
        """A reservation that was confirmed once, on the day of its arrival."""
        if stay.state in NOT_A_SALE or stay.day is None:
            return
        for part in parts_of(stay.by):
            self._share("cancellation_rate", part, stay.is_cancelled)
            if not stay.is_cancelled:
                self._share("no_show_rate", part, stay.is_no_show)

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

    def _count(self, slug: str, part: Part) -> None:
        found = self._at((slug, *part))
        if isinstance(found, Count):
            found.add()

    def _share(self, slug: str, part: Part, hits: int, n: int = 1) -> None:
        found = self._at((slug, *part))
        if isinstance(found, Share):
            found.add_many(int(hits), n)

    def _spread(self, slug: str, part: Part) -> Spread:
        found = self._at((slug, *part))
        assert isinstance(found, Spread)  # noqa: S101 - by KINDS
        return found

    def _takings(self, slug: str, part: Part) -> Takings:
        found = self._at((slug, *part))
        assert isinstance(found, Takings)  # noqa: S101 - by KINDS
        return found


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
    """A book of these facts."""
    book = DayBook()
    for call in calls:
        book.add_call(call)
    for case in cases:
        book.add_case(case)
    for offer in offers:
        book.add_offer(offer)
    for stay in sales:
        book.add_sale(stay)
    for stay in arrivals:
        book.add_arrival(stay)
    return book
