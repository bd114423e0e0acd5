"""The small ports: time, ids, telephone numbers, names, sentences, and whether the PMS is being asked at all.

Everything a use case would otherwise take from the machine it runs on. Fakes of these make a season replayable.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.identity import LineKind
from domain.money import Money


class Clock(Protocol):
    """Time and waiting."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        ...


class Line(Protocol):
    """The line to each hotel's PMS, as this process sees it."""

    def down_since(self, hotel_id: str) -> datetime | None:
        """When the hotel's PMS was given up (UTC); None while it is asked."""
        ...

    def is_trial_due(self, hotel_id: str) -> bool:
        """Whether it is down and somebody should try it now: one read, of whatever kind."""
        ...


class OpenLine:
    """A line that is never given up."""

    def down_since(self, _hotel_id: str) -> datetime | None:
        """Never."""
        return None

    def is_trial_due(self, _hotel_id: str) -> bool:
        """Nothing to try."""
        return False


class Ids(Protocol):
    """Fresh, unguessable, sortable identifiers and secrets."""

    def new(self, prefix: str) -> str:
        """E.g. `res_01J...`: sorts by time of making."""
        ...

    def secret(self) -> bytes:
        """32 random bytes."""
        ...


class Phones(Protocol):
    """Every spelling of a telephone number."""

    def normalise(self, typed: str, country: str = "TR") -> str:
        """E.164 for `0532...`, `+90 532...`, `0090...`, `8 916...`; InvalidInput (field `phone`) if it is none."""
        ...

    def spelt(self, typed: str) -> str:
        """`+` and the digits typed, whether or not the numbering plan knows them; empty for what can be no number."""
        ...

    def region(self, e164: str) -> str:
        """ISO 3166 country of a number, empty when unknown."""
        ...

    def line(self, e164: str) -> LineKind:
        """What sort of line a number is."""
        ...


class Names(Protocol):
    """Spellings of names across alphabets."""

    def split(self, full_name: str) -> tuple[str, str]:
        """Given name(s) and surname; a single word is a surname."""
        ...

    def keys(self, name: str) -> frozenset[str]:
        """Keys under which spellings meet: Turkish, German and Cyrillic spellings of one name share one."""
        ...


class Phrases(Protocol):
    """Sentences for people, in TR EN DE RU. The English template is the key.

    One implementation says the same thing for the same input for ever, so what it said may be remembered.
    """

    def __hash__(self) -> int: ...

    def say(self, language: str, template: str, params: Mapping[str, object] | None = None) -> str:
        """Fill a template in a language; unknown languages get English."""
        ...

    def say_n(self, language: str, one: str, many: str, count: int, params: Mapping[str, object] | None = None) -> str:
        """Fill the form of a sentence that `count` wants in a language (Russian has three); `{n}` is the count."""
        ...

    def money(self, language: str, money: Money) -> str:
        """An amount as people of that language write it."""
        ...

    def day(self, language: str, day: object) -> str:
        """A day (date or aware datetime) as people of that language write it."""
        ...

    def number(self, language: str, number: int | Decimal) -> str:
        """A number as people of that language write it."""
        ...
