"""What a lead wants, as far as it is known: days, nights, party, and where the lead was found.

Kept as facts of the lead's contact, under the names a web form's lead has them, so a lead is read the same way
whoever brought it. All of it may be missing: somebody may want "a week with two children". What is read from a contact
is only what can be meant; a fact that cannot be read is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.errors import InvalidInput
from domain.stay import ADULT_AGE, MAX_ADULTS, MAX_CHILDREN, Party, StayDates

MOST_SOURCE = 80
MOST_ROOMS = 99
MOST_NIGHTS = 365


@dataclass(frozen=True, slots=True)
class LeadWish:
    """None, empty: not said; the party is that of one room. `source`: a fair, a campaign, an agency, in the hotel's own
    words."""

    check_in: date | None = None
    nights: int | None = None
    adults: int | None = None
    child_ages: tuple[int, ...] = ()
    rooms: int | None = None
    source: str = ""

    def checked(self) -> "LeadWish":
        """Itself; InvalidInput for what nobody can want, naming the field."""
        if self.nights is not None:
            _between("nights", self.nights, MOST_NIGHTS)
            if self.check_in is not None:
                StayDates.of_nights(self.check_in, self.nights)
        if self.rooms is not None:
            _between("rooms", self.rooms, MOST_ROOMS)
        Party(1 if self.adults is None else self.adults, self.child_ages)
        if len(self.source) > MOST_SOURCE:
            raise InvalidInput("A source has at most {most} characters.", most=MOST_SOURCE, field="source")
        return self

    def facts(self) -> dict[str, str]:
        """As the contact keeps it."""
        told = {
            "check_in": self.check_in.isoformat() if self.check_in else "",
            "nights": _text(self.nights),
            "adults": _text(self.adults),
            "rooms": _text(self.rooms),
            "child_ages": ",".join(map(str, self.child_ages)),
            "source": self.source,
        }
        return {name: value for name, value in told.items() if value}


def wish_in(document: Mapping[str, object]) -> LeadWish:
    """What a contact's facts say."""
    ages = [_whole(part, 0, ADULT_AGE - 1) for part in str(document.get("child_ages") or "").split(",")]
    return LeadWish(
        check_in=_day(document.get("check_in")),
        nights=_whole(document.get("nights"), 1, MOST_NIGHTS),
        adults=_whole(document.get("adults"), 1, MAX_ADULTS),
        child_ages=tuple(age for age in ages if age is not None)[:MAX_CHILDREN],
        rooms=_whole(document.get("rooms"), 1, MOST_ROOMS),
        source=" ".join(str(document.get("source") or "").split())[:MOST_SOURCE],
    )


def _between(name: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise InvalidInput("{column} is 1 to {most}, not {number}.", column=name, most=most, number=number, field=name)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _whole(told: object, least: int, most: int) -> int | None:
    text = str(told or "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return int(text) if least <= int(text) <= most else None


def _day(told: object) -> date | None:
    try:
        return date.fromisoformat(str(told or ""))
    except ValueError:
        return None
