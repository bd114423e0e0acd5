"""The figures of a replication, and intervals over replications.

The unit of an interval is a whole season with its own busy and quiet days: contacts of a season depend on each other,
seasons do not. `figures` reads one replication's scores; `rows` puts replications together with Student's t. A metric
is named by the slug of the KPI it belongs to, a channel or a half hour after a dot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

import numpy as np
from scipy.stats import t as student

from domain.kpi import Figure, Spread
from domain.kpi_list import Unit
from domain.service_level import LevelFormula
from scenarios.demand_plan import HALF_HOURS
from sim.scores import DAILY, Scores
from sim.selling import FOR_PEOPLE, FOR_ROOMS, NOT_ANSWERED, SOLD, SaleResult

Figures = Mapping[str, float | None]
BAD_DAY = 10
LEAST = 2
CONFIDENCE = 0.95
_ANSWERED = tuple(one for one in SaleResult if one not in NOT_ANSWERED)


@dataclass(frozen=True, slots=True)
class Row:
    """One metric over n replications: the mean, and the 95 % interval around it (None with one replication)."""

    metric: str
    unit: Unit
    value: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def half_width(self) -> float | None:
        """Half the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def unit_of(metric: str) -> Unit:
    """What a metric is measured in."""
    slug = metric.split(".", maxsplit=1)[0]
    if slug.startswith(("revenue", "lost_revenue")) or slug in {"wage_cost", "basket_total", "basket_adr"}:
        return Unit.MONEY
    if slug.endswith("_s"):
        return Unit.SECONDS
    if slug.endswith(("_rate", "level", "_in_target")) or slug in {"occupancy", "conversion", "bad_day_level"}:
        return Unit.SHARE
    return Unit.COUNT


def figures(scores: Scores, formula: LevelFormula = LevelFormula.OF_OFFERED) -> dict[str, float | None]:
    """The figures of one replication (or the pooled ones of several), by metric."""
    found: dict[str, float | None] = {
        "contacts": float(scores.daily[0].sum()) / max(scores.n, 1),
        "service_level": _share(scores.level.share(formula).result()),
        "bad_day_level": _bad_day(scores),
        "asa_s": scores.answer.mean(),
        "abandonment_rate": _ratio(scores.week[3][:, scores.frame.call_queues].sum(), scores.level.offered),
    }
    for channel in scores.frame.channels[:-1]:
        found[f"frt_s.{channel}"] = _p75(scores.first_response.at(channel))
        found[f"frt_in_target.{channel}"] = _share(scores.in_target.at(channel).result())
        found[f"resolution_s.{channel}"] = _p75(scores.resolution.at(channel))
    found["handoff_rate"] = _share(scores.handoff.total().result())
    found["resolution_s"] = _p75(scores.resolution.total())
    found["occupancy"] = _ratio(scores.busy_s.sum(), scores.staffed_s.sum())
    found["agent_hours"] = float(scores.staffed_s.sum()) / 3600 / max(scores.n, 1)
    return found | _selling(scores) | _by_half_hour(scores)


def _by_half_hour(scores: Scores) -> dict[str, float | None]:
    """Service level of each half hour of the day, all weekdays together, where calls came."""
    calls = (
        scores.week[:, :, scores.frame.call_queues].sum(axis=2).reshape(len(scores.week), -1, HALF_HOURS).sum(axis=1)
    )
    return {
        f"service_level.{place // 2:02d}:{place % 2 * 30:02d}": _ratio(calls[2][place], calls[0][place])
        for place in range(HALF_HOURS)
    }


def _selling(scores: Scores) -> dict[str, float | None]:
    n = max(scores.n, 1)
    by_result, money = scores.results.sum(axis=0), scores.amounts.sum(axis=0)
    sold = float(by_result[list(SOLD)].sum())
    phone = scores.results[scores.frame.channels.index("phone")] if "phone" in scores.frame.channels else by_result * 0
    revenue = float(money[list(SOLD)].sum())
    return {
        "conversion": _ratio(sold, by_result[list(_ANSWERED)].sum()),
        "call_to_reservation_rate": _ratio(phone[list(SOLD)].sum(), phone[list(_ANSWERED)].sum()),
        "reservations": sold / n,
        "nights_sold": scores.nights / n,
        "revenue": revenue / n,
        "revenue_kept": scores.kept / n,
        "basket_total": _ratio(revenue, sold),
        "basket_adr": _ratio(revenue, scores.nights),
        "cancellation_rate": _ratio(scores.cancelled, sold),
        "no_show_rate": _ratio(scores.no_shows, sold - scores.cancelled),
        "lost_for_people": float(by_result[list(FOR_PEOPLE)].sum()) / n,
        "lost_for_rooms": float(by_result[list(FOR_ROOMS)].sum()) / n,
        "lost_for_pms": float(by_result[SaleResult.PMS_DOWN]) / n,
        "lost_revenue_pms": float(money[SaleResult.PMS_DOWN]) / n,
        "lost_revenue_people": float(money[list(FOR_PEOPLE)].sum()) / n,
        "lost_revenue_rooms": float(money[list(FOR_ROOMS)].sum()) / n,
    }


def _share(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _p75(spread: Spread) -> float | None:
    found = spread.percentile(75)
    return None if found is None else float(found)


def _ratio(part: float, whole: float) -> float | None:
    return float(part) / float(whole) if whole else None


def _bad_day(scores: Scores) -> float | None:
    """Service level of the day that only one day in ten is worse than."""
    offered, in_time = scores.daily[DAILY.index("offered")], scores.daily[DAILY.index("in_time")]
    levels = in_time[offered > 0] / offered[offered > 0]
    return float(np.percentile(levels, BAD_DAY)) if len(levels) else None


def rows(replications: Sequence[Figures]) -> tuple[Row, ...]:
    """One row for each metric, over the replications that have it."""
    return tuple(interval(metric, [one[metric] for one in replications]) for metric in replications[0])


def interval(metric: str, values: Sequence[float | None]) -> Row:
    """The mean of a metric and its Student-t interval, cut at what is possible: no metric is below 0, no share above
    1."""
    known = [value for value in values if value is not None]
    if not known:
        return Row(metric, unit_of(metric), None, None, None, 0)
    mean, count = fmean(known), len(known)
    half = half_width(known)
    low, high = (None, None) if half is None else (mean - half, mean + half)
    if low is not None and high is not None:
        low, high = max(low, 0.0), min(high, 1.0) if unit_of(metric) is Unit.SHARE else high
    return Row(metric, unit_of(metric), mean, low, high, count)


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float | None:
    """Half of the t interval of a mean; None for fewer than two values."""
    if len(values) < LEAST:
        return None
    quantile = float(student.ppf((1 + confidence) / 2, len(values) - 1))
    return quantile * stdev(values) / sqrt(len(values))
