"""Demand: the fitted factors of `volume` as values of the scenario, each with its interval.

Contacts of one day hang together (a busy day is busy on all channels), so a day is the unit that errors are counted in:
the error of a factor is that of the sum of its days' residuals. Shares are compared within their day, which takes the
day's own factor out.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES, WEEK, YEAR
from sim.fit.busy import fit_day_factor
from sim.fit.fitted import Z95, Fitted, Of, listed, missing, number, too_few
from sim.fit.half_hours import before_noon, fit_half_hours
from sim.fit.log import F8, Flags, Log
from sim.fit.volume import SALES, Counts, VolumeFit, counts_of, fit_volume

LEAST_CONTACTS = 100
LEAST_DAYS = 28
LEAST_OF_MONTH = 14
ALL = (
    *("contacts_per_1000_rooms_day", "channel_mix", "intents", "language_mix", "month_index_sales"),
    *("month_index_service", "weekday", "half_hours", "day_factor.cv", "day_factor.half_day_correlation"),
)
MONTH_INDEX = ("demand.month_index_sales", "demand.month_index_service")


def fit_demand(log: Log, is_first: Flags, base: Scenario, rooms: int | None) -> list[Fitted]:
    """All of the scenario's demand that the log tells. `rooms`: of the hotels the log is of."""
    counts = counts_of(log, is_first)
    n = int(counts.total.sum())
    if n < LEAST_CONTACTS or counts.days < LEAST_OF_MONTH:
        return _nothing(n, counts.days)
    fit = fit_volume(counts, base)
    return [
        _level(counts, fit, base, rooms),
        *_mix(counts, fit, base),
        *_within(counts.intent, fit.intents, fit.expected.sum(axis=2), "intents", INTENTS, counts),
        *_within(counts.language, fit.languages, fit.expected.sum(axis=3), "language_mix", LANGUAGES, counts),
        *_months(counts, fit),
        *_weekdays(counts, fit),
        *fit_half_hours(log, is_first, base),
        *_day_factor(log, is_first, counts, fit),
    ]


def _nothing(n: int, days: int) -> list[Fitted]:
    of, have, least = (Of.CONTACTS, n, LEAST_CONTACTS) if n < LEAST_CONTACTS else (Of.DAYS, days, LEAST_OF_MONTH)
    return [too_few(f"demand.{name}", have, of, least) for name in ALL]


def _of_base(counts: Counts, base: Scenario) -> float:
    """Share of the base's contacts that come through the log's channels: those that are not logged keep theirs."""
    mix = base.demand.channel_mix
    return sum(mix.get(CHANNELS[place], 0.0) for place in counts.channels) / sum(mix.values()) or 1.0


def _freed(counts: Counts) -> float:
    """What errors grow by because factors were fitted to the same days."""
    taken = WEEK - 1 + len(np.unique(counts.months[counts.used]))
    return float(np.sqrt(counts.days / max(counts.days - taken, 1)))


def _level(counts: Counts, fit: VolumeFit, base: Scenario, rooms: int | None) -> Fitted:
    path = "demand.contacts_per_1000_rooms_day"
    if rooms is None:
        return missing(path, Of.ROOMS)
    days = counts.used & (counts.months == fit.anchor)
    mean = fit.expected.sum(axis=(1, 2, 3))[days]
    error = np.sqrt(((counts.total.sum(axis=1)[days] - mean) ** 2).sum()) / mean.sum() * _freed(counts)
    value = fit.level / _of_base(counts, base) * 1000 / rooms / base.demand.factor
    found = number(path, value, Z95 * float(error) * value, counts.days, Of.DAYS)
    return replace(found, rests_on="; ".join(_borrowed(counts, fit, base)))


def _borrowed(counts: Counts, fit: VolumeFit, base: Scenario) -> Iterator[str]:
    """What the level takes from the base."""
    logged = {CHANNELS[place] for place in counts.channels}
    others = [name for name, share in base.demand.channel_mix.items() if share and name not in logged]
    if others:
        yield f"the base's share of {', '.join(others)}"
    if fit.anchor != base.demand.reference_month - 1:
        yield f"the base's index of month {fit.anchor + 1}"


def _mix(counts: Counts, fit: VolumeFit, base: Scenario) -> list[Fitted]:
    whole = _of_base(counts, base)
    if len(counts.channels) == 1:
        return [missing("demand.channel_mix")]
    mean = fit.expected.sum(axis=(2, 3))
    halves = _share_halves(counts.total[counts.used], mean[counts.used])
    return [
        number(f"demand.channel_mix.{CHANNELS[place]}", share * whole, share * half * whole, int(n), Of.CONTACTS, 1.0)
        for place, share, half, n in zip(
            counts.channels, fit.mix.tolist(), halves.tolist(), counts.total.sum(axis=0), strict=True
        )
    ]


def _share_halves(seen: F8, mean: F8) -> F8:
    """Half the interval of each share, as a part of it: residuals by day against the day's own total."""
    of_day = mean.sum(axis=1, keepdims=True)
    away = seen - mean / np.maximum(of_day, 1e-12) * seen.sum(axis=1, keepdims=True)
    found: F8 = Z95 * np.sqrt((away**2).sum(axis=0)) / np.maximum(seen.sum(axis=0), 1.0)
    return found


def _within(told: F8, shares: F8, mean: F8, name: str, words: tuple[str, ...], counts: Counts) -> list[Fitted]:
    """Shares within a channel. A share of nothing seen may be up to three in the sample."""
    rows = []
    for row, place in enumerate(counts.channels):
        path, n = f"demand.{name}.{CHANNELS[place]}", int(told[:, row].sum())
        if told.sum() == 0:
            rows.append(missing(path))
            continue
        if n < LEAST_CONTACTS:
            rows.append(too_few(path, n, Of.CONTACTS, LEAST_CONTACTS))
            continue
        halves = _share_halves(told[counts.used, row], mean[counts.used, row]) * shares[row]
        rows += [
            number(f"{path}.{word}", float(shares[row, k]), max(float(halves[k]), 3 / n), n, Of.CONTACTS, 1.0)
            for k, word in enumerate(words)
        ]
    return rows


def _months(counts: Counts, fit: VolumeFit) -> list[Fitted]:
    """Months with a fortnight or more in the log; the others keep the base's index, against the anchor month's."""
    if not fit.has_sales:
        return [missing(name) for name in MONTH_INDEX]
    in_month = np.bincount(counts.months[counts.used], minlength=YEAR)
    told = in_month >= LEAST_OF_MONTH
    if told.sum() < 2:  # noqa: PLR2004 - one month has nothing to be compared with
        return [too_few(name, int(told.sum()), Of.MONTHS, 2) for name in MONTH_INDEX]
    kinds = np.stack([fit.expected[..., SALES], fit.expected.sum(axis=3) - fit.expected[..., SALES]]).sum(axis=(2, 3))
    grow = counts.total.sum() / counts.sales.sum()
    rows = []
    for kind, path in enumerate(MONTH_INDEX):
        away = np.where(counts.used, counts.sales[..., kind].sum(axis=1) * grow - kinds[kind], 0.0)
        squares = np.bincount(counts.months, weights=away**2, minlength=YEAR)
        errors = np.sqrt(squares) / np.maximum(np.bincount(counts.months, weights=kinds[kind], minlength=YEAR), 1e-12)
        both = Z95 * np.sqrt(errors**2 + errors[fit.anchor] ** 2) * _freed(counts)
        both[fit.anchor] = 0.0
        index = fit.month[kind]
        found = listed(path, index, np.where(told, both * index, 0.0), int(told.sum()), Of.MONTHS)
        kept = [str(month + 1) for month in range(YEAR) if not told[month] or month == fit.anchor]
        rows.append(replace(found, rests_on=f"the base's months {', '.join(kept)}"))
    return rows


def _weekdays(counts: Counts, fit: VolumeFit) -> list[Fitted]:
    rows = []
    mean = fit.expected.sum(axis=(2, 3))
    for row, name in enumerate(fit.lists):
        path, mine = f"demand.weekday.{name}", fit.list_of == row
        n = int(counts.total[:, mine].sum())
        if counts.days < LEAST_DAYS:
            rows.append(too_few(path, counts.days, Of.DAYS, LEAST_DAYS))
            continue
        if not name or n < LEAST_CONTACTS:
            rows.append(too_few(path, n, Of.CONTACTS, LEAST_CONTACTS))
            continue
        would = mean[:, mine].sum(axis=1)
        away = np.where(counts.used, counts.total[:, mine].sum(axis=1) - would, 0.0)
        squares = np.bincount(counts.weekdays, weights=away**2, minlength=WEEK)
        errors = np.sqrt(squares) / np.maximum(np.bincount(counts.weekdays, weights=would, minlength=WEEK), 1e-12)
        rows.append(listed(path, fit.weekday[row], Z95 * errors * _freed(counts) * fit.weekday[row], n, Of.CONTACTS))
    return rows


def _day_factor(log: Log, is_first: Flags, counts: Counts, fit: VolumeFit) -> list[Fitted]:
    morning = before_noon(log, is_first, counts.channels)
    share = morning.sum(axis=0) / np.maximum(counts.total.sum(axis=0), 1.0)
    mean = fit.expected.sum(axis=(2, 3))
    early = mean * share
    counted = np.stack([morning.sum(axis=1), (counts.total - morning).sum(axis=1)], axis=1)
    expected = np.stack([early.sum(axis=1), (mean - early).sum(axis=1)], axis=1)
    taken = WEEK - 1 + len(np.unique(counts.months[counts.used]))
    return fit_day_factor(counted[counts.used], expected[counts.used], taken)
