"""Opening hours laid out for as long as somebody needs them, kept by hotel and years.

The rules of a hotel hold hours by weekday; clocks want seconds (`domain.hours`). Laying a year out takes milliseconds,
so whole years are laid out once and kept: from the one before the oldest instant asked about to the one after the
newest, which is further than any target reaches.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from domain.errors import NotFound
from domain.hours import OpenSpans
from domain.hours_words import hours_of
from domain.sla import ServicePolicy
from scenarios.service import ServiceRules


class _Span(NamedTuple):
    hotel_id: str
    first: int
    last: int


class ServiceCalendars:
    """Gives a hotel's promises with its hours laid out; may be shared by threads (a year may be laid out twice)."""

    def __init__(self, rules: Mapping[str, ServiceRules]) -> None:
        self._rules = rules
        self._kept: dict[_Span, ServicePolicy] = {}
        self._other: dict[tuple[_Span, tuple[str, ...]], OpenSpans] = {}

    def rules(self, hotel_id: str) -> ServiceRules:
        """How a hotel serves; NotFound for one we do not know."""
        found = self._rules.get(hotel_id)
        if found is None:
            raise NotFound("There is no hotel {hotel}.", hotel=hotel_id)
        return found

    def policy(self, hotel_id: str, since: datetime, until: datetime) -> ServicePolicy:
        """The promises of a hotel, good for clocks that began at `since` or later and are read at `until` or before."""
        span = _span(hotel_id, since, until)
        kept = self._kept.get(span)
        if kept is None:
            rules = self.rules(hotel_id)
            kept = self._kept[span] = rules.policy(date(span.first, 1, 1), date(span.last, 12, 31))
        return kept

    def spans(self, hotel_id: str, lines: tuple[str, ...], since: datetime, until: datetime) -> OpenSpans:
        """Other hours than the hotel file's, laid out for the same years."""
        key = (_span(hotel_id, since, until), lines)
        kept = self._other.get(key)
        if kept is None:
            rules, span = self.rules(hotel_id), key[0]
            hours = hours_of(lines, rules.half_day_from)
            kept = self._other[key] = rules.spans(hours, date(span.first, 1, 1), date(span.last, 12, 31))
        return kept


def _span(hotel_id: str, since: datetime, until: datetime) -> _Span:
    return _Span(hotel_id, since.astimezone(UTC).year - 1, until.astimezone(UTC).year + 1)
