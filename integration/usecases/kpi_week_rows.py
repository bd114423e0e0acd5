"""What moved between two weeks: each KPI of both, the change, and whether it is more than chance."""

from collections.abc import Iterator, Mapping, Sequence

from domain.kpi import Accumulator, Takings
from domain.kpi_book import WHOLE, DayBook
from domain.kpi_lines import lines
from domain.kpi_list import KPIS, Better
from domain.kpi_money import average, takings
from domain.kpi_moves import P75, Estimate, Move, estimate, move, total
from domain.kpi_row import Dimension, KpiRow
from integration.usecases.answers import Body
from integration.usecases.kpi_views import row_body

SHOWN = (
    "contact_volume", "call_volume_in", "service_level", "asa_s", "abandonment_rate", "frt_s", "resolution_s",
    "handoff_rate", "missed_lead_rate", "lead_to_reservation_rate", "call_to_reservation_rate", "offers",
    "offer_to_sale_rate", "basket_total", "revenue", "cancellation_rate", "no_show_rate", "in_pms_before_call_end_rate",
)  # fmt: skip
AT_P75 = frozenset({"frt_s", "resolution_s"})


def week_rows(
    now: DayBook, before: DayBook, baseline: DayBook | None, days: Sequence[Sequence[str]] = ((), (), ())
) -> list[Body]:
    """A row for each KPI (money: each currency) that one of the weeks has. `days`: of each week that is over, by which
    its money is judged; its book has them as parts."""
    return [body for slug in SHOWN for body in _rows(slug, now, before, baseline, days)]


def _rows(
    slug: str, now: DayBook, before: DayBook, baseline: DayBook | None, days: Sequence[Sequence[str]]
) -> Iterator[Body]:
    books = [book for book in (now, before, baseline) if book is not None]
    for currency in _currencies(slug, books):
        figures = [_figure(slug, book, currency, names) for book, names in zip(books, days, strict=False)]
        if not any(one.n or one.open_n for one in figures):
            continue
        row = _line(slug, now, currency)
        yield {
            "kpi": slug,
            "unit": KPIS[slug].unit.value,
            "stat": "p75" if slug in AT_P75 else "value",
            "currency": currency or None,
            "now": figure_body(figures[0]),
            "last": _against(slug, figures[0], figures[1]),
            "baseline": _against(slug, figures[0], figures[2]) if baseline is not None else None,
            "target": row.get("target"),
            "target_low": row.get("target_low"),
            "in_target": row.get("in_target"),
            "status": row.get("status", "no_data"),
        }


def _currencies(slug: str, books: list[DayBook]) -> list[str]:
    kept = [book.get(slug) for book in books]
    if not isinstance(kept[0], Takings):
        return [""]
    return sorted({currency for one in kept if isinstance(one, Takings) for currency in one.amounts})


def _figure(slug: str, book: DayBook, currency: str, days: Sequence[str]) -> Estimate:
    """A week of which nothing is known has no figure, not even zero."""
    if not book.kept:
        return Estimate(None)
    kept = book.get(slug)
    if isinstance(kept, Takings) and days:
        of_days = (book.get(slug, Dimension.DAY.value, day) for day in days)
        sums = [
            (float(one.total(currency)), one.counts.get(currency, 0)) for one in of_days if isinstance(one, Takings)
        ]
        return takings(sums) if slug == "revenue" else average(sums)
    return figure_of(slug, kept, currency)


def figure_of(slug: str, kept: Accumulator, currency: str = "") -> Estimate:
    """The figure a KPI is compared by: seconds of first response and resolution at their 75th percentile."""
    if slug == "revenue" and isinstance(kept, Takings):
        return total(kept, currency)
    return estimate(kept, percent=P75 if slug in AT_P75 else None, currency=currency)


def _line(slug: str, book: DayBook, currency: str) -> Mapping[str, object]:
    found: list[KpiRow] = [row for row in lines(book, (slug,), (WHOLE, WHOLE)) if (row.currency or "") == currency]
    return row_body(found[0]) if found else {}


def figure_body(one: Estimate) -> Body:
    """A figure as JSON."""
    return {
        "value": rounded(one.value), "low": rounded(one.low), "high": rounded(one.high), "n": one.n,
        "open_n": one.open_n,
    }  # fmt: skip


def _against(slug: str, now: Estimate, before: Estimate) -> Body:
    found = move(now, before)
    return {
        **figure_body(before),
        "change": rounded(found.change),
        "change_low": rounded(found.low),
        "change_high": rounded(found.high),
        "real": found.is_real,
        "better": is_better(slug, found),
    }


def is_better(slug: str, found: Move) -> bool | None:
    """Whether a real move is a good one; None where it is not real, or neither way is good."""
    better = KPIS[slug].better
    if not found.is_real or found.change is None or better is Better.NEITHER:
        return None
    return (found.change > 0) is (better is Better.MORE)


def rounded(value: float | None) -> float | None:
    """To six places."""
    return None if value is None else round(value, 6)
