"""How a hotel serves: opening hours, targets, what channels are for, when to hand over, which words mean what.

Everything here may be left out; a hotel file without these sections is always open and follows the trade's usual
targets and triggers. What a file adds stands beside the defaults and wins where both speak of the same channel, tag or
trigger. `scenarios.service` makes the domain's rules of it.
"""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from domain.hours import DaySpan
from domain.tagging import pattern_words
from scenarios.schema.types import ClockTime, Factor, Language, Many, OurCode, Section, Share, Text, Weekday

ChannelName = Literal["phone", "whatsapp", "instagram", "web_chat", "web_form", "partner", "email", "ota", "sms"]
TagName = Literal["reservation", "support", "vip", "ota"]
SignalName = Literal["cancellation", "crisis", "last_minute", "sold_by_phone", "arrival_soon", "repeat_guest"]
RoleName = Literal["hybrid", "sales_and_leads", "awareness", "closing", "written_offers", "inside_platform"]
TriggerName = Literal["urgent_signal", "unsolved_turns", "phone_sale"]
MarkName = Literal[TagName, SignalName]
DayName = Literal[Weekday, "holiday"]
EVERY_DAY: tuple[DayName, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
Seconds = Annotated[int, Field(ge=1, le=30 * 86_400)]
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _day_span(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _SPAN.fullmatch(value)
    if match is None:
        raise ValueError(f'{value!r} is not a span of hours; write it as "09:00-12:30"')
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if end > 24 * 60:
        raise ValueError(f"{value!r} ends after 24:00; past midnight write 02:00")
    return DaySpan(start, end if end > start else end + 24 * 60)


def _pattern(value: str) -> str:
    pattern_words(value)
    return value


Span = Annotated[DaySpan, BeforeValidator(_day_span)]
Pattern = Annotated[Text, AfterValidator(_pattern)]


class HoursRule(Section):
    """Open spans on some days for some channels; without channels: for all that no other rule names."""

    channels: Many[ChannelName] = ()
    days: Many[DayName] = Field(default=EVERY_DAY, min_length=1)
    spans: Many[Span] = Field(min_length=1)


class Hours(Section):
    """When somebody answers; no rules: always. `country`: whose holidays, none = those of the home market."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    half_day_from: ClockTime = time(13, 0)
    closed_on: Many[date] = ()
    rules: Many[HoursRule] = ()


class SlaTarget(Section):
    """Targets in seconds of open time for channels and tags (none given: any), from a day on."""

    channels: Many[ChannelName] = ()
    tags: Many[TagName] = ()
    first_response_seconds: Seconds | None = None
    next_response_seconds: Seconds | None = None
    resolution_seconds: Seconds | None = None
    effective_from: date | None = None

    @model_validator(mode="after")
    def _some_target(self) -> Self:
        given = (self.first_response_seconds, self.next_response_seconds, self.resolution_seconds)
        if given == (None, None, None):
            raise ValueError("give at least one target")
        first, solved = self.first_response_seconds, self.resolution_seconds
        if first is not None and solved is not None and solved < first:
            raise ValueError("a case cannot be solved before it is answered: resolution_seconds is too small")
        return self


class Sla(Section):
    """Alarms as parts of a target, how long a solved case may be taken up again, and targets of the hotel's own.
    `notify`: the supervisors' mailbox that is told of every escalation; empty: nobody is."""

    warn_at: Annotated[Share, Field(gt=0, lt=1)] = Decimal("0.75")
    escalate_at: Annotated[Factor, Field(ge=1)] = Decimal("1.5")
    reopen_hours: int = Field(default=24, ge=0, le=720)
    notify: Annotated[str, Field(max_length=254, pattern=r"^([^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+)?$")] = ""
    targets: Many[SlaTarget] = ()

    @property
    def reopen_within(self) -> timedelta:
        """How long a solved case may be taken up again."""
        return timedelta(hours=self.reopen_hours)


class HandoffRow(Section):
    """From some channels to others, when so many turns stay unsolved or one of some signals is seen."""

    trigger: TriggerName
    from_channels: Many[ChannelName] = Field(min_length=1)
    to_channels: Many[ChannelName] = Field(min_length=1)
    turns: int = Field(default=0, ge=0, le=20)
    signals: Many[SignalName] = ()

    @model_validator(mode="after")
    def _can_hold(self) -> Self:
        if not self.turns and not self.signals:
            raise ValueError("a handoff needs turns or signals")
        if set(self.from_channels) & set(self.to_channels):
            raise ValueError("a handoff leads to another channel")
        return self


class Channels(Section):
    """What channels are for and when they hand over; handoffs replace the usual ones of the same trigger. The first
    reply of a case names `notice_url`, where guests read how their data is used."""

    callback_minutes: int = Field(default=30, ge=1, le=1_440)
    notice_version: Annotated[str, Field(max_length=40)] = ""
    notice_url: Annotated[str, Field(pattern=r"^(https://[^\s]{4,300})?$")] = ""
    roles: dict[ChannelName, RoleName] = Field(default_factory=dict)
    handoffs: Many[HandoffRow] = ()


class WordRow(Section):
    """Words that give a tag or signal: `any_of` patterns, `unless` patterns that take them out of play."""

    code: OurCode
    gives: MarkName
    language: Language
    any_of: Many[Pattern] = Field(min_length=1)
    unless: Many[Pattern] = ()


class Tags(Section):
    """Word rules beside the shipped ones (or instead of them), and what each mark adds to a case's priority."""

    shipped_words: bool = True
    rules: Many[WordRow] = ()
    points: dict[MarkName, Annotated[int, Field(ge=-100, le=100)]] = Field(default_factory=dict)
    high_from: int = Field(default=25, ge=1, le=999)
    urgent_from: int = Field(default=60, ge=2, le=1_000)

    @model_validator(mode="after")
    def _levels(self) -> Self:
        if self.urgent_from <= self.high_from:
            raise ValueError("urgent_from must be above high_from")
        return self


class Words(Section):
    """A file of word rules; `tell_tales`: small words that tell a language."""

    version: Literal[1] = Field(alias="schema")
    tell_tales: dict[Language, Many[Text]]
    rules: Many[WordRow]
