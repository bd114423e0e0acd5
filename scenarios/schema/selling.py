"""What the agent says and offers beyond the room: scripts, upsells, campaigns.

The script on the screen is fed by the offer's own figures. A `{placeholder}`
that no offer can fill would be read aloud to a guest, so the allowed names are
a closed list and the file is refused when a script uses another.
"""

import string
from typing import Annotated, Literal

from pydantic import Field

from scenarios.schema.types import (
    Amount,
    Currency,
    Day,
    Labels,
    Many,
    OurCode,
    Percent,
    Period,
    PmsCode,
    Section,
)

PLACEHOLDERS = frozenset(
    {
        "hotel",
        "guest_name",
        "agent_name",
        "check_in",
        "check_out",
        "nights",
        "adults",
        "children",
        "rooms",
        "room_type",
        "rate_plan",
        "board",
        "package",
        "total",
        "per_night",
        "currency",
        "available_rooms",
        "min_stay",
        "cancellation_policy",
        "deposit",
        "valid_until",
        "hold_minutes",
        "option_until",
    }
)
Step = Literal["greeting", "repeat_guest", "need", "offer", "package", "min_stay", "few_left", "alternative", "close"]


class Script(Section):
    """One line of the telephone script; `text` may hold placeholders of the offer."""

    step: Step
    text: Labels


class Upsell(Section):
    """An extra the agent may add; `per` says what its price is multiplied by."""

    code: OurCode
    kind: Literal["room_upgrade", "transfer", "spa", "dining", "other"]
    labels: Labels
    prices: dict[Currency, Amount]
    per: Literal["stay", "night", "person", "person_night"]
    from_room_types: Many[PmsCode] = ()
    to_room_type: PmsCode | None = None
    purposes: Many[OurCode] = ()


class Promotion(Section):
    """A campaign code; days are stay days, `sell_days` counts from the day the hotel was set up.

    A negative `sell_days` makes a campaign that is already over.
    """

    code: PmsCode
    name: Labels
    rate_plans: Many[PmsCode] = Field(min_length=1)
    percent: Percent
    start: Day | None = None
    end: Day | None = None
    sell_days: Annotated[int, Field(ge=-3_650, le=3_650)] | None = None


class SellMessage(Section):
    """A short reminder the screen shows while selling these days."""

    code: PmsCode
    text: Labels
    start: Day
    end: Day
    rate_plan: PmsCode | None = None
    room_type: PmsCode | None = None

    @property
    def period(self) -> Period:
        """The days it is shown for."""
        return Period(start=self.start, end=self.end)


def placeholders(text: str) -> frozenset[str]:
    """Give the names between braces in `text`; `ValueError` when a brace does not close."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
