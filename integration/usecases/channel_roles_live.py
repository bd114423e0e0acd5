"""The rules of channels as they stand: the hotel file's, and over them what was set since.

A setting is a row with the day from which it counts; nothing is overwritten. Targets become rows of the target book
with that very instant, so a case is judged by what was promised when it began (docs/algorithms/sla-clocks.md 4.2);
hours are those that stood at each instant that is counted; role, handoff, languages and notice are those of now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from domain.contact import Channel
from domain.handoff import HandoffRule, HandoffRules, Trigger
from domain.hotel import HotelTerms
from domain.hours import OpenSpans, spliced
from domain.hours_words import AS_IN_FILE
from domain.roles import ChannelRole
from domain.sla import ServicePolicy, TargetBook, TargetRow
from integration.ports.queue_records import ChannelSetting
from integration.ports.store import ReadTx
from integration.usecases.desk import Desk

TARGETS = ("first_response_s", "next_response_s", "resolution_s")


def policy_of(desk: Desk, tx: ReadTx, hotel_id: str, since: datetime, until: datetime) -> ServicePolicy:
    """A hotel's promises for clocks from `since` to `until`."""
    policy, settings = desk.serving.policy(hotel_id, since, until), tx.channel_settings(hotel_id)
    if not settings:
        return policy
    hours = _hours(desk, hotel_id, policy, settings, (since, until))
    return replace(policy, book=_book(policy.book, tuple(map(_row, settings))), hours={**policy.hours, **hours})


def _hours(
    desk: Desk,
    hotel_id: str,
    policy: ServicePolicy,
    settings: Iterable[ChannelSetting],
    span: tuple[datetime, datetime],
) -> Mapping[str, OpenSpans]:
    """The hours of channels that have been set, each from its instant on; before it the hotel file's."""
    parts: dict[str, list[tuple[float, OpenSpans]]] = {}
    for one in _oldest_first(settings):
        lines = lines_of(one.document.get("hours"))
        if lines:
            own = policy.spans(one.channel.value)
            spans = own if lines == (AS_IN_FILE,) else desk.serving.spans(hotel_id, lines, *span)
            known = parts.setdefault(one.channel.value, [(float("-inf"), own)])
            known.append((one.effective_from.timestamp(), spans))
    return {channel: _spliced(tuple(found)) for channel, found in parts.items()}


def lines_of(value: object) -> tuple[str, ...]:
    """A list of a setting's document."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def hotel_on(desk: Desk, tx: ReadTx, hotel_id: str, channel: Channel) -> HotelTerms:
    """The hotel as it speaks on a channel: languages and notice are those of the channel where they have been set."""
    hotel, found = desk.hotel(hotel_id), settings_now(tx, hotel_id, desk.clock.now()).get(channel, {})
    return replace(
        hotel,
        languages=lines_of(found.get("languages")) or hotel.languages,
        notice_url=str(found.get("notice_url", hotel.notice_url)),
        notice_version=str(found.get("notice_version", hotel.notice_version)),
    )


def book_of(desk: Desk, tx: ReadTx, hotel_id: str, now: datetime) -> TargetBook:
    """A hotel's targets of all times."""
    return policy_of(desk, tx, hotel_id, now, now).book


def handoffs_of(desk: Desk, tx: ReadTx, hotel_id: str, now: datetime) -> HandoffRules:
    """When guests of a hotel are handed over, as of now."""
    rules = desk.serving.rules(hotel_id).handoffs
    turns = [
        (channel, found["turns"]) for channel, found in settings_now(tx, hotel_id, now).items() if "turns" in found
    ]
    return _handoffs(rules, tuple((channel, int(str(count))) for channel, count in turns)) if turns else rules


def roles_of(desk: Desk, tx: ReadTx, hotel_id: str, now: datetime) -> Mapping[Channel, ChannelRole]:
    """What the channels of a hotel are for, as of now."""
    found = settings_now(tx, hotel_id, now)
    set_now = {channel: ChannelRole(str(one["role"])) for channel, one in found.items() if "role" in one}
    return {**desk.serving.rules(hotel_id).roles, **set_now}


def settings_now(tx: ReadTx, hotel_id: str, now: datetime) -> Mapping[Channel, Mapping[str, object]]:
    """What counts now of what was set, by channel; a setting is whole, so the newest one does."""
    return {
        one.channel: one.document for one in _oldest_first(tx.channel_settings(hotel_id)) if one.effective_from <= now
    }


def _oldest_first(settings: Iterable[ChannelSetting]) -> list[ChannelSetting]:
    return sorted(settings, key=lambda one: (one.channel, one.effective_from, one.version))


def _row(setting: ChannelSetting) -> TargetRow:
    first, following, solved = (_seconds(setting.document.get(name)) for name in TARGETS)
    return TargetRow(setting.channel.value, None, first, following, solved, setting.effective_from.timestamp())


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))


@lru_cache(maxsize=64)
def _spliced(parts: tuple[tuple[float, OpenSpans], ...]) -> OpenSpans:
    return spliced(parts)


@lru_cache(maxsize=256)
def _book(book: TargetBook, rows: tuple[TargetRow, ...]) -> TargetBook:
    return TargetBook((*book.rows, *rows))


@lru_cache(maxsize=256)
def _handoffs(rules: HandoffRules, turns: tuple[tuple[Channel, int], ...]) -> HandoffRules:
    """Each of these channels gets a rule of its own for unsolved turns; none at 0 turns."""
    own = dict(turns)
    found: list[HandoffRule] = []
    for rule in rules.rules:
        if rule.trigger is not Trigger.UNSOLVED_TURNS:
            found.append(rule)
            continue
        others = tuple(one for one in rule.sources if one not in own)
        found += [replace(rule, sources=others)] if others else []
    usual = next((one.targets for one in rules.rules if one.trigger is Trigger.UNSOLVED_TURNS), (Channel.PHONE,))
    for channel, count in own.items():
        targets = rules.targets(Trigger.UNSOLVED_TURNS, channel) or tuple(one for one in usual if one is not channel)
        if count and targets:
            found.append(HandoffRule(Trigger.UNSOLVED_TURNS, (channel,), targets, min_turns=count))
    return HandoffRules(tuple(found), rules.callback_within_s)
