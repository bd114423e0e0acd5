"""How a hotel serves: what its rules say of words, urgency, handing over and time.

Read from the hotel file by an adapter; a desk without one serves by the usual rules: any hour is an open hour, and no
words are known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.contact import Channel
from domain.handoff import HandoffRules
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
