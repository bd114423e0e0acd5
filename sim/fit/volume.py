"""Volume: the scenario's own product formula, fitted to the counts of a log.

Counts by day, channel, language and intent are the product of a level, shares, a month index and a weekday index, times
what is known beforehand (holidays in the callers' countries, visitors of a month by language). The most likely factors
are those under which the margins of the model are the margins of the log, so each factor in turn is scaled until they
are (iterative proportional fitting). That way a channel is not thought large because its busiest weekday came often,
nor August because it had five Mondays. A margin that the log does not tell keeps the factors of the base.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from scenarios.demand_calendar import calendar_factors
from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES, WEEK, YEAR
from sim.fit.log import F8, I8, NOTHING, Flags, Log

SALES = INTENTS.index("sales")
LEAST_PER_DAY = 20.0
KNOWN_ENOUGH = 0.5
_ROUNDS = 200
_STILL = 1e-10
_NOBODY = 1e-12


@dataclass(frozen=True, slots=True)
class Counts:
    """First contacts. `total[day, channel]`; `language[day, channel, language]`, `intent[day, channel, intent]`,
    `sales[day, channel, 0 sales / 1 other]`: of those that say it. `used`: days that count (gaps of the log do not);
    `channels`: places of the channels the log holds."""

    first: date
    months: I8
    weekdays: I8
    used: Flags
    channels: I8
    total: F8
    language: F8
    intent: F8
    sales: F8

    @property
    def days(self) -> int:
        """Days that count."""
        return int(self.used.sum())


def counts_of(log: Log, is_first: Flags) -> Counts:
    """Count the first contacts. A day without any is a gap in the log where a day has twenty on the mean."""
    day, days = log.day, log.days
    channels = np.unique(log.channel[is_first]) if log.has_channels else np.array([0])

    def table(column: I8, width: int) -> F8:
        rows = is_first & (column >= 0)
        found = np.zeros((days, len(CHANNELS), width))
        np.add.at(found, (day[rows], log.channel[rows], column[rows]), 1.0)
        return found[:, channels]

    total = table(np.zeros(len(log), np.int64), 1)[..., 0]
    of_day = total.sum(axis=1)
    busy = of_day[of_day > 0]
    used = of_day > 0 if len(busy) and busy.mean() >= LEAST_PER_DAY else np.ones(days, np.bool_)
    dates = [log.first + timedelta(days=k) for k in range(days)]
    return Counts(
        first=log.first,
        months=np.array([one.month - 1 for one in dates]),
        weekdays=np.array([one.weekday() for one in dates]),
        used=used,
        channels=channels,
        total=total,
        language=table(log.language, len(LANGUAGES)),
        intent=table(log.intent, len(INTENTS)),
        sales=table(np.where(log.is_sales == NOTHING, NOTHING, 1 - log.is_sales), 2),
    )


@dataclass(slots=True)
class VolumeFit:
    """The fitted factors. `mix[channel]` adds up to 1 over the log's channels; `intents[channel, intent]`,
    `languages[channel, language]` to 1 over the last; `month[kind, month]` (kind 0 sales, 1 other) is the base's in the
    `anchor` month; `weekday[list, weekday]` has mean 1; `lists`: names of the weekday lists, `list_of` by channel.

    `expected[day, channel, language, intent]`: mean contacts under the fit. `has_*`: whether the log tells the margin.
    """

    level: float
    mix: F8
    intents: F8
    languages: F8
    month: F8
    weekday: F8
    lists: tuple[str, ...]
    list_of: I8
    anchor: int
    has_languages: bool
    has_intents: bool
    has_sales: bool
    expected: F8 = field(repr=False)


def fit_volume(counts: Counts, base: Scenario) -> VolumeFit:
    """Fit all factors at once. The level is of a day whose month index is that of the reference month."""
    return _Raking(counts, base).run()


class _Raking:
    """The factors under way."""

    def __init__(self, counts: Counts, base: Scenario) -> None:
        demand = base.demand
        names = [CHANNELS[place] for place in counts.channels]
        self._counts, self._base = counts, base
        self._used = counts.used.astype(np.float64)
        known = [demand.rhythm[name].weekday if name in demand.rhythm else "" for name in names]
        self.lists = tuple(dict.fromkeys(known))
        self.list_of = np.array([self.lists.index(one) for one in known])
        self.mix = _shares(np.array([demand.channel_mix.get(name) or 0.01 for name in names]))
        self.intents = np.stack([_shares(_given(demand.intents.get(name, {}), INTENTS)) for name in names])
        self.languages = np.stack([_shares(_given(demand.language_mix.get(name, {}), LANGUAGES)) for name in names])
        self.weekday = np.stack([_mean_one(np.array(demand.weekday.get(one, (1.0,) * WEEK))) for one in self.lists])
        self.month = np.maximum([demand.month_index_sales, demand.month_index_service], _NOBODY)
        self.tilt = self._tilt()
        of_all, of_sales = calendar_factors(base.calendars, LANGUAGES, counts.first, len(counts.months))
        is_sales = np.arange(len(INTENTS)) == SALES
        self._calendar = of_all[..., None] * np.where(is_sales, of_sales[..., None], 1.0)
        self._kind = np.where(is_sales, 0, 1)
        self.has_languages = _enough(counts.language, counts.total)
        self.has_intents = _enough(counts.intent, counts.total)
        self.has_sales = _enough(counts.sales, counts.total)
        in_month = np.bincount(counts.months[counts.used], minlength=YEAR)
        reference = demand.reference_month - 1
        self.anchor = reference if in_month[reference] >= in_month.max() / 2 else int(in_month.argmax())
        self.level = 1.0

    def _tilt(self) -> F8:
        given = self._base.demand.language_tilt
        reference = self._base.demand.reference_month - 1
        tilt = np.ones((YEAR, len(LANGUAGES)))
        for column, language in enumerate(LANGUAGES):
            months = np.array(given.get(language, (1.0,) * YEAR))
            tilt[:, column] = months / (months[reference] or 1.0)
        return tilt

    def expected(self) -> F8:
        """Mean contacts by day, channel, language and intent."""
        foreign = np.array([language != "tr" for language in LANGUAGES])
        weights = np.where(foreign, self.languages[None] * self.tilt[:, None], 0.0)
        sums = weights.sum(axis=2, keepdims=True)
        whole = np.where(foreign, self.languages, 0.0).sum(axis=1)[None, :, None]
        spoken = np.where(foreign, np.where(sums > 0, weights / np.maximum(sums, _NOBODY) * whole, 0.0), self.languages)
        counts = self._counts
        by_day = self.mix * self.weekday[self.list_of][:, counts.weekdays].T * self._used[:, None]
        monthly = (self.month / self.month[:, [self._base.demand.reference_month - 1]])[:, counts.months][self._kind].T
        found: F8 = (
            self.level
            * by_day[:, :, None, None]
            * spoken[counts.months][..., None]
            * self.intents[None, :, None]
            * monthly[:, None, None]
            * self._calendar[:, None]
        )
        return found

    def run(self) -> VolumeFit:
        """Scale each factor in turn until none moves any more."""
        before = self._factors()
        for _ in range(_ROUNDS):
            self._round()
            after = self._factors()
            if np.abs(after - before).max() < _STILL:
                break
            before = after
        return VolumeFit(
            level=self.level,
            mix=self.mix,
            intents=self.intents,
            languages=self.languages,
            month=self.month,
            weekday=self.weekday,
            lists=self.lists,
            list_of=self.list_of,
            anchor=self.anchor,
            has_languages=self.has_languages,
            has_intents=self.has_intents,
            has_sales=self.has_sales,
            expected=self.expected(),
        )

    def _factors(self) -> F8:
        blocks = (self.mix, self.intents, self.languages, self.weekday, self.month, np.log([self.level]))
        return np.concatenate([one.ravel() for one in blocks])

    def _round(self) -> None:
        counts = self._counts
        total = counts.total * self._used[:, None]
        mean = self.expected()
        self.level *= total.sum() / max(mean.sum(), _NOBODY)
        by_channel = self.expected().sum(axis=(0, 2, 3))
        self.mix = _shares(self.mix * total.sum(axis=0) / np.maximum(by_channel, _NOBODY))
        self._months()
        self._weekdays(total)
        if self.has_intents:
            self.intents = _scaled(self.intents, counts.intent, self.expected().sum(axis=2))
        if self.has_languages:
            self.languages = _scaled(self.languages, counts.language, self.expected().sum(axis=3))

    def _months(self) -> None:
        counts, mean = self._counts, self.expected()
        kinds = np.stack([mean[..., self._kind == kind].sum(axis=(1, 2, 3)) for kind in range(2)])
        seen = _by(counts.months, counts.total.sum(axis=1) * self._used)
        if self.has_sales:
            told = np.stack([_by(counts.months, counts.sales[..., kind].sum(axis=1)) for kind in range(2)])
            ratio = (
                told / np.maximum(told.sum(axis=0), 1.0) * seen / np.maximum(_by_rows(counts.months, kinds), _NOBODY)
            )
        else:
            ratio = np.tile(seen / np.maximum(_by(counts.months, kinds.sum(axis=0)), _NOBODY), (2, 1))
        ratio[:, seen <= 0] = 1.0
        held = ratio[:, [self.anchor]]
        self.month = np.maximum(self.month * np.where(seen > 0, ratio / np.where(held > 0, held, 1.0), 1.0), _NOBODY)
        if not self.has_sales:
            return
        self._shift_kinds(held[:, 0])

    def _shift_kinds(self, held: F8) -> None:
        """What the anchor month's index may not take goes into the share of sales, where the log tells only that."""
        if self.has_intents or not (held > 0).all():
            return
        self.intents = np.stack([_shares(row * held[self._kind]) for row in self.intents])

    def _weekdays(self, total: F8) -> None:
        counts, mean = self._counts, self.expected().sum(axis=(2, 3))
        for row in range(len(self.lists)):
            mine = self.list_of == row
            seen, would = (_by(counts.weekdays, one[:, mine].sum(axis=1), WEEK) for one in (total, mean))
            ratio = np.where(would > 0, seen / np.maximum(would, _NOBODY), 1.0)
            self.weekday[row] = _mean_one(np.maximum(self.weekday[row] * ratio, _NOBODY))


def _given(table: object, names: tuple[str, ...]) -> F8:
    found: dict[str, float] = dict(table)  # type: ignore[call-overload]
    return np.maximum([found.get(name, 0.0) for name in names], 1e-6)


def _shares(weights: F8) -> F8:
    found: F8 = weights / weights.sum()
    return found


def _mean_one(weights: F8) -> F8:
    found: F8 = weights / weights.mean()
    return found


def _enough(part: F8, total: F8) -> bool:
    return bool(part.sum() >= KNOWN_ENOUGH * total.sum() and part.sum() > 0)


def _scaled(shares: F8, told: F8, mean: F8) -> F8:
    """Shares by channel, scaled to what those rows tell that tell it."""
    seen, would = told.sum(axis=0), mean.sum(axis=0)
    of, whole = seen.sum(axis=1, keepdims=True), would.sum(axis=1, keepdims=True)
    ratio = (seen / np.maximum(of, 1.0)) / np.maximum(would / np.maximum(whole, _NOBODY), _NOBODY)
    rows = np.where(of > 0, shares * ratio, shares)
    found: F8 = rows / rows.sum(axis=1, keepdims=True)
    return found


def _by(groups: I8, values: F8, width: int = YEAR) -> F8:
    found: F8 = np.bincount(groups, weights=values, minlength=width).astype(np.float64)
    return found


def _by_rows(groups: I8, values: F8) -> F8:
    return np.stack([_by(groups, row) for row in values])
