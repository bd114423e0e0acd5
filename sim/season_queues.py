"""Queues and groups of a season: which contacts wait together, who may take them, and when the house is open.

A queue is a channel and a language; after them come the outbound **follow-up** queues, one a language, which the
telephone desks work off when nothing else waits. A desk takes its own channels in its people's languages, best language
first (level 0, 1, ...), and those it helps out with one level further down. Where nobody at all speaks a language on a
channel, its contacts join the queue of the first language of `FALLBACKS` somebody does speak there.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from domain.contact import Channel
from domain.hours import OpenSpans, epoch_seconds, open_spans
from scenarios.calendars import Calendar
from scenarios.scenario_loader import LoadedScenario
from scenarios.schema.season import Scenario
from scenarios.schema.season_words import LANGUAGES, SeasonChannel
from scenarios.schema.types import Language
from scenarios.service import opening_hours
from sim.plan import GroupPlan, QueuePlan, WhenClosed, Work
from sim.team import Group

FOLLOW_UP = "follow_up"
FALLBACKS: tuple[Language, ...] = ("en", "tr", "de", "ru")
_WORK = {"call": Work.CALL, "chat": Work.CHAT, "backlog": Work.BACKLOG}
_CLOSED = {Work.CALL: WhenClosed.CALL_BACK, Work.CHAT: WhenClosed.WAIT, Work.BACKLOG: WhenClosed.WAIT}
_AFTER = timedelta(days=14)


def queue_plans(loaded: LoadedScenario, channels: Sequence[SeasonChannel]) -> tuple[QueuePlan, ...]:
    """One queue for each channel and language (channel by channel), then one follow-up queue a language."""
    scenario, spans = loaded.scenario, season_spans(loaded)
    plans = [
        _queue(scenario, place, channel, column, spans.get(channel))
        for place, channel in enumerate(channels)
        for column in range(len(LANGUAGES))
    ]
    last = 1 + max((plan.priority for plan in plans), default=0)
    return (*plans, *(_follow_up(len(channels), column, last, spans.get("phone")) for column in range(len(LANGUAGES))))


def _queue(scenario: Scenario, place: int, channel: SeasonChannel, column: int, spans: OpenSpans | None) -> QueuePlan:
    rules, work = scenario.rules, _WORK[scenario.work[channel].kind]
    given = rules.when_closed.get(channel)
    return QueuePlan(
        name=f"{channel}.{LANGUAGES[column]}",
        channel=place,
        language=column,
        work=work,
        priority=rules.priority.get(channel, 0),
        balk=scenario.patience[channel].balk,
        spans=spans,
        when_closed=WhenClosed(given) if given else _CLOSED[work],
        call_back_after_s=rules.call_back_after_s if work is Work.CALL else None,
    )


def _follow_up(place: int, column: int, priority: int, spans: OpenSpans | None) -> QueuePlan:
    name = f"{FOLLOW_UP}.{LANGUAGES[column]}"
    return QueuePlan(name, place, column, Work.BACKLOG, priority=priority, spans=spans)


def season_spans(loaded: LoadedScenario) -> dict[str, OpenSpans]:
    """Open spans by channel in seconds from the season's start; channels that never close are left out.

    The scenario's own hours, else those of the first hotel's file. Days have 24 hours, as in the whole engine.
    """
    hotel, season = loaded.hotels[0].hotel, loaded.scenario.season
    hours = loaded.scenario.hours or hotel.hours
    midnight = datetime.combine(season.first, time(), tzinfo=ZoneInfo(season.time_zone))
    zone = timezone(midnight.utcoffset() or timedelta())
    kinds = Calendar(hours.country or hotel.hotel.home_market, hours.closed_on)
    start = epoch_seconds(season.first, 0, zone)
    return {
        channel.value: open_spans(given, season.first, season.last + _AFTER, zone, kinds.kind_of).shifted(-start)
        for channel, given in opening_hours(hours).items()
    }


def group_plans(
    scenario: Scenario, channels: Sequence[SeasonChannel], queues: Sequence[QueuePlan], of: Sequence[Group]
) -> tuple[GroupPlan, ...]:
    """What each group may take: by level, then in the order of its desk's channels."""
    return tuple(_group(scenario, channels, queues, one) for one in of)


def _group(
    scenario: Scenario, channels: Sequence[SeasonChannel], queues: Sequence[QueuePlan], group: Group
) -> GroupPlan:
    desk = scenario.team[group.desk]
    places = {(queue.channel, queue.language): number for number, queue in enumerate(queues)}
    wanted = [(channel, 0) for channel in desk.channels] + [(channel, 1) for channel in desk.also]
    rows = []
    for level, language in enumerate(desk.speaks[group.language]):
        column = LANGUAGES.index(language)
        for channel, further in wanted:
            if channel in channels:
                rows.append((level + further, places[channels.index(channel), column], _slots(scenario, channel)))
            if channel == Channel.PHONE.value:
                rows.append((level + further, places[len(channels), column], 1))
    rows.sort(key=lambda row: row[0])
    numbers, levels, slots = [row[1] for row in rows], [row[0] for row in rows], [row[2] for row in rows]
    chats = [channel for channel, _ in wanted if channel in channels and scenario.work[channel].kind == "chat"]
    return GroupPlan(group.name, tuple(numbers), tuple(levels), tuple(slots), _speeds(scenario, chats))


def _slots(scenario: Scenario, channel: SeasonChannel) -> int:
    return scenario.work[channel].concurrency


def _speeds(scenario: Scenario, chats: Sequence[SeasonChannel]) -> tuple[float, ...]:
    """How fast each of k chats goes on: of the group's channels, the slowest that allow so many."""
    most = max((scenario.work[channel].concurrency for channel in chats), default=1)
    return tuple(
        min((scenario.work[one].speeds[k] for one in chats if scenario.work[one].concurrency > k), default=1.0)
        for k in range(most)
    )


def queue_map(channels: Sequence[SeasonChannel], groups: Sequence[GroupPlan]) -> NDArray[np.int64]:
    """Queue by channel and language of a contact: its own, or where nobody serves it the first fallback that has
    somebody (its own again when there is none)."""
    width = len(LANGUAGES)
    served = {number for group in groups for number in group.queues}
    found = np.arange(len(channels) * width).reshape(len(channels), width)
    fallbacks = [LANGUAGES.index(language) for language in FALLBACKS]
    for place in range(len(channels)):
        there = [column for column in fallbacks if place * width + column in served]
        for column in range(width):
            if place * width + column not in served and there:
                found[place, column] = place * width + there[0]
    return cast("NDArray[np.int64]", found)
