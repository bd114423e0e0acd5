"""Patience: how long guests wait, when most of them are answered before they give up.

The wait of an answered contact is censored: its guest would have waited longer, nobody knows by how much. Leaving those
out and taking the mean of the waits that were given up is wrong by a factor, because the impatient are seen and the
patient are not. An exponential's likelihood counts them all: mean = time waited by all / number who gave up. Guests who
left a chat without a sign are seen only when an agent looks: they had gone some time before.

On the telephone some go at once (**balk**). Their share is what Kaplan and Meier's curve has lost at 5 s beyond what
the exponential, fitted on the waits beyond 5 s, would have lost by then. Only first tries tell it: who went at once and
calls again is the kind that goes at once.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS, SeasonChannel
from sim.fit.fitted import Z95, Fitted, Of, missing, number, share, too_few
from sim.fit.log import F8, I8, Flags, Log, Seen
from sim.plan import Leg

EARLY_S = 5.0
LEAST_GAVE_UP = 20
LEAST_WAITED = 100
CURVE_AT = (30.0, 60.0, 120.0, 300.0)
KINDS = ("new_s", "existing_s")
GONE = [Seen.GAVE_UP, Seen.SILENT]


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits of a kind of guest who had to wait: seconds, how each ended (`gave_up` with a sign, `silent`), and whether
    it was a first try."""

    wait: F8
    gave_up: Flags
    silent: Flags
    is_first: Flags


@dataclass(frozen=True, slots=True)
class Survival:
    """Kaplan and Meier: share still waiting at each instant, with Greenwood's standard error."""

    at: F8
    share: F8
    error: F8

    def read(self, at: float) -> tuple[float, float]:
        """Share and standard error at an instant."""
        place = int(np.searchsorted(self.at, at, side="right")) - 1
        return (1.0, 0.0) if place < 0 else (float(self.share[place]), float(self.error[place]))


@dataclass(frozen=True, slots=True)
class PatienceView:
    """A kind of guest for people: `mean_s` fitted with interval, `naive_s` the mean of the waits that were given up
    (what one must not take), and (seconds, share still waiting, what the exponential says)."""

    channel: SeasonChannel
    kind: str
    n: int
    gave_up: int
    mean_s: float
    low: float
    high: float
    naive_s: float
    balk: float
    curve: tuple[tuple[float, float, float], ...]


def kaplan_meier(wait: F8, gave_up: Flags) -> Survival:
    """The share still waiting; who is answered is censored there, after whoever gives up at the same instant."""
    instants, inverse = np.unique(wait, return_inverse=True)
    deaths = np.bincount(inverse, weights=gave_up, minlength=len(instants))
    left = np.bincount(inverse, minlength=len(instants))
    at_risk = len(wait) - np.concatenate([[0.0], left.cumsum()[:-1]])
    survived = np.cumprod(1 - deaths / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(at_risk > deaths, deaths / (at_risk * (at_risk - deaths)), 0.0)
    return Survival(instants, survived, survived * np.sqrt(terms.cumsum()))


def exponential_mean(waits: Waits, early_s: float = 0.0) -> tuple[float, float, float]:
    """Mean of the exponential and its 95 % interval, from waits beyond `early_s`. ValueError when nobody gave up."""
    from scipy.stats import chi2  # noqa: PLC0415 - half a second, read when a log is fitted

    beyond = (waits.wait > early_s) & ~waits.silent
    exposure, gone = float((waits.wait[beyond] - early_s).sum()), int(waits.gave_up[beyond].sum())
    silent = waits.wait[waits.silent & (waits.wait > early_s)] - early_s
    if not gone + len(silent):
        raise ValueError("nobody gave up")
    if not len(silent):
        low, high = 2 * exposure / chi2.ppf(0.975, 2 * gone), 2 * exposure / chi2.ppf(0.025, 2 * gone)
        return exposure / gone, float(low), float(high)
    rate, information = _rate_with_silent(exposure, gone, silent)
    spread = Z95 / (rate * sqrt(information))
    return 1 / rate, exp(-spread) / rate, exp(spread) / rate


def _rate_with_silent(exposure: float, gone: int, silent: F8) -> tuple[float, float]:
    """Rate at which the likelihood is greatest, and the information there: who left without a sign had gone by then."""
    from scipy.optimize import brentq  # noqa: PLC0415

    def score(rate: float) -> float:
        return gone / rate - exposure + float((silent / np.expm1(np.minimum(rate * silent, 700.0))).sum())

    mean = max((exposure + float(silent.sum())) / (gone + len(silent)), 1e-3)
    low, high = 1e-4 / mean, 1e4 / mean
    rate = high if score(high) > 0 else low if score(low) < 0 else float(brentq(score, low, high, xtol=1e-12 / mean))
    grown = np.minimum(rate * silent, 700.0)
    information = gone / rate**2 + float((silent**2 * np.exp(-grown) / np.expm1(-grown) ** 2).sum())
    return rate, information


def balk_share(waits: Waits, mean_s: float) -> tuple[float, float]:
    """Share that goes at once, and its standard error."""
    curve = kaplan_meier(waits.wait[waits.is_first], waits.gave_up[waits.is_first])
    still, error = curve.read(EARLY_S)
    grow, gone = exp(EARLY_S / mean_s), max(int(waits.gave_up.sum()), 1)
    return 1 - still * grow, sqrt((grow * error) ** 2 + (still * grow * EARLY_S / mean_s) ** 2 / gone)


def waits_of(log: Log, before: I8, channel: int, *, is_new: bool) -> Waits:
    """Everybody of a channel and kind who had to wait; `before`: how often each has given up before."""
    ended = np.isin(log.outcome, (Seen.ANSWERED, Seen.GAVE_UP, Seen.SILENT))
    at_once = (log.outcome == Seen.ANSWERED) & (log.wait <= 0)
    guests = np.isin(log.leg, (Leg.FIRST, Leg.REDIAL, Leg.HANDOFF))
    is_first = (log.leg == Leg.FIRST) & (before == 0)
    rows = (log.channel == channel) & (log.is_sales == int(is_new)) & ended & ~at_once & guests
    rows &= np.isfinite(log.wait) & (log.wait >= 0)
    outcome = log.outcome[rows]
    return Waits(log.wait[rows], outcome == Seen.GAVE_UP, outcome == Seen.SILENT, is_first[rows])


def fit_patience(log: Log, before: I8, base: Scenario) -> tuple[list[Fitted], list[PatienceView]]:
    """Patience of every channel whose guests give up by an exponential; others (fixed, never) are left alone."""
    rows: list[Fitted] = []
    views: list[PatienceView] = []
    for place, channel in enumerate(CHANNELS):
        given = base.patience.get(channel)
        if given is None or given.distribution != "exponential" or not (log.channel == place).any():
            continue
        found = [waits_of(log, before, place, is_new=is_new) for is_new in (True, False)]
        rows += _silent(channel, log, place)
        if _cannot_tell(log, place):
            silent = ((log.channel == place) & (log.outcome == Seen.SILENT)).any()
            rows += [missing(f"patience.{channel}.{kind}", Of.WAITED if silent else Of.GAVE_UP) for kind in KINDS]
            continue
        seen = [_view(channel, kind, waits) for kind, waits in zip(KINDS, found, strict=True)]
        rows += [_mean(channel, *one) for one in zip(KINDS, found, seen, strict=True)]
        views += [one for one in seen if one is not None]
        rows += _at_once(channel, found, seen) if _has_early(channel, found) else []
    return rows, views


def _cannot_tell(log: Log, place: int) -> bool:
    """No waits or intents at all, or no waits of those who left without a sign: without them the rest looks patient."""
    here = log.channel == place
    if not (log.is_sales[here] >= 0).any():
        return True
    silent = here & (log.outcome == Seen.SILENT)
    return not np.isfinite(log.wait[here]).any() or bool((silent & ~np.isfinite(log.wait)).any())


def _has_early(channel: SeasonChannel, found: list[Waits]) -> bool:
    return channel == "phone" and not any(one.silent.any() for one in found)


def _gone(waits: Waits) -> int:
    return int(waits.gave_up.sum() + waits.silent.sum())


def _mean(channel: str, kind: str, waits: Waits, view: PatienceView | None) -> Fitted:
    path = f"patience.{channel}.{kind}"
    if view is None or _gone(waits) < LEAST_GAVE_UP:
        return too_few(path, _gone(waits), Of.GAVE_UP, LEAST_GAVE_UP)
    return Fitted(path, _gone(waits), Of.GAVE_UP, value=view.mean_s, low=view.low, high=view.high)


def _view(channel: SeasonChannel, kind: str, waits: Waits) -> PatienceView | None:
    early = EARLY_S if _has_early(channel, [waits]) else 0.0
    beyond = waits.wait > early
    if not (waits.gave_up | waits.silent)[beyond].any():
        return None
    mean, low, high = exponential_mean(waits, early)
    balk = max(0.0, balk_share(waits, mean)[0]) if early else 0.0
    curve = kaplan_meier(waits.wait[~waits.silent], waits.gave_up[~waits.silent])
    shown = tuple((at, curve.read(at)[0], (1 - balk) * exp(-at / mean)) for at in CURVE_AT)
    gone = waits.gave_up | waits.silent
    naive = float(waits.wait[gone].mean())
    return PatienceView(channel, kind, len(waits.wait), _gone(waits), mean, low, high, naive, balk, shown)


def _at_once(channel: str, found: list[Waits], seen: list[PatienceView | None]) -> list[Fitted]:
    path = f"patience.{channel}.balk"
    both = [(one, view) for one, view in zip(found, seen, strict=True) if view is not None]
    n = sum(int(one.is_first.sum()) for one, _ in both)
    if n < LEAST_WAITED:
        return [too_few(path, n, Of.WAITED, LEAST_WAITED)]
    parts = [(one.is_first.sum() / n, *balk_share(one, view.mean_s)) for one, view in both]
    value = sum(weight * found for weight, found, _ in parts)
    error = sqrt(sum((weight * error) ** 2 for weight, _, error in parts))
    return [number(path, value, Z95 * error, n, Of.WAITED, 1.0)]


def _silent(channel: str, log: Log, place: int) -> list[Fitted]:
    here = log.channel == place
    silent, gone = (int((here & np.isin(log.outcome, which)).sum()) for which in ([Seen.SILENT], GONE))
    return [share(f"patience.{channel}.silent_share", silent, gone, Of.GAVE_UP, LEAST_WAITED)] if silent else []
