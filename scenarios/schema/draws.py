"""How full the hotel is and who stays in it: what the seed is drawn from.

Nothing here is sold or shown; these are the shapes of a year. The defaults
come from a resort hotel's public year of bookings (length of stay, party,
lead time, cancellations by channel) and from the visitor statistics of
Antalya; a hotel puts in its own.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from scenarios.schema.codes import SharedCode
from scenarios.schema.settings import GuaranteeKind
from scenarios.schema.types import GuestLanguage, Many, Number, Period, PmsCode, Section, Share, Text


class Pinned(Period):
    """Days filled until `rooms_left` rooms of each named type remain; no type means all of them."""

    room_types: Many[PmsCode] = ()
    rooms_left: Annotated[int, Field(ge=0, le=1_000)] = 0


class Occupancy(Section):
    """Share of rooms occupied per month, January first, and the days that fill up.

    `contracted` is the share of it that tour operators have taken long before.
    """

    monthly: Many[Share] = Field(min_length=12, max_length=12)
    contracted: Share = Decimal("0.25")
    pinned: Many[Pinned] = ()


class Weight(Section):
    """A number (nights, adults) and how often it occurs, relative to the others."""

    value: Annotated[int, Field(ge=1, le=90)]
    weight: Annotated[Number, Field(ge=0, le=1_000)]


class BookingChannel(Section):
    """Through whom stays are booked: code lists, lead time in days (gamma) and cancellation."""

    name: Text
    share: Share
    guarantee: GuaranteeKind
    source_code: PmsCode
    lead_shape: Annotated[Number, Field(ge=Decimal("0.05"), le=20)]
    lead_mean_days: Annotated[int, Field(ge=1, le=365)]
    cancelled: Annotated[Number, Field(ge=0, le=Decimal("0.95"))]


def _weights(pairs: dict[int, str]) -> tuple[Weight, ...]:
    return tuple(Weight(value=value, weight=Decimal(weight)) for value, weight in pairs.items())


PEAK_NIGHTS = _weights(
    {1: "8", 2: "9", 3: "12", 4: "14", 5: "11", 6: "8", 7: "22", 8: "3", 9: "2", 10: "5", 11: "1", 12: "1", 14: "3.6"}
)


class StayShape(Section):
    """Length of stay, party, no-shows and repeat guests."""

    nights: Many[Weight] = PEAK_NIGHTS
    adults: Many[Weight] = _weights({1: "18", 2: "78", 3: "4"})
    with_children: Share = Decimal("0.30")
    with_children_summer: Share = Decimal("0.45")
    no_show: Share = Decimal("0.01")
    repeat_guests: Share = Decimal("0.12")
    repeat_stays: Share = Decimal("0.30")
    channels: Many[BookingChannel] = Field(min_length=1)


class Guests(Section):
    """Languages, loyalty and remarks of the profiles; shares of `languages` add up to 1."""

    languages: dict[GuestLanguage, Share]
    vip_levels: Many[SharedCode] = ()
    segments: Many[SharedCode] = Field(min_length=1)
    notes: Many[Text] = ()
    with_note: Share = Decimal("0.08")
    with_preference: Share = Decimal("0.35")
    with_email: Share = Decimal("0.85")
