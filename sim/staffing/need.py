"""How many heads a week needs, half hour by half hour, for every set of languages together.

A person who speaks German and English is one person. If each language's own requirement is covered by whoever speaks
it, he is counted in both, and two queues that need 14 each seem to be served by 14. So the need is stated for **sets**
of languages: all who speak a language of the set must be as many as Erlang A asks for the set's calls pooled.
For single languages that is the usual requirement, for all together it is the need of the whole desk; a team that meets
all of them cannot be short in any mix (the condition of Hall's marriage theorem, with service in place of seats).

Calls are sized by Erlang A with the scenario's patience and service level. Chats are sized in slots: a person with k
open chats is k servers, each slower by the scenario's speed. Backlog (e-mail, OTA) needs hours within the day, which
need not be there at once. Handed-over guests add to the telephone. What this leaves out - overflow between desks,
call-backs at opening, redials - the simulation finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import ceil

import numpy as np
from numpy.typing import NDArray

from scenarios.demand import expected
from scenarios.demand_plan import HALF_HOUR_S, DemandPlan, GuestTables, expected_totals
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season_words import LANGUAGES, WEEK, SeasonChannel
from sim.exact.required import required_agents
from sim.season import SeasonModel
from sim.season_queues import season_spans
from sim.staffing.shifts import WEEK_SLOTS
from sim.targets import formula_of
from sim.team import SLOTS

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
Subset = tuple[str, ...]
LEAST_WITHIN_S = 5.0
BUSY = 0.85
MOST_PATIENCE_S = 86_400.0
QUICK_S = 120.0
NOBODY = 1e-9
LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class DeskNeed:
    """What one desk needs. `heads[S][t]`: people at the desk in half hour t of the week, of those who speak a language
    of S; `load[t]`: busy heads; `backlog[w]`: half hours of work that any time of weekday w will do."""

    desk: str
    heads: dict[Subset, I4]
    load: F8
    backlog: F8


@dataclass(frozen=True, slots=True)
class Work:
    """A channel's work by half hour of the week and language: contacts, mean seconds, mean patience."""

    rate: F8
    seconds: F8
    patience: F8


def busiest_monday(plan: DemandPlan) -> date:
    """The Monday of the whole week of the season with most contacts expected."""
    totals = expected_totals(plan)
    mondays = [day for day in range(plan.days - WEEK + 1) if plan.date_of(day).weekday() == 0]
    if not mondays:
        raise ValueError("the season holds no whole week from Monday to Sunday")
    return plan.date_of(max(mondays, key=lambda day: float(totals[day : day + WEEK].sum())))


def needs(model: SeasonModel, monday: date) -> tuple[DeskNeed, ...]:
    """The needs of every desk in the week that begins on this Monday."""
    loaded, plan = model.loaded, model.demand
    first = plan.day_of(monday)
    plan.day_of(monday + timedelta(days=WEEK - 1))
    works = {channel: _work(plan, first, channel) for channel in plan.channels}
    phone = works.get("phone")
    if phone is not None:
        works["phone"] = _with_handoffs(plan, works, first)
    is_open = _open_slots(loaded, first)
    return tuple(_desk_need(loaded, name, works, is_open) for name in loaded.scenario.team)


def _work(plan: DemandPlan, first: int, channel: str) -> Work:
    place = plan.channels.index(channel)
    arrivals = np.concatenate([expected(plan, first + day)[:, place] for day in range(WEEK)])
    kinds = place * len(plan.intents) + np.arange(len(plan.intents))
    seconds = handle_seconds(plan.guests)[kinds]
    patience = np.minimum(plan.guests.patience_s + plan.guests.fixed_patience_s, MOST_PATIENCE_S)[kinds]
    rate = arrivals.sum(axis=2)
    some = np.maximum(rate, 1e-12)
    return Work(rate / HALF_HOUR_S, (arrivals @ seconds) / some, (arrivals @ patience) / some)


def handle_seconds(tables: GuestTables) -> F8:
    """Mean agent seconds of each kind of contact, wrap-up included."""
    full = np.exp(tables.work_mu + tables.work_sigma**2 / 2) + tables.wrap_s
    seconds: F8 = full * (1 - tables.short) + tables.short * tables.short_s
    return seconds


def _with_handoffs(plan: DemandPlan, works: dict[str, Work], first: int) -> Work:
    """The telephone's work with the guests that message channels hand over."""
    phone, place = works["phone"], plan.channels.index("phone")
    service = handle_seconds(plan.guests)[place * len(plan.intents) :][: len(plan.intents)].mean()
    more = np.zeros_like(phone.rate)
    for number, channel in enumerate(plan.channels):
        if channel in {"whatsapp", "web_chat", "instagram", "email"}:
            kinds = number * len(plan.intents) + np.arange(len(plan.intents))
            for day in range(WEEK):
                arrivals = expected(plan, first + day)[:, number]
                more[day * SLOTS : (day + 1) * SLOTS] += arrivals @ plan.guests.unsolved[kinds] / HALF_HOUR_S
    rate = phone.rate + more
    some = np.maximum(rate, 1e-12)
    return Work(rate, (phone.rate * phone.seconds + more * service) / some, phone.patience)


def _open_slots(loaded: LoadedScenario, first: int) -> dict[str, NDArray[np.bool_]]:
    """Half hours of the week in which each channel is open."""
    begin = (first * SLOTS + np.arange(WEEK_SLOTS)) * HALF_HOUR_S
    found = {}
    for channel, spans in season_spans(loaded).items():
        is_open = np.zeros(WEEK_SLOTS, np.bool_)
        for start, end in zip(spans.starts, spans.ends, strict=True):
            is_open |= (begin + HALF_HOUR_S > start) & (begin < end)
        found[channel] = is_open
    return found


def _desk_need(
    loaded: LoadedScenario, name: str, works: dict[str, Work], is_open: dict[str, NDArray[np.bool_]]
) -> DeskNeed:
    scenario = loaded.scenario
    channels: Sequence[SeasonChannel] = [one for one in scenario.team[name].channels if one in works]
    always = np.ones(WEEK_SLOTS, np.bool_)
    kinds = {one: scenario.work[one].kind for one in channels}
    live = [one for one in channels if kinds[one] != "backlog"]
    heads: dict[Subset, I4] = {}
    for size in range(1, len(LANGUAGES) + 1):
        for subset in combinations(LANGUAGES, size):
            columns = [LANGUAGES.index(one) for one in subset]
            heads[subset] = np.array(
                [
                    _heads(loaded, {one: works[one] for one in live if is_open.get(one, always)[slot]}, slot, columns)
                    for slot in range(WEEK_SLOTS)
                ],
                dtype=np.int32,
            )
    load, backlog = np.zeros(WEEK_SLOTS), np.zeros(WEEK)
    for one in channels:
        busy = (works[one].rate * works[one].seconds).sum(axis=1)
        if kinds[one] == "backlog":
            backlog += busy.reshape(WEEK, SLOTS).sum(axis=1) / BUSY
        else:
            load += busy / scenario.work[one].concurrency
    return DeskNeed(name, heads, load, backlog)


def _heads(loaded: LoadedScenario, works: dict[SeasonChannel, Work], slot: int, columns: list[int]) -> int:
    """Heads for the pooled contacts of some languages in one half hour: of calls and of chats."""
    work_of = loaded.scenario.work
    calls = _pooled({one: work for one, work in works.items() if work_of[one].kind == "call"}, slot, columns)
    chats = _pooled({one: work for one, work in works.items() if work_of[one].kind == "chat"}, slot, columns)
    phone = loaded.scenario.targets.phone
    heads = 0
    if calls.rate:
        level = max(phone.service_level, LEAST_SHARE)
        heads += required_agents(*calls.rounded, level, phone.within_s, formula_of(loaded))
    return heads + (_chat_heads(loaded, chats) if chats.rate else 0)


def _chat_heads(loaded: LoadedScenario, chats: "_Pool") -> int:
    """People for chats: slots by Erlang A, each slower by the speed at which a full agent's chats go on."""
    scenario = loaded.scenario
    works = [scenario.work[channel] for channel in chats.channels]
    most = min(work.concurrency for work in works)
    speed = min(work.speeds[most - 1] for work in works)
    target = min(scenario.targets.first_response_s.get(channel, QUICK_S) for channel in chats.channels)
    first = max(work.first_reply_share for work in works) * chats.seconds / speed
    rate, seconds, patience = chats.rounded
    share = max(scenario.targets.first_response_share, LEAST_SHARE)
    within = max(target - first, LEAST_WITHIN_S)
    return ceil(required_agents(rate, _rounded(seconds / speed), patience, share, within) / most)


@dataclass(frozen=True, slots=True)
class _Pool:
    """Contacts of several channels and languages together: contacts a second, mean seconds of work and of patience."""

    channels: tuple[SeasonChannel, ...]
    rate: float
    seconds: float = 0.0
    patience: float = 0.0

    @property
    def rounded(self) -> tuple[float, float, float]:
        """Three digits each: neighbouring half hours then share their answers."""
        return _rounded(self.rate), _rounded(self.seconds), _rounded(self.patience)


def _pooled(works: dict[SeasonChannel, Work], slot: int, columns: list[int]) -> _Pool:
    rates = [work.rate[slot, columns] for work in works.values()]
    rate = float(sum(one.sum() for one in rates))
    if rate < NOBODY:
        return _Pool((), 0.0)
    seconds = sum(one @ work.seconds[slot, columns] for one, work in zip(rates, works.values(), strict=True))
    patience = sum(one @ work.patience[slot, columns] for one, work in zip(rates, works.values(), strict=True))
    return _Pool(tuple(works), rate, float(seconds) / rate, float(patience) / rate)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
