"""From the hotel file to the rules of serving: hours, targets, channels, words.

The season engine and the service both build their rules here, so that a simulated hotel answers by the rules of the
real one. Opening hours become seconds only for the days somebody asks for: `ServiceRules.policy`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, tzinfo
from zoneinfo import ZoneInfo

from domain.contact import Channel
from domain.handoff import DEFAULT_RULES, HandoffRule, HandoffRules, Trigger
from domain.hours import DaySpan, OpeningHours, OpenSpans, epoch_seconds, open_spans
from domain.priority import DEFAULT_POINTS, PriorityRules
from domain.roles import DEFAULT_ROLES, ChannelRole
from domain.signals import Signal, mark_called
from domain.sla import DEFAULT_TARGETS, Alarms, ServicePolicy, TargetBook, TargetRow
from domain.tagging import WordRules
from scenarios.calendars import Calendar
from scenarios.schema.hotel import Hotel
from scenarios.schema.service import EVERY_DAY, Channels, HandoffRow, Hours, HoursRule, Sla, SlaTarget, Tags
from scenarios.words import word_rules

_HALF_DAY = 13 * 60


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """How one hotel serves. `hours` holds only channels that close; any other is always open."""

    zone: tzinfo
    calendar: Calendar
    hours: dict[Channel, OpeningHours]
    book: TargetBook
    alarms: Alarms
    reopen_within_s: float
    roles: dict[Channel, ChannelRole]
    handoffs: HandoffRules
    words: WordRules
    priority: PriorityRules

    @property
    def half_day_from(self) -> int:
        """Minute of the day at which a half-day turns into a holiday."""
        return next((one.half_day_from for one in self.hours.values()), _HALF_DAY)

    def spans(self, hours: OpeningHours, first: date, last: date) -> OpenSpans:
        """Other hours laid out for these days (both included) on this hotel's clocks and calendar."""
        return open_spans(hours, first, last, self.zone, self.calendar.kind_of)

    def policy(self, first: date, last: date) -> ServicePolicy:
        """The promises with the hours of these days laid out (both included); a year takes about 5 ms a channel."""
        laid_out = {
            hours: open_spans(hours, first, last, self.zone, self.calendar.kind_of)
            for hours in set(self.hours.values())
        }
        spans = {channel.value: laid_out[hours] for channel, hours in self.hours.items()}
        return ServicePolicy(self.book, spans, self.alarms, self.reopen_within_s)


def service_rules(hotel: Hotel) -> ServiceRules:
    """The rules of a checked hotel file."""
    zone = ZoneInfo(hotel.hotel.time_zone)
    return ServiceRules(
        zone=zone,
        calendar=Calendar(hotel.hours.country or hotel.hotel.home_market, hotel.hours.closed_on),
        hours=opening_hours(hotel.hours),
        book=target_book(hotel.sla, zone),
        alarms=Alarms(float(hotel.sla.warn_at), float(hotel.sla.escalate_at)),
        reopen_within_s=hotel.sla.reopen_within.total_seconds(),
        roles={**DEFAULT_ROLES, **{Channel(name): ChannelRole(role) for name, role in hotel.channels.roles.items()}},
        handoffs=handoff_rules(hotel.channels),
        words=word_rules(hotel.tags),
        priority=_priority(hotel.tags),
    )


def opening_hours(hours: Hours) -> dict[Channel, OpeningHours]:
    """Hours by channel: the rules that name it, else those that name none; without either it never closes."""
    named = {name for rule in hours.rules for name in rule.channels}
    found: dict[Channel, OpeningHours] = {}
    for channel in Channel:
        rules = [rule for rule in hours.rules if (channel in rule.channels if channel in named else not rule.channels)]
        if rules:
            found[channel] = OpeningHours(tuple(_on(day, rules) for day in EVERY_DAY), _minute(hours.half_day_from))
    return found


def _on(day: str, rules: Iterable[HoursRule]) -> tuple[DaySpan, ...]:
    return tuple(sorted(span for rule in rules if day in rule.days for span in rule.spans))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def target_book(sla: Sla, zone: tzinfo) -> TargetBook:
    """The usual targets and the hotel's; of two rows for one channel and tag the one that is valid later wins."""
    return TargetBook((*DEFAULT_TARGETS, *(row for target in sla.targets for row in _rows(target, zone))))


def _rows(target: SlaTarget, zone: tzinfo) -> Iterable[TargetRow]:
    since = float("-inf") if target.effective_from is None else float(epoch_seconds(target.effective_from, 0, zone))
    for channel in target.channels or (None,):
        for tag in target.tags or (None,):
            yield TargetRow(
                channel,
                tag,
                target.first_response_seconds,
                target.next_response_seconds,
                target.resolution_seconds,
                since,
            )


def handoff_rules(channels: Channels) -> HandoffRules:
    """The usual triggers, each replaced by the hotel's rows for it if there are any."""
    own = tuple(map(_handoff, channels.handoffs))
    kept = tuple(rule for rule in DEFAULT_RULES if rule.trigger not in {row.trigger for row in own})
    return HandoffRules((*kept, *own), callback_within_s=60.0 * channels.callback_minutes)


def _handoff(row: HandoffRow) -> HandoffRule:
    return HandoffRule(
        Trigger(row.trigger),
        tuple(map(Channel, row.from_channels)),
        tuple(map(Channel, row.to_channels)),
        row.turns,
        tuple(map(Signal, row.signals)),
    )


def _priority(tags: Tags) -> PriorityRules:
    points = {**DEFAULT_POINTS, **{mark_called(name): value for name, value in tags.points.items()}}
    return PriorityRules(points, tags.high_from, tags.urgent_from)
