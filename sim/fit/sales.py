"""Selling: how many answered sales contacts say yes, how far ahead they arrive, how long they stay.

The scenario's conversion is that of a guest who is answered at once: a wait halves it by every half life. So those who
had to wait count for less than one contact: conversion = yes / sum of 2^(-wait / half life). Where the base has no half
life for a channel that is the plain share. Lead times are gamma, rounded down to days and cut at `most_days`; so is the
likelihood, or a mean of three days would come out half a day short.
"""

from math import exp

import numpy as np

from scenarios.schema.season import Scenario
from scenarios.schema.season_selling import LeadTime
from scenarios.schema.season_words import CHANNELS
from sim.fit.fitted import Z95, Fitted, Of, missing, too_few, wilson
from sim.fit.log import F8, Log, Seen
from sim.plan import Leg

LEAST_SALES = 30
LEAST_LEADS = 30
LEAST_STAYS = 50
MOST_NIGHTS = 90
_STEP = 1e-3


def fit_sales(log: Log, base: Scenario) -> list[Fitted]:
    """Conversion by channel, lead time, nights."""
    return [*_conversions(log, base), *_leads(log, base.selling.lead_time), _nights(log)]


def _conversions(log: Log, base: Scenario) -> list[Fitted]:
    told = (
        (log.outcome == Seen.ANSWERED)
        & (log.is_sales == 1)
        & (log.is_cut == 0)
        & (log.leg != Leg.FOLLOW_UP)
        & (log.bought >= 0)
    )
    rows = []
    for place, channel in enumerate(CHANNELS):
        if not (log.channel == place).any():
            continue
        path, mine = f"selling.conversion.{channel}", told & (log.channel == place)
        n, yes = int(mine.sum()), float(log.bought[mine].sum())
        half_life = base.selling.slow_reply_half_life_s.get(channel, float("inf"))
        weight = float(np.exp2(-np.maximum(np.nan_to_num(log.wait[mine]), 0.0) / half_life).sum())
        if n < LEAST_SALES:
            rows.append(too_few(path, n, Of.ANSWERED, LEAST_SALES) if n else missing(path, Of.ANSWERED))
            continue
        low, high = wilson(min(yes, weight), weight)
        rows.append(Fitted(path, n, Of.ANSWERED, value=min(yes / max(weight, 1e-9), 1.0), low=low, high=high))
    return rows


def _leads(log: Log, base: LeadTime) -> list[Fitted]:
    names = ("selling.lead_time.shape", "selling.lead_time.scale_days")
    days = log.lead_days[(log.lead_days >= 0) & (log.lead_days <= base.most_days) & (log.bought != 0)]
    n = len(days)
    if n < LEAST_LEADS:
        return [too_few(name, n, Of.BOOKINGS, LEAST_LEADS) if n else missing(name, Of.BOOKINGS) for name in names]
    values, counts = np.unique(days, return_counts=True)
    found, errors = gamma_of(values.astype(np.float64), counts.astype(np.float64), base.most_days)
    rows = []
    for name, value, error in zip(names, found, errors.tolist(), strict=True):
        spread = exp(Z95 * error)
        rows.append(Fitted(name, n, Of.BOOKINGS, value=value, low=value / spread, high=value * spread))
    return rows


def gamma_of(days: F8, counts: F8, most: int) -> tuple[tuple[float, float], F8]:
    """Shape and scale of a gamma whose whole days up to `most` are most likely these, and the standard errors of their
    logarithms."""
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second, read when a log is fitted
    from scipy.special import gammainc  # noqa: PLC0415

    def cost(logs: F8) -> float:
        shape, scale = np.exp(np.clip(logs, -20, 20))
        part = gammainc(shape, (days + 1) / scale) - gammainc(shape, days / scale)
        whole = gammainc(shape, (most + 1) / scale)
        return float(-(counts * (np.log(np.maximum(part, 1e-300)) - np.log(max(whole, 1e-300)))).sum())

    mean = float((counts * (days + 0.5)).sum() / counts.sum())
    spread = float((counts * (days + 0.5 - mean) ** 2).sum() / counts.sum()) or mean
    start = np.log([max(mean**2 / spread, 0.05), max(spread / mean, 0.05)])
    best = minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000}).x
    curve = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            steps = [(a, b) for a in (1, -1) for b in (1, -1)]
            moved = [a * b * cost(best + _STEP * (a * np.eye(2)[i] + b * np.eye(2)[j])) for a, b in steps]
            curve[i, j] = sum(moved) / (4 * _STEP**2)
    errors: F8 = np.sqrt(np.maximum(np.diag(np.linalg.pinv(curve)), 0.0))
    shape, scale = np.exp(best)
    return (float(shape), float(scale)), errors


def _nights(log: Log) -> Fitted:
    """Lengths of stay with weights of 100."""
    path = "selling.nights"
    nights = log.nights[(log.nights > 0) & (log.nights <= MOST_NIGHTS) & (log.bought != 0)]
    n = len(nights)
    if n < LEAST_STAYS:
        return too_few(path, n, Of.BOOKINGS, LEAST_STAYS) if n else missing(path, Of.BOOKINGS)
    values, counts = np.unique(nights, return_counts=True)
    ends = [wilson(float(count), n) for count in counts]
    pairs = tuple((int(value), 100 * float(count) / n) for value, count in zip(values, counts, strict=True))
    low, high = tuple(100 * one for one, _ in ends), tuple(100 * one for _, one in ends)
    return Fitted(path, n, Of.BOOKINGS, value=pairs, low=low, high=high)
