"""Who calls again: the same caller on the same channel within four hours of giving up.

Four hours hold all but one in two thousand of lognormal gaps with a median of eight minutes and sigma 1. A try that
the log itself marks as a redial counts as one even without a caller.
"""

from dataclasses import dataclass

import numpy as np

from scenarios.demand_plan import DAY_S
from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS
from sim.fit.fitted import Z95, Fitted, Of, missing, number, share, too_few
from sim.fit.log import F8, I8, NOTHING, Flags, Log, Seen
from sim.plan import Leg

WINDOW_S = 4 * 3600.0
WAITING = (Leg.FIRST, Leg.REDIAL, Leg.HANDOFF)
LEAST_GAVE_UP = 50
LEAST_REDIALS = 20


@dataclass(frozen=True, slots=True)
class Tries:
    """By row: how often its guest has given up before within the window; seconds from giving up to this try (nan: a
    first one); whether he came back after this one."""

    before: I8
    gap: F8
    comes_back: Flags

    def is_first(self, log: Log) -> Flags:
        """First contacts: what demand is counted in."""
        first: Flags = (self.before == 0) & (log.leg == Leg.FIRST)
        return first


def tries_of(log: Log) -> Tries:
    """Join the tries of each caller."""
    before, gap = np.zeros(len(log), np.int64), np.full(len(log), np.nan)
    comes_back = np.zeros(len(log), np.bool_)
    known = np.flatnonzero((log.caller != NOTHING) & np.isin(log.leg, WAITING))
    order = known[np.lexsort((log.at[known], log.channel[known], log.caller[known]))]
    gone = log.at + np.nan_to_num(log.wait)
    for last, this in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
        if log.caller[last] != log.caller[this] or log.channel[last] != log.channel[this]:
            continue
        since = float(log.at[this] - gone[last])
        if log.outcome[last] == Seen.GAVE_UP and 0 <= since <= WINDOW_S:
            before[this], gap[this], comes_back[last] = before[last] + 1, since, True
    before[(log.leg == Leg.REDIAL) & (before == 0)] = 1
    return Tries(before, gap, comes_back)


def fit_redial(log: Log, tries: Tries, base: Scenario) -> list[Fitted]:
    """Chance to come back, and the lognormal gap. Who gave up in the log's last hours is left out: it is not known."""
    names = ("redial.chance", "redial.median_gap_s", "redial.sigma")
    if not (log.caller != NOTHING).any():
        return [missing(name, Of.GAVE_UP) for name in names]
    where = [CHANNELS.index(channel) for channel in base.redial.channels]
    gave_up = (
        (log.outcome == Seen.GAVE_UP)
        & np.isin(log.channel, where)
        & np.isin(log.leg, WAITING)
        & (log.caller != NOTHING)
        & (tries.before < base.redial.most)
        & (log.at < log.days * DAY_S - WINDOW_S)
    )
    chance = share(names[0], int((tries.comes_back & gave_up).sum()), int(gave_up.sum()), Of.GAVE_UP, LEAST_GAVE_UP)
    gaps = tries.gap[np.isin(log.channel, where) & (tries.gap > 0)]
    n = len(gaps)
    if n < LEAST_REDIALS:
        return [chance, *(too_few(name, n, Of.REDIALS, LEAST_REDIALS) for name in names[1:])]
    logs = np.log(gaps)
    median, sigma = float(np.exp(logs.mean())), float(logs.std(ddof=1))
    return [
        chance,
        number(names[1], median, Z95 * median * sigma / n**0.5, n, Of.REDIALS),
        number(names[2], sigma, Z95 * sigma / (2 * n) ** 0.5, n, Of.REDIALS, 3.0),
    ]
