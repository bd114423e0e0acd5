"""The reader of a screen: his language, and how it writes amounts, days and the names of states.

`t(N_("Total"))` says a template in his language. Instants are shown in the hotel's time, because deadlines are
agreed on the telephone with somebody who is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from domain.money import Money
from integration.ports.surroundings import Phrases

Body = dict[str, Any]


def _utc(_hotel_id: str) -> tzinfo:
    return UTC


def _no_labels(_code: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. `zone_of`: time zone of a hotel by its id; `reason_of`: a lost reason's labels by language."""

    phrases: Phrases
    language: str
    zone_of: Callable[[str], tzinfo] = _utc
    reason_of: Callable[[str], Mapping[str, str]] = _no_labels

    def __call__(self, template: str, **params: object) -> str:
        """Say a template."""
        return self.phrases.say(self.language, template, params or None)

    def words(self, *templates: str) -> tuple[str, ...]:
        """Say several words, such as the headers of a table."""
        return tuple(self(template) for template in templates)

    def money(self, body: Body | None) -> str:
        """`{"amount": "4350.00", "currency": "EUR"}` as people write it; empty for None."""
        if body is None:
            return ""
        return self.phrases.money(self.language, Money.of(body["amount"], body["currency"]))

    def day(self, iso: str | None) -> str:
        """`2027-07-10` as people write it."""
        return self.phrases.day(self.language, date.fromisoformat(iso)) if iso else ""

    def instant(self, iso: str | None, hotel_id: str = "") -> str:
        """`2027-07-10T15:00:00Z` as `2027-07-10 18:00`, in the hotel's time."""
        if not iso:
            return ""
        zone = self.zone_of(hotel_id)
        written = f"{datetime.fromisoformat(iso).astimezone(zone):%Y-%m-%d %H:%M}"
        return f"{written} UTC" if zone is UTC else written

    def reason(self, code: str) -> str:
        """A lost reason as the hotel calls it; its code where no hotel does."""
        return self.reason_of(code).get(self.language) or code

    def name(self, value: StrEnum) -> str:
        """The name of a state, board or outcome."""
        from integration.usecases.labels import label

        return label(self.phrases, self.language, value)
