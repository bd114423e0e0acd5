"""How many contacts a scenario means: by day, half hour, channel, language and intent.

The formula is the one `scenarios.schema.season_demand` states; here it is arrays. A language's own clock follows its
time zone's rules, so that German callers come an hour later by Turkish clocks in summer and two hours later in winter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.demand_calendar import calendar_factors
from scenarios.demand_plan import HALF_HOUR_S, HALF_HOURS
from scenarios.demand_tables import F8, I8
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season_demand import Demand
from scenarios.schema.season_targets import Incident
from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES, SeasonChannel
from scenarios.schema.types import Language

_HALF_HOUR_MINUTES = 30
_SALES = INTENTS.index("sales")


@dataclass(frozen=True, slots=True)
class Volume:
    """`rates[day, half hour, channel, language]`, `intent_shares[day, channel, language, intent]`."""

    rates: F8
    intent_shares: F8


def used_channels(demand: Demand) -> tuple[SeasonChannel, ...]:
    """The channels that have a share, in the usual order."""
    return tuple(channel for channel in CHANNELS if demand.channel_mix.get(channel))


def volume(loaded: LoadedScenario) -> Volume:
    """All of it."""
    channels = used_channels(loaded.scenario.demand)
    dates = [loaded.first + timedelta(days=k) for k in range(loaded.days)]
    months = np.array([day.month - 1 for day in dates])
    weekdays = np.array([day.weekday() for day in dates])
    by_day = _by_day(loaded, channels, months, weekdays)
    totals = by_day.sum(axis=3)
    spread = np.stack([_spread(loaded, channel) for channel in channels], axis=2)
    rates = totals[:, None] * spread
    for incident in loaded.scenario.incidents:
        if incident.kind == "surge":
            _surge(rates, incident, loaded, channels)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(totals[..., None] > 0, by_day / totals[..., None], 1 / len(INTENTS))
    return Volume(rates, shares)


def _by_day(loaded: LoadedScenario, channels: Sequence[SeasonChannel], months: I8, weekdays: I8) -> F8:
    """Mean contacts by day, channel, language and intent."""
    demand = loaded.scenario.demand
    base = demand.contacts_per_1000_rooms_day * loaded.rooms / 1000 * demand.factor
    mix = _shares([demand.channel_mix[channel] for channel in channels])
    weekday = np.stack([_weekday(demand, channel)[weekdays] for channel in channels], axis=1)
    language = np.stack([_languages(demand, channel)[months] for channel in channels], axis=1)
    of_all, of_sales = calendar_factors(loaded.scenario.calendars, LANGUAGES, loaded.first, loaded.days)
    intents = np.stack([_shares([demand.intents[channel].get(one, 0.0) for one in INTENTS]) for channel in channels])
    by_month = _month_index(demand)[months]
    by_language = of_all[..., None] * np.where(np.arange(len(INTENTS)) == _SALES, of_sales[..., None], 1.0)
    found: F8 = (
        base
        * (mix * weekday)[:, :, None, None]
        * language[..., None]
        * (intents[None] * by_month[:, None])[:, :, None]
        * by_language[:, None]
    )
    return found


def _shares(weights: Sequence[float]) -> F8:
    given = np.asarray(weights, dtype=np.float64)
    shares: F8 = given / given.sum()
    return shares


def _weekday(demand: Demand, channel: SeasonChannel) -> F8:
    """Weekday index with mean 1."""
    given = np.asarray(demand.weekday[demand.rhythm[channel].weekday])
    index: F8 = given / given.mean()
    return index


def _month_index(demand: Demand) -> F8:
    """By month and intent, 1 in the reference month; the index as it is when that month has none."""
    service, sales = np.asarray(demand.month_index_service), np.asarray(demand.month_index_sales)
    reference = demand.reference_month - 1
    index = np.repeat((service / (service[reference] or 1.0))[:, None], len(INTENTS), axis=1)
    index[:, _SALES] = sales / (sales[reference] or 1.0)
    return index


def _languages(demand: Demand, channel: SeasonChannel) -> F8:
    """Shares by month and language: the tilt moves foreign languages against each other, Turkish keeps its share."""
    mix = _shares([demand.language_mix[channel].get(one, 0.0) for one in LANGUAGES])
    tilt = np.ones((12, len(LANGUAGES)))
    for column, language in enumerate(LANGUAGES):
        months = np.asarray(demand.language_tilt.get(language, (1.0,) * 12))
        tilt[:, column] = months / (months[demand.reference_month - 1] or 1.0)
    foreign = np.array([language != "tr" for language in LANGUAGES])
    weights = np.where(foreign, mix * tilt, 0.0)
    sums = weights.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(sums > 0, weights / sums, np.where(foreign, mix, 0.0) / max(mix[foreign].sum(), 1e-300))
    return np.where(foreign, shares * mix[foreign].sum(), mix)


def _spread(loaded: LoadedScenario, channel: SeasonChannel) -> F8:
    """Share of a day's contacts by day, half hour and language."""
    demand = loaded.scenario.demand
    rhythm = demand.rhythm[channel]
    profile = _shares(demand.half_hours[rhythm.half_hours])
    spread = np.empty((loaded.days, HALF_HOURS, len(LANGUAGES)))
    for day, (column, language) in product(range(loaded.days), enumerate(LANGUAGES)):
        minutes = _later_by(loaded, language, day) if rhythm.own_clock else 0
        spread[day, :, column] = rolled(tuple(profile), minutes)
    return spread


def _later_by(loaded: LoadedScenario, language: Language, day: int) -> int:
    """Minutes by which our clock is ahead of the caller's at noon of a day."""
    ours = ZoneInfo(loaded.scenario.season.time_zone)
    theirs = ZoneInfo(loaded.scenario.demand.time_zones.get(language, loaded.scenario.season.time_zone))
    noon = datetime.combine(loaded.first + timedelta(days=day), time(12), tzinfo=ours).astimezone(UTC)
    offset = (noon.astimezone(ours).utcoffset() or timedelta()) - (noon.astimezone(theirs).utcoffset() or timedelta())
    return int(offset.total_seconds()) // 60


@cache
def rolled(profile: tuple[float, ...], minutes: int) -> F8:
    """A daily profile moved later by so many minutes; what passes midnight comes at the other end."""
    whole, rest = divmod(minutes, _HALF_HOUR_MINUTES)
    part, given = rest / _HALF_HOUR_MINUTES, np.asarray(profile)
    return (1 - part) * np.roll(given, whole) + part * np.roll(given, whole + 1)


def _surge(rates: F8, incident: Incident, loaded: LoadedScenario, channels: Sequence[SeasonChannel]) -> None:
    """Multiply the half hours an incident lies in, by the part of each that it covers."""
    midnight = datetime.combine(loaded.first, time())
    start = (incident.at.replace(tzinfo=None) - midnight).total_seconds()
    edges = np.arange(loaded.days * HALF_HOURS) * HALF_HOUR_S
    covered = np.clip(
        np.minimum(edges + HALF_HOUR_S, start + incident.hours * 3600) - np.maximum(edges, start), 0, None
    )
    factor = 1 + (incident.factor - 1) * covered / HALF_HOUR_S
    for channel, language in product(range(len(channels)), range(len(LANGUAGES))):
        is_hit = (not incident.channels or channels[channel] in incident.channels) and (
            not incident.languages or LANGUAGES[language] in incident.languages
        )
        if is_hit:
            rates[:, :, channel, language] *= factor.reshape(loaded.days, HALF_HOURS)
