"""Who is at the desk: an agent says so, and says so again, else he counts as gone.

Being logged in to a call says that somebody talks, not that he could. So an agent is `available` from when he says so
until an instant; whatever shows his screen renews it before. `away` is a break, `offline` the end of the shift. What is
not renewed is offline at that very instant, so a guest is never offered to a chair somebody has left.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST, USUAL, LONGEST = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=16)


class PresenceState(StrEnum):
    """Takes guests, has a break, is gone."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent's state, since when, and until when it holds; `languages` he speaks (ISO 639-1), none said: any."""

    name: str
    state: PresenceState
    since: datetime
    until: datetime
    languages: tuple[str, ...] = ()

    def state_at(self, now: datetime) -> PresenceState:
        """How he stands; offline from the instant it is not renewed."""
        return self.state if now < self.until else PresenceState.OFFLINE

    def since_at(self, now: datetime) -> datetime:
        """Since when he stands so."""
        return self.since if now < self.until or self.state is PresenceState.OFFLINE else self.until

    def is_available(self, now: datetime) -> bool:
        """Whether a guest may be offered to him."""
        return self.state_at(now) is PresenceState.AVAILABLE

    def speaks(self, language: str) -> bool:
        """Whether he can take a guest of this language; one nobody knows suits anybody."""
        return not language or not self.languages or language in self.languages
