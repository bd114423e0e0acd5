"""A hotel as one file: what it sells, by which rules, and in which codes.

The same file fills the mock PMS and is read by the service as settings, so the
two cannot disagree about a room type or a guarantee code. `Hotel` is that file
as an object; `scenarios.loader.load_hotel` is the way to make one, because it
also runs the cross checks of `scenarios.schema.checks` and can name the line.
"""

from typing import Annotated, Literal

from pydantic import Field

from scenarios.schema.codes import (
    CodeName,
    Codes,
    Guarantee,
    LostReason,
    Purpose,
    SpecialRequest,
)
from scenarios.schema.draws import Guests, Occupancy, StayShape
from scenarios.schema.rates import Event, Package, RatePlan, Restriction, RoomType, Season
from scenarios.schema.selling import Promotion, Script, SellMessage, Upsell
from scenarios.schema.service import Channels, Hours, Sla, Tags
from scenarios.schema.settings import Deposit, PmsLink, Settings, StatusMapping
from scenarios.schema.types import Currency, Language, Many, Percent, PmsCode, Section, Text, TimeZone

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class HotelFacts(Section):
    """Who and where the hotel is; `sisters` are ids of hotels offered when this one is full."""

    id: PmsCode
    name: Text
    time_zone: TimeZone = "Europe/Istanbul"
    currency: Currency = "EUR"
    home_currency: Currency = "TRY"
    home_market: CountryCode = "TR"
    languages: Many[Language] = ("tr", "en", "de", "ru")
    destination: Text
    stars: Annotated[int, Field(ge=1, le=5)]
    tax_percent: Percent
    sisters: Many[PmsCode] = ()


class Hotel(Section):
    """One hotel file, checked."""

    version: Literal[1] = Field(alias="schema")
    hotel: HotelFacts
    settings: Settings
    pms: PmsLink
    status_mapping: StatusMapping
    codes: Codes
    guarantees: Many[Guarantee] = Field(min_length=1)
    cancel_reasons: Many[CodeName] = Field(min_length=1)
    lost_reasons: Many[LostReason] = Field(min_length=1)
    room_types: Many[RoomType] = Field(min_length=1)
    seasons: Many[Season] = Field(min_length=1)
    events: Many[Event] = ()
    packages: Many[Package] = ()
    rate_plans: Many[RatePlan] = Field(min_length=1)
    restrictions: Many[Restriction] = ()
    upsells: Many[Upsell] = ()
    promotions: Many[Promotion] = ()
    sell_messages: Many[SellMessage] = ()
    special_requests: Many[SpecialRequest] = ()
    purposes: Many[Purpose] = ()
    scripts: Many[Script] = ()
    hours: Hours = Hours()
    sla: Sla = Sla()
    channels: Channels = Channels()
    tags: Tags = Tags()
    occupancy: Occupancy
    stays: StayShape
    guests: Guests

    @property
    def id(self) -> str:
        """The hotel's id, as `--hotel` takes it."""
        return self.hotel.id

    @property
    def rooms(self) -> int:
        """Rooms of all types."""
        return sum(room_type.rooms for room_type in self.room_types)

    @property
    def currencies(self) -> frozenset[Currency]:
        """The currencies every price must exist in."""
        return frozenset({self.hotel.currency, self.hotel.home_currency})

    def room_type(self, code: str) -> RoomType:
        """Give the room type; `KeyError` when the hotel has none of that code."""
        return _by_code(self.room_types, code)

    def rate_plan(self, code: str) -> RatePlan:
        """Give the plan by our code or by any of its codes in the PMS; `KeyError` when unknown."""
        for plan in self.rate_plans:
            if code == plan.code or code in plan.codes.values():
                return plan
        raise KeyError(code)

    def deposit_of(self, plan: RatePlan) -> Deposit:
        """Give the deposit a confirmation of `plan` needs: the plan's own or the hotel's."""
        return plan.deposit or self.settings.deposit


def _by_code(items: tuple[RoomType, ...], code: str) -> RoomType:
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)
