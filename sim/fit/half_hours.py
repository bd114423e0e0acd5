"""Half hours of the day: which share of a channel's contacts comes when, by the callers' own clocks where that counts.

Where the scenario's rhythm is in the caller's own time, each contact is put back to the half hour that his clocks
showed; a contact without a language cannot be, and is left out of the profile.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from scenarios.demand_plan import DAY_S, HALF_HOUR_S, HALF_HOURS
from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS, LANGUAGES
from sim.fit.fitted import Z95, Fitted, Of, listed, missing, too_few
from sim.fit.log import F8, I8, Flags, Log

LEAST = 10 * HALF_HOURS
LEAST_DAYS = 14


def fit_half_hours(log: Log, is_first: Flags, base: Scenario) -> list[Fitted]:
    """Every profile that a channel of the log follows."""
    demand = base.demand
    rows: list[Fitted] = []
    later = _later_by(log, base)
    for name in dict.fromkeys(one.half_hours for one in demand.rhythm.values()):
        users = {CHANNELS.index(channel): one for channel, one in demand.rhythm.items() if one.half_hours == name}
        own = np.array([place in users and users[place].own_clock for place in range(len(CHANNELS))])
        mine = is_first & np.isin(log.channel, list(users))
        if not mine.any():
            continue
        moved = own[log.channel]
        known = mine & (~moved | (log.language >= 0))
        path = f"demand.half_hours.{name}"
        if not known.any():
            rows.append(missing(path))
            continue
        minutes = np.where(moved, later[log.language, log.day], 0)
        slot = ((log.at % DAY_S - minutes * 60) // HALF_HOUR_S).astype(np.int64) % HALF_HOURS
        rows.append(_profile(path, log.day[known], slot[known], log.days))
    return rows


def _profile(path: str, day: I8, slot: I8, days: int) -> Fitted:
    n = len(day)
    if n < LEAST or days < LEAST_DAYS:
        return too_few(path, n, Of.CONTACTS, LEAST) if n < LEAST else too_few(path, days, Of.DAYS, LEAST_DAYS)
    table = np.bincount(day * HALF_HOURS + slot, minlength=days * HALF_HOURS).reshape(days, HALF_HOURS)
    shares = table.sum(axis=0) / n
    away = table - shares * table.sum(axis=1, keepdims=True)
    halves = Z95 * np.sqrt((away**2).sum(axis=0)) / n
    return listed(path, shares, np.maximum(halves, 3 / n), n, Of.CONTACTS, 1.0)


def _later_by(log: Log, base: Scenario) -> I8:
    """Minutes by which our clocks are ahead of the callers', by language (last row: none) and day."""
    ours = ZoneInfo(base.season.time_zone)
    found = np.zeros((len(LANGUAGES) + 1, log.days), np.int64)
    for row, language in enumerate(LANGUAGES):
        theirs = ZoneInfo(base.demand.time_zones.get(language, base.season.time_zone))
        for day in range(log.days):
            noon = datetime.combine(log.first + timedelta(days=day), time(12), tzinfo=ours).astimezone(UTC)
            apart = (noon.astimezone(ours).utcoffset() or timedelta()) - (
                noon.astimezone(theirs).utcoffset() or timedelta()
            )
            found[row, day] = int(apart.total_seconds()) // 60
    return found


def before_noon(log: Log, is_first: Flags, channels: I8) -> F8:
    """First contacts before noon by day and channel."""
    found = np.zeros((log.days, len(CHANNELS)))
    rows = is_first & (log.at % DAY_S < DAY_S / 2)
    np.add.at(found, (log.day[rows], log.channel[rows]), 1.0)
    picked: F8 = found[:, channels]
    return picked
