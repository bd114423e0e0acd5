"""How a hotel serves: what its rules say of words, urgency, handing over and time.

Read from the hotel file by an adapter; a desk without one serves by the usual rules: any hour is an open hour, and no
words are known.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Protocol

from domain.contact import Channel
from domain.handoff import HandoffRules
from domain.hours import OpenSpans, open_spans
from domain.hours_words import hours_of
from domain.priority import PriorityRules
from domain.roles import DEFAULT_ROLES, ChannelRole
from domain.sla import ServicePolicy
from domain.tagging import WordRules


class ServingRules(Protocol):
    """The rules of one hotel."""

    @property
    def words(self) -> WordRules: ...
    @property
    def priority(self) -> PriorityRules: ...
    @property
    def handoffs(self) -> HandoffRules: ...
    @property
    def roles(self) -> Mapping[Channel, ChannelRole]: ...


class Serving(Protocol):
    """The rules of all hotels."""

    def rules(self, hotel_id: str) -> ServingRules:
        """How a hotel serves; NotFound for one that is not known."""
        ...

    def policy(self, hotel_id: str, since: datetime, until: datetime) -> ServicePolicy:
        """A hotel's promises, with its hours laid out for clocks from `since` to `until`."""
        ...

    def spans(self, hotel_id: str, lines: tuple[str, ...], since: datetime, until: datetime) -> OpenSpans:
        """Other hours (`domain.hours_words`) laid out for the same clocks, on the hotel's own time and calendar."""
        ...


class UsualRules:
    """The rules of a hotel that says nothing."""

    words = WordRules(())
    priority = PriorityRules()
    handoffs = HandoffRules()
    roles = DEFAULT_ROLES


class UsualServing:
    """Every hotel serves by the usual rules."""

    _policy = ServicePolicy()

    def rules(self, _hotel_id: str) -> ServingRules:
        """The usual ones."""
        return UsualRules

    def policy(self, _hotel_id: str, _since: datetime, _until: datetime) -> ServicePolicy:
        """Always open."""
        return self._policy

    def spans(self, _hotel_id: str, lines: tuple[str, ...], since: datetime, until: datetime) -> OpenSpans:
        """In UTC, without holidays."""
        first, last = date(since.astimezone(UTC).year - 1, 1, 1), date(until.astimezone(UTC).year + 1, 12, 31)
        return open_spans(hours_of(lines), first, last, UTC)
