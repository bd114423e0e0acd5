"""What selling rests on: chances by channel, what becomes of holds, prices by night, and the stock.

Read once from a scenario; every replication sells by the same plan against rooms of its own (`sim.selling`).
"""

from dataclasses import dataclass
from datetime import datetime, time
from math import inf

import numpy as np
from numpy.typing import NDArray

from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season_targets import Incident
from scenarios.schema.season_words import YEAR
from sim.stock import StockPlan, stock_plan

F8 = NDArray[np.float64]
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class SellingPlan:
    """What selling rests on, by channel of the season's list (the last one is the follow-up call). `half_life_s`:
    infinite where waiting costs nothing; `price_of_night`: by night, times `price_mean`; `outages_s`: when the PMS is
    down, in seconds of the season."""

    stock: StockPlan
    conversion: tuple[float, ...]
    half_life_s: tuple[float, ...]
    cancel_share: tuple[float, ...]
    no_show: float
    confirmed_at_once: float
    option: float
    option_confirmed: float
    confirm_delay_s: float
    option_life_s: float
    other_dates: float
    other_days: int
    sister_hotel: float
    follow_up_share: float
    follow_up_most: int
    follow_up_work_s: float
    price_mean: float
    price_sigma: float
    price_of_night: F8
    currency: str
    outages_s: tuple[tuple[float, float], ...] = ()


def selling_plan(loaded: LoadedScenario, channels: tuple[str, ...]) -> SellingPlan:
    """The plan of a scenario. `channels`: the season's list, the follow-up last."""
    selling = loaded.scenario.selling
    stock, price = stock_plan(loaded), selling.price
    shares = {str(channel): share for channel, share in selling.cancellation.share.items()}
    halves = {str(channel): half_life for channel, half_life in selling.slow_reply_half_life_s.items()}
    conversion = {str(channel): share for channel, share in selling.conversion.items()}
    conversion[channels[-1]] = selling.follow_up.conversion
    months = (np.datetime64(loaded.first) + np.arange(stock.nights)).astype("datetime64[M]").astype(np.int64) % YEAR
    return SellingPlan(
        stock=stock,
        conversion=tuple(conversion.get(one, 0.0) for one in channels),
        half_life_s=tuple(halves.get(one, inf) for one in channels),
        cancel_share=tuple(shares.get(one, shares.get("phone", 0.0)) for one in channels),
        no_show=selling.no_show,
        confirmed_at_once=selling.stages.confirmed_at_once,
        option=selling.stages.option,
        option_confirmed=selling.stages.option_confirmed,
        confirm_delay_s=selling.stages.confirm_delay_h * HOUR_S,
        option_life_s=loaded.hotels[0].hotel.settings.option_hours * HOUR_S,
        other_dates=selling.alternatives.other_dates,
        other_days=selling.alternatives.days,
        sister_hotel=selling.alternatives.sister_hotel,
        follow_up_share=selling.follow_up.share,
        follow_up_most=selling.follow_up.most,
        follow_up_work_s=selling.follow_up.work_s,
        price_mean=float(price.mean),
        price_sigma=price.sigma_log,
        price_of_night=np.array(price.month_index)[months],
        currency=price.currency,
        outages_s=tuple(_span(loaded, one) for one in loaded.scenario.incidents if one.kind == "pms_down"),
    )


def _span(loaded: LoadedScenario, incident: Incident) -> tuple[float, float]:
    """From when to when, in seconds of the season (local time, days of 24 hours)."""
    start = (incident.at.replace(tzinfo=None) - datetime.combine(loaded.first, time())).total_seconds()
    return start, start + incident.hours * HOUR_S
