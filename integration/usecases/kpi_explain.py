"""The rows behind a number: the facts that a KPI counts, each with what it adds.

A fact counts for a KPI when a book of that fact alone has something there; what it has there is what the row adds. So
the rows of all pages put together are the number, by the very code that counted it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from domain.access import Actor, Permission
from domain.errors import InvalidInput
from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_book import WHOLE, DayBook, Kept
from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.kpi_row import Dimension, Period
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.kpi_books import TIMES
from integration.usecases.views import instant

Fact = CallFact | CaseFact | OfferFact | StayFact
Live = Mapping[str, Mapping[tuple[str, int], CaseFact]]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CALLS = frozenset(
    {
        "call_volume_in", "call_volume_out", "asa_s", "abandonment_rate", "service_level", "call_to_reservation_rate",
        "in_pms_before_call_end_rate",
    }
)  # fmt: skip
_OFFERS = frozenset({"offers", "offer_to_sale_rate"})
_SALES = frozenset({"basket_total", "basket_adr", "revenue"})
_ARRIVALS = frozenset({"cancellation_rate", "no_show_rate"})


@dataclass(frozen=True, slots=True)
class Explained:
    """A page of the fact rows behind a number: plain values, each with its ids and what it `adds`. `kind`: call, case,
    offer or stay; `next`: where the next page begins, None at the end."""

    kpi: str
    kind: str
    rows: list[Body]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the facts of a KPI are: its kind, the facts of a day, and how one is entered."""

    kind: str
    read: Callable[[ReadTx, str, date], Sequence[Fact]]
    enter: Callable[[DayBook, Fact], None]


def _source(slug: str) -> _Source:
    if slug in _CALLS:
        return _Source("call", lambda tx, hotel, day: tx.kpi_calls_on(hotel, day), DayBook.add_call)  # type: ignore[arg-type]
    if slug in _OFFERS:
        return _Source("offer", lambda tx, hotel, day: tx.kpi_offers_on(hotel, day), DayBook.add_offer)  # type: ignore[arg-type]
    if slug in _SALES:
        return _Source("stay", lambda tx, hotel, day: tx.kpi_sales_on(hotel, day), DayBook.add_sale)  # type: ignore[arg-type]
    if slug in _ARRIVALS:
        return _Source("stay", lambda tx, hotel, day: tx.kpi_arrivals_on(hotel, day), DayBook.add_arrival)  # type: ignore[arg-type]
    return _Source("case", lambda tx, hotel, day: tx.kpi_cases_on(hotel, day), DayBook.add_case)  # type: ignore[arg-type]


def explain_rows(
    tx: ReadTx, actor: Actor, slug: str, spans: Mapping[str, Period], live: Live, *,
    limit: int, after: str | None, part: Mapping[str, str],
) -> Explained:  # fmt: skip
    """A page; `spans`: the days that count at each hotel, `live`: the live cases of each as of now."""
    _check_part(actor, part)
    source, rows = _source(slug), list[Body]()
    begin = _place(after)
    for place, fact in _facts(tx, source, spans, begin, live):
        if place <= begin or not _is_on(date.fromisoformat(place[1]), part) or not _is_in(fact, part):
            continue
        alone = DayBook()
        source.enter(alone, fact)
        kept = alone.kept.get((slug, WHOLE, WHOLE))
        if kept is None:
            continue
        if len(rows) == limit:
            return Explained(slug, source.kind, rows, rows[-1]["place"])
        rows.append({"place": "|".join(place), "adds": added(kept), **fact_body(fact, actor)})
    return Explained(slug, source.kind, rows)


def _check_part(actor: Actor, part: Mapping[str, str]) -> None:
    """InvalidInput for what is no part; Forbidden for another agent's figures."""
    for name in part:
        if name not in _PARTS:
            raise InvalidInput("{text} is not a part of a KPI.", text=name[:40], hint=", ".join(_PARTS), field="part")
    if part.get(Dimension.AGENT.value, actor.name) != actor.name:
        actor.require(Permission.SEE_CLEAR)


_PARTS = tuple(one.value for one in Dimension)
Place = tuple[str, str, str]


def _place(after: str | None) -> Place:
    """A place as a page gave it; InvalidInput for what is none."""
    if after is None:
        return "", "", ""
    hotel, _, rest = after.partition("|")
    day, _, the_id = rest.partition("|")
    if not (hotel and the_id and _DATE.fullmatch(day)):
        raise InvalidInput("{text} is no place of a row.", text=after[:40], field="after")
    return hotel, day, the_id


def _facts(
    tx: ReadTx, source: _Source, spans: Mapping[str, Period], begin: Place, live: Live
) -> Iterator[tuple[Place, Fact]]:
    for hotel_id, period in sorted(spans.items(), key=lambda one: one[0]):
        if hotel_id < begin[0]:
            continue
        for day in tx.kpi_days(hotel_id, period.first, period.last):
            if (hotel_id, day.isoformat()) < begin[:2]:
                continue
            placed = [((hotel_id, day.isoformat(), id_of(fact)), fact) for fact in source.read(tx, hotel_id, day)]
            for place, fact in sorted(placed, key=lambda one: one[0]):
                yield place, _as_of_now(fact, live.get(hotel_id, {}))


def _as_of_now(fact: Fact, live: Mapping[tuple[str, int], CaseFact]) -> Fact:
    return live.get((fact.case_id, fact.run), fact) if isinstance(fact, CaseFact) else fact


def id_of(fact: Fact) -> str:
    """What names a fact among those of its kind."""
    if isinstance(fact, CaseFact):
        return f"{fact.case_id}.{fact.run:04}"
    if isinstance(fact, CallFact):
        return fact.call_id
    return fact.offer_id if isinstance(fact, OfferFact) else fact.reservation_id


def _is_on(day: date, part: Mapping[str, str]) -> bool:
    """Whether a fact that counts on this day is in the day or week of a part."""
    return all(TIMES[name](day) == part[name] for name in TIMES.keys() & part.keys())


def _is_in(fact: Fact, part: Mapping[str, str]) -> bool:
    for name, key in part.items():
        if name in TIMES:
            continue
        if name == Dimension.TAG:
            if key not in fact.by.tags:
                return False
        elif name == Dimension.LOST_REASON:
            if not isinstance(fact, CaseFact) or fact.lost_reason != key:
                return False
        elif getattr(fact.by, name) != key:
            return False
    return True


def added(kept: Kept) -> Body:
    """What a fact adds to a number."""
    if isinstance(kept, Count):
        return {"n": kept.n}
    if isinstance(kept, Share):
        return {"hits": kept.hits, "n": kept.n}
    if isinstance(kept, Takings):
        currency = next(iter(kept.amounts))
        return {"amount": str(kept.amounts[currency]), "currency": currency, "n": kept.counts[currency]}
    return _seconds(kept)


def _seconds(kept: Spread) -> Body:
    seconds = next(iter(kept.closed or kept.open))
    return {"seconds": seconds, "is_open": bool(kept.open), "n": 1}


def fact_body(fact: Fact, actor: Actor) -> Body:
    """A fact as plain values; another agent's name is not told to an operator."""
    found: Body = {}
    for one in fields(fact):
        value = getattr(fact, one.name)
        found |= _by_body(value, actor) if isinstance(value, By) else {one.name: _plain(value)}
    return found


def _by_body(by: By, actor: Actor) -> Body:
    is_shown = actor.may(Permission.SEE_CLEAR) or by.agent == actor.name
    return {
        "hotel_id": by.hotel, "channel": by.channel, "source": by.source, "language": by.language,
        "agent": by.agent if is_shown else "", "segment": by.segment, "tags": list(by.tags),
    }  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
