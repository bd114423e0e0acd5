"""Handle times: lognormal by channel and sales or service, with moments-long calls apart, and wrap-up.

On the telephone a part of the calls is over within moments (wrong numbers). Cutting them off at some second would cut
short real calls too, so both parts are fitted at once: an exponential and one lognormal for each kind of guest, by
expectation maximisation; each call counts towards either part by how likely it belongs there. Standard errors come from
the scores of the single calls. Whoever was handed over is left out on both sides: what he took before is not all of the
work, and what he takes after it is no call that could be a wrong number.
"""

from dataclasses import dataclass

import numpy as np

from scenarios.schema.season import Scenario
from scenarios.schema.season_words import CHANNELS
from scenarios.schema.season_work import ChannelWork
from sim.fit.fitted import Z95, Fitted, Of, missing, number, too_few
from sim.fit.log import F8, I8, Log, Seen
from sim.plan import Leg

LEAST = 30
LEAST_MIXED = 200
HALF_A_SECOND = 0.5
_MOST_ROUNDS = 500
_STILL = 1e-9
KINDS = ("sales", "service")


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two parts. `short`: share of the exponential with mean `short_s`; `mu`, `sigma`: of the lognormal by kind;
    `is_short`: by call the chance that it belongs to the exponential; `errors`: covariance of (short, short_s, mu...,
    sigma...)."""

    short: float
    short_s: float
    mu: F8
    sigma: F8
    is_short: F8
    errors: F8


def lognormals(talk: F8, kind: I8, *, kinds: int = 2) -> Mixed:
    """Lognormals without a short part."""
    logs = np.log(talk)
    count = np.bincount(kind, minlength=kinds)
    mu = np.bincount(kind, logs, kinds) / np.maximum(count, 1)
    sigma = np.sqrt(np.bincount(kind, (logs - mu[kind]) ** 2, kinds) / np.maximum(count - 1, 1)).astype(np.float64)
    errors = np.diag(np.concatenate([[0.0, 0.0], sigma**2 / np.maximum(count, 1), sigma**2 / np.maximum(2 * count, 1)]))
    return Mixed(0.0, 0.0, mu, sigma, np.zeros(len(talk)), errors)


def mixed(talk: F8, kind: I8, start: tuple[float, float]) -> Mixed:
    """Both parts, from a first guess of (share, seconds) of the short one. `talk` above 0."""
    logs = np.log(talk)
    short, short_s = start
    calm = talk > 5 * short_s
    first = lognormals(talk[calm], kind[calm]) if calm.sum() > 1 else lognormals(talk, kind)
    mu: F8 = first.mu
    sigma: F8 = np.maximum(first.sigma, 0.05)
    is_short = np.zeros(len(talk))
    for _ in range(_MOST_ROUNDS):
        before = np.array([short, short_s, *mu, *sigma])
        is_short = _belongs(talk, logs, kind, short, short_s, mu, sigma)
        short = float(is_short.mean())
        short_s = float((is_short @ talk) / max(is_short.sum(), 1e-12)) or start[1]
        rest = 1 - is_short
        total = np.maximum(np.bincount(kind, rest, 2), 1e-12)
        mu = (np.bincount(kind, rest * logs, 2) / total).astype(np.float64)
        spread = np.bincount(kind, rest * (logs - mu[kind]) ** 2, 2) / total
        sigma = np.sqrt(np.maximum(spread, 1e-6)).astype(np.float64)
        if np.abs(np.array([short, short_s, *mu, *sigma]) - before).max() < _STILL:
            break
    return Mixed(short, short_s, mu, sigma, is_short, _errors(talk, logs, kind, is_short, short, short_s, mu, sigma))


def _belongs(talk: F8, logs: F8, kind: I8, short: float, short_s: float, mu: F8, sigma: F8) -> F8:
    """Chance that a call belongs to the short part."""
    z = (logs - mu[kind]) / sigma[kind]
    long = (1 - short) * np.exp(-z * z / 2) / (talk * sigma[kind] * np.sqrt(2 * np.pi))
    brief = short / short_s * np.exp(-talk / short_s)
    found: F8 = brief / np.maximum(brief + long, 1e-300)
    return found


def _errors(talk: F8, logs: F8, kind: I8, is_short: F8, short: float, short_s: float, mu: F8, sigma: F8) -> F8:
    """Inverse of the information summed up from the scores of the single calls."""
    rest, away = 1 - is_short, logs - mu[kind]
    share = max(min(short, 1 - 1e-9), 1e-9)
    columns = [is_short / share - rest / (1 - share), is_short * (talk / short_s - 1) / short_s]
    columns += [np.where(kind == one, rest * away / sigma[one] ** 2, 0.0) for one in range(2)]
    columns += [np.where(kind == one, rest * (away**2 / sigma[one] ** 2 - 1) / sigma[one], 0.0) for one in range(2)]
    scores = np.stack(columns)
    inverse: F8 = np.linalg.pinv(scores @ scores.T).astype(np.float64)
    return inverse


def fit_work(log: Log, base: Scenario) -> list[Fitted]:
    """Handle times of every channel of the log."""
    rows: list[Fitted] = []
    for place, channel in enumerate(CHANNELS):
        here = log.channel == place
        if here.any() and channel in base.work:
            rows += _channel(log, place, f"work.{channel}", base.work[channel])
    return rows


def _channel(log: Log, place: int, path: str, given: ChannelWork) -> list[Fitted]:
    has_short = given.short_share > 0
    names = [f"{path}.{kind}.{name}" for kind in KINDS for name in ("mean_s", "sigma", "wrap_s")]
    names += [f"{path}.short_share", f"{path}.short_mean_s"] if has_short else []
    timed = (log.channel == place) & (log.outcome == Seen.ANSWERED) & np.isfinite(log.talk) & (log.is_cut == 0)
    timed &= np.isin(log.leg, (Leg.FIRST, Leg.REDIAL, Leg.CALL_BACK))
    rows = timed & (log.is_sales >= 0)
    n = int(rows.sum())
    if not n:
        return [missing(name, Of.ANSWERED) for name in names]
    talk, kind = np.maximum(log.talk[rows], HALF_A_SECOND), 1 - log.is_sales[rows]
    if has_short and n < LEAST_MIXED:
        return [too_few(name, n, Of.ANSWERED, LEAST_MIXED) for name in names]
    found = mixed(talk, kind, (given.short_share, given.short_mean_s)) if has_short else lognormals(talk, kind)
    fitted = [one for k in range(2) for one in _kind(path, found, k, kind, log.wrap[rows])]
    return fitted + (_short(path, found, n) if has_short else [])


def _kind(path: str, found: Mixed, k: int, kind: I8, wrap: F8) -> list[Fitted]:
    mine = kind == k
    n = int(mine.sum())
    path = f"{path}.{KINDS[k]}"
    if n < LEAST:
        return [too_few(f"{path}.{name}", n, Of.ANSWERED, LEAST) for name in ("mean_s", "sigma", "wrap_s")]
    mu, sigma = found.mu[k], found.sigma[k]
    places = [2 + k, 4 + k]
    slope = np.array([1.0, sigma])
    log_error = float(np.sqrt(slope @ found.errors[np.ix_(places, places)] @ slope))
    mean = float(np.exp(mu + sigma**2 / 2))
    spread = np.exp(Z95 * log_error)
    return [
        Fitted(f"{path}.mean_s", n, Of.ANSWERED, value=mean, low=float(mean / spread), high=float(mean * spread)),
        number(f"{path}.sigma", float(sigma), Z95 * float(np.sqrt(found.errors[4 + k, 4 + k])), n, Of.ANSWERED, 3.0),
        _wrap(path, wrap[mine], 1 - found.is_short[mine]),
    ]


def _wrap(path: str, wrap: F8, weight: F8) -> Fitted:
    """Mean wrap-up of contacts that were not over at once."""
    known = np.isfinite(wrap)
    n = int(known.sum())
    if n < LEAST:
        return too_few(f"{path}.wrap_s", n, Of.ANSWERED, LEAST) if n else missing(f"{path}.wrap_s", Of.ANSWERED)
    wrap, weight = wrap[known], weight[known]
    mean = float(weight @ wrap / max(weight.sum(), 1e-12))
    error = float(np.sqrt((weight * (wrap - mean)) @ (weight * (wrap - mean))) / max(weight.sum(), 1e-12))
    return number(f"{path}.wrap_s", mean, Z95 * error, n, Of.ANSWERED)


def _short(path: str, found: Mixed, n: int) -> list[Fitted]:
    share_error, mean_error = np.sqrt(np.diag(found.errors)[:2])
    return [
        number(f"{path}.short_share", found.short, Z95 * float(share_error), n, Of.ANSWERED, 1.0),
        number(f"{path}.short_mean_s", found.short_s, Z95 * float(mean_error), n, Of.ANSWERED),
    ]
