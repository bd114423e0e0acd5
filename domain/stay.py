"""When and who: the nights of a stay and the party that sleeps there.

A stay is half-open: `[check_in, check_out)`. The night of the 3rd belongs to the 3rd; the day of departure is not
slept. Two stays back to back therefore do not overlap. A party is what one room must take: adults, and children by
age on arrival, because resorts price children by age.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import InvalidInput

MAX_ADULTS = 12
MAX_CHILDREN = 8
ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class StayDates:
    """Nights `[check_in, check_out)`, at least one."""

    check_in: date
    check_out: date

    def __post_init__(self) -> None:
        """Refuse a stay without a night."""
        if self.check_out <= self.check_in:
            raise InvalidInput(
                "The departure {check_out} must be after the arrival {check_in}.",
                check_in=self.check_in.isoformat(),
                check_out=self.check_out.isoformat(),
                field="check_out",
            )

    @classmethod
    def of_nights(cls, check_in: date, nights: int) -> "StayDates":
        """Build a stay from its arrival and number of nights; InvalidInput below one night or past the calendar."""
        if nights < 1:
            raise InvalidInput("A stay has at least one night, not {nights}.", nights=nights, field="nights")
        try:
            return cls(check_in, check_in + timedelta(days=nights))
        except OverflowError:
            raise InvalidInput("{nights} nights are more than can be booked.", nights=nights, field="nights") from None

    @property
    def night_count(self) -> int:
        """Number of nights."""
        return (self.check_out - self.check_in).days

    @property
    def last_night(self) -> date:
        """The last night slept: the day before departure."""
        return self.check_out - timedelta(days=1)

    def nights(self) -> Iterator[date]:
        """Each night slept, arrival first."""
        return map(date.fromordinal, range(self.check_in.toordinal(), self.check_out.toordinal()))

    def overlaps(self, other: "StayDates") -> bool:
        """Whether a night is shared."""
        return self.check_in < other.check_out and other.check_in < self.check_out

    def moved_by(self, days: int) -> "StayDates":
        """Return the same length, `days` later (negative: earlier)."""
        shift = timedelta(days=days)
        return StayDates(self.check_in + shift, self.check_out + shift)


def check_bookable(stay: StayDates, today: date, max_nights: int, horizon_days: int = 730) -> None:
    """Refuse what no agent can mean: arrival before the hotel's day `today`, too long a stay, too far off."""
    if stay.check_in < today:
        raise InvalidInput(
            "The arrival {check_in} is in the past.", check_in=stay.check_in.isoformat(), field="check_in"
        )
    if stay.night_count > max_nights:
        raise InvalidInput(
            "{nights} nights are more than the {most} that one reservation may have.",
            nights=stay.night_count,
            most=max_nights,
            field="nights",
        )
    if (stay.check_in - today).days > horizon_days:
        raise InvalidInput(
            "The arrival {check_in} is further off than prices are known.",
            check_in=stay.check_in.isoformat(),
            field="check_in",
        )


@dataclass(frozen=True, slots=True)
class Party:
    """Guests of ONE room: adults and the ages of the children on arrival (sorted, oldest first)."""

    adults: int
    child_ages: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a party without an adult, and ages that are not a child's."""
        if not 1 <= self.adults <= MAX_ADULTS:
            raise InvalidInput(
                "A room takes 1 to {most} adults, not {adults}.", most=MAX_ADULTS, adults=self.adults, field="adults"
            )
        if len(self.child_ages) > MAX_CHILDREN:
            raise InvalidInput("A room takes at most {most} children.", most=MAX_CHILDREN, field="child_ages")
        for age in self.child_ages:
            if not 0 <= age < ADULT_AGE:
                raise InvalidInput(
                    "A child is 0 to {oldest} years old, not {age}; count older guests as adults.",
                    oldest=ADULT_AGE - 1,
                    age=age,
                    field="child_ages",
                )
        object.__setattr__(self, "child_ages", tuple(sorted(self.child_ages, reverse=True)))

    @property
    def size(self) -> int:
        """Everyone, babies included."""
        return self.adults + len(self.child_ages)
