"""From a scenario to the plan that is drawn from: volume, and how guests of each channel and intent are.

Sales contacts are new guests: they take the channel's sales work and the shorter patience. Who hands over, who redials
and who buys is not decided here; only the numbers those decisions need are laid out as tables.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import product

import numpy as np

from domain.signals import Signal, bits_of
from scenarios.demand_plan import NOON, DayFactor, DemandPlan, GuestTables, SalesTables
from scenarios.demand_tables import F8, I8, beta_parts, gamma_days, geometric_turns, lognormal, lookup_of, thresholds
from scenarios.demand_volume import used_channels, volume
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season import Scenario
from scenarios.schema.season_demand import Signals
from scenarios.schema.season_selling import Weighted
from scenarios.schema.season_words import INTENTS, LANGUAGES, Intent, SeasonChannel
from scenarios.schema.season_work import ChannelWork, Handle, Patience

_SIGNALS = (Signal.CANCELLATION, Signal.CRISIS, Signal.LAST_MINUTE)
_SUMMER = (7, 8)
_Kinds = Sequence[tuple[SeasonChannel, Intent]]


def demand_plan(loaded: LoadedScenario) -> DemandPlan:
    """The demand of a scenario, ready to be drawn."""
    scenario, channels = loaded.scenario, used_channels(loaded.scenario.demand)
    wanted = volume(loaded)
    total = wanted.rates.sum()
    before_noon = wanted.rates[:, :NOON].sum()
    given = scenario.demand.day_factor
    return DemandPlan(
        first=loaded.first,
        channels=channels,
        languages=LANGUAGES,
        intents=INTENTS,
        hotels=tuple(one.hotel_id for one in loaded.hotels),
        rates=wanted.rates,
        intent_shares=wanted.intent_shares,
        room_hotel=np.repeat(np.arange(len(loaded.hotels)), [one.rooms for one in loaded.hotels]),
        factor=DayFactor(
            cv=given.cv if given.distribution == "gamma" else 0.0,
            correlation=given.half_day_correlation,
            morning_share=float(before_noon / total) if total else 0.5,
        ),
        guests=guest_tables(scenario, channels),
        sales=sales_tables(loaded),
    )


def guest_tables(scenario: Scenario, channels: Sequence[SeasonChannel]) -> GuestTables:
    """How contacts of each channel and intent are."""
    kinds = tuple(product(channels, INTENTS))
    handles = [scenario.work[channel].handle(intent) for channel, intent in kinds]
    masks = [0, *(bits_of([signal]) for signal in _SIGNALS)]
    redial = scenario.redial
    return GuestTables(
        work_mu=np.array([_mu(handle) for handle in handles]),
        work_sigma=np.array([handle.sigma for handle in handles]),
        short=_by(kinds, lambda channel, _: scenario.work[channel].short_share),
        short_s=_by(kinds, lambda channel, _: scenario.work[channel].short_mean_s),
        wrap_s=np.array([handle.wrap_s for handle in handles]),
        first_reply=_by(kinds, lambda channel, _: _first_reply_share(scenario.work[channel])),
        patience_s=_by(kinds, lambda channel, intent: _mean_patience_s(scenario.patience[channel], intent)),
        fixed_patience_s=_by(kinds, lambda channel, intent: _fixed_patience_s(scenario.patience[channel], intent)),
        silent=_by(kinds, lambda channel, _: scenario.patience[channel].silent_share),
        unsolved=_by(kinds, lambda channel, intent: scenario.work[channel].unsolved_after_two_turns.get(intent, 0.0)),
        signal_limits=thresholds([_signal_weights(scenario, channel, intent) for channel, intent in kinds]),
        signal_bits=np.array(masks, dtype=np.int64),
        turns=np.concatenate([geometric_turns(scenario.work[channel].turns_mean) for channel in channels]),
        redial_gap_s=lognormal(redial.median_gap_s, redial.sigma),
        tries=redial.most,
    )


def _by(kinds: _Kinds, value: Callable[[SeasonChannel, Intent], float]) -> F8:
    return np.array([value(channel, intent) for channel, intent in kinds], dtype=np.float64)


def _mu(handle: Handle) -> float:
    """Of a lognormal with the handle's mean."""
    return float(np.log(handle.mean_s)) - handle.sigma**2 / 2


def _patience_s(patience: Patience, intent: Intent) -> float:
    return patience.new_s if intent == "sales" else patience.existing_s


def _mean_patience_s(patience: Patience, intent: Intent) -> float:
    return _patience_s(patience, intent) if patience.distribution == "exponential" else 0.0


def _fixed_patience_s(patience: Patience, intent: Intent) -> float:
    if patience.distribution == "never":
        return float("inf")
    return _patience_s(patience, intent) if patience.distribution == "fixed" else 0.0


def _signal_weights(scenario: Scenario, channel: SeasonChannel, intent: Intent) -> list[float]:
    """Weights of no signal and of each; more than one whole leaves no contact without."""
    shown = scenario.demand.signals.get(channel, {}).get(intent, Signals())
    chances = [shown.cancellation, shown.crisis, shown.last_minute]
    return [max(0.0, 1 - sum(chances)), *chances]


def sales_tables(loaded: LoadedScenario) -> SalesTables:
    """What would be bought."""
    selling = loaded.scenario.selling
    lead, cancelled, party = selling.lead_time, selling.cancellation, selling.party
    months = [(loaded.first + timedelta(days=k)).month for k in range(loaded.days + lead.most_days + 1)]
    return SalesTables(
        lead_days=gamma_days(lead.shape, lead.scale_days, lead.most_days),
        nights=_weighted(selling.nights),
        adults=_weighted(party.adults),
        cancel_elapsed=beta_parts(cancelled.on_booking_day, cancelled.elapsed_a, cancelled.elapsed_b),
        with_children=np.where(np.isin(months, _SUMMER), party.with_children_summer, party.with_children),
        price_sigma=selling.price.sigma_log,
        follow_up_after_days=selling.follow_up.after_days,
    )


def _weighted(rows: Sequence[Weighted]) -> I8:
    return lookup_of([float(row.value) for row in rows], [row.weight for row in rows]).astype(np.int64)


def _first_reply_share(work: ChannelWork) -> float:
    """Part of the work until the first answer is out; a call is answered when it is picked up."""
    return 0.0 if work.kind == "call" else work.first_reply_share
