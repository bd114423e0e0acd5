"""Three things to do next week, each with the numbers it rests on; plain rules, in a fixed order.

1. `missed_leads`: the channel whose missed leads cost most: missed x the share of its leads that are won x the basket.
2. `half_hours`: the half hours of the day in which most calls were not answered in time.
3. `lost_reason`: the reason most leads were lost for.
4. `bottleneck`: the channel whose first response or resolution is furthest from its target.
5. `handoffs`: handoffs outside their band, beyond chance.
6. `late_records`: reservations that were not in the PMS when their call ended.
7. `unsold_offers`, `open_leads`, `unsolved_cases`: what is left to finish.

The first three of them that find something are told, so a week with nothing left to do has fewer. Money is of the
currency most is sold in; it is what the leads would have been worth on average, not what was lost.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.kpi import Count, Share, Spread, Takings
from domain.kpi_book import DayBook
from domain.kpi_lines import lines, part_lines
from domain.kpi_row import Dimension, Standing
from integration.usecases.answers import Body
from integration.usecases.kpi_pilot import shortfall
from integration.usecases.kpi_views import row_body

CHANNEL, REASON = Dimension.CHANNEL.value, Dimension.LOST_REASON.value
MOST, LEAST_CALLS, LEAST_JUDGED, WORST_HALF_HOURS = 3, 5, 5, 3


@dataclass(frozen=True, slots=True)
class HalfHour:
    """A half hour of the day, all days together: 0 is midnight; calls that came and those answered in time."""

    place: int
    calls: int
    in_time: int

    @property
    def late(self) -> int:
        """Not answered in time."""
        return self.calls - self.in_time


def actions(book: DayBook, half_hours: Sequence[HalfHour]) -> list[Body]:
    """At most three, the most urgent first."""
    rules: tuple[Callable[[], Body | None], ...] = (
        lambda: _missed_leads(book),
        lambda: _half_hours(half_hours),
        lambda: _lost_reason(book),
        lambda: _bottleneck(book),
        lambda: _handoffs(book),
        lambda: _late_records(book),
        lambda: _unsold_offers(book),
        lambda: _open_leads(book),
        lambda: _unsolved_cases(book),
    )
    found = (rule() for rule in rules)
    return [one for one in found if one is not None][:MOST]


def _missed_leads(book: DayBook) -> Body | None:
    worst: tuple[tuple[Decimal, int], Body] | None = None
    for channel in book.keys("missed_lead_rate", CHANNEL):
        missed = book.get("missed_lead_rate", CHANNEL, channel)
        if not isinstance(missed, Share) or not missed.hits:
            continue
        won, of = _won(book, channel)
        basket, currency, of_channel = _basket(book, channel)
        worth = (basket * missed.hits * won / of).quantize(Decimal(1)) if basket is not None and of else Decimal(0)
        body: Body = {
            "rule": "missed_leads", "channel": channel, "missed": missed.hits, "leads": missed.n, "won": won,
            "won_of": of, "basket": None if basket is None else str(round(basket, 2)), "currency": currency,
            "basket_of_channel": of_channel, "worth": str(worth) if worth else None,
        }  # fmt: skip
        if worst is None or (worth, missed.hits) > worst[0]:
            worst = (worth, missed.hits), body
    return worst[1] if worst else None


def _won(book: DayBook, channel: str) -> tuple[int, int]:
    found = book.get("lead_to_reservation_rate", CHANNEL, channel)
    return (found.hits, found.n) if isinstance(found, Share) else (0, 0)


def _basket(book: DayBook, channel: str) -> tuple[Decimal | None, str | None, bool]:
    """What a reservation of the channel comes to, else one of the house, in the currency with most reservations."""
    for place in ((CHANNEL, channel), ("", "")):
        found = book.get("basket_total", *place)
        if isinstance(found, Takings) and found.counts:
            currency = max(sorted(found.counts), key=lambda one: found.counts[one])
            return found.average(currency), currency, bool(place[0])
    return None, None, False


def _half_hours(found: Iterable[HalfHour]) -> Body | None:
    late = [one for one in found if one.calls >= LEAST_CALLS and one.late]
    worst = sorted(late, key=lambda one: (-one.late, one.place))[:WORST_HALF_HOURS]
    if not worst:
        return None
    return {
        "rule": "half_hours",
        "half_hours": [{"from": clock(one.place), "calls": one.calls, "in_time": one.in_time} for one in worst],
        "late": sum(one.late for one in worst),
    }


def clock(place: int) -> str:
    """`09:30` for 19."""
    return f"{place // 2:02}:{place % 2 * 30:02}"


def _lost_reason(book: DayBook) -> Body | None:
    reasons = pareto(book)
    if not reasons:
        return None
    return {"rule": "lost_reason", **reasons[0], "of": sum(one["n"] for one in reasons)}


def pareto(book: DayBook) -> list[Body]:
    """Reasons leads were lost for, most frequent first, with their share and that of all so far."""
    counted = [(book.get("lost_reasons", REASON, key), key) for key in book.keys("lost_reasons", REASON)]
    ordered = sorted(
        ((kept.n, key) for kept, key in counted if isinstance(kept, Count)), key=lambda one: (-one[0], one[1])
    )
    total, so_far, rows = sum(n for n, _ in ordered), 0, list[Body]()
    for n, reason in ordered:
        so_far += n
        rows.append({"reason": reason, "n": n, "share": round(n / total, 6), "together": round(so_far / total, 6)})
    return rows


def _bottleneck(book: DayBook) -> Body | None:
    """Of durations alone; handoffs have a rule of their own."""
    found = [row for row in part_lines(book, ("frt_s", "resolution_s"), CHANNEL) if row.n + row.open_n >= LEAST_JUDGED]
    worst = max(found, key=lambda row: shortfall(row) or 0.0, default=None)
    if worst is None or (shortfall(worst) or 0.0) <= 0:
        return None
    return {"rule": "bottleneck", "channel": worst.by[CHANNEL], **_numbers(row_body(worst))}


def _numbers(row: Body) -> Body:
    names = ("kpi", "p75", "target", "target_low", "in_target", "value", "low", "high", "n", "open_n")
    return {name: row[name] for name in names}


def _handoffs(book: DayBook) -> Body | None:
    row = next(lines(book, ("handoff_rate",)))
    return {"rule": "handoffs", **_numbers(row_body(row))} if row.status is Standing.MISSED else None


def _late_records(book: DayBook) -> Body | None:
    kept = book.get("in_pms_before_call_end_rate")
    if not isinstance(kept, Share) or kept.hits == kept.n:
        return None
    return {"rule": "late_records", "late": kept.n - kept.hits, "of": kept.n}


def _unsold_offers(book: DayBook) -> Body | None:
    kept = book.get("offer_to_sale_rate")
    if not isinstance(kept, Share) or kept.hits == kept.n:
        return None
    return {"rule": "unsold_offers", "unsold": kept.n - kept.hits, "of": kept.n}


def _open_leads(book: DayBook) -> Body | None:
    kept, lost = book.get("lead_to_reservation_rate"), book.get("lost_reasons")
    if not isinstance(kept, Share) or not isinstance(lost, Count) or kept.n - kept.hits - lost.n <= 0:
        return None
    return {"rule": "open_leads", "open": kept.n - kept.hits - lost.n, "of": kept.n}


def _unsolved_cases(book: DayBook) -> Body | None:
    kept = book.get("resolution_s")
    if not isinstance(kept, Spread) or not kept.open_n:
        return None
    return {"rule": "unsolved_cases", "open": kept.open_n, "of": kept.n + kept.open_n}
