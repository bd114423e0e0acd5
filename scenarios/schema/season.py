"""A season scenario as one file: the hotels, the demand, the work, the team, what is sold, and what is asked of it all.

The same file drives the staffing simulation, the load test and the go-live verdict. `Scenario` is that file as an
object, after `extends` has been followed and the marks of sources have been taken off; make one with
`scenarios.scenario_loader.load_scenario`. Demand is per 1,000 rooms and multiplies by the rooms of `hotels`.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.faults_profile import FaultRule
from scenarios.schema.season_demand import Calendars, Demand
from scenarios.schema.season_load import LoadWindow
from scenarios.schema.season_selling import Selling
from scenarios.schema.season_targets import Incident, Rules, Targets
from scenarios.schema.season_team import Desk, Labour, Shift, Staff
from scenarios.schema.season_words import OurName, Positive, SeasonChannel
from scenarios.schema.season_work import ChannelWork, Patience, Redial
from scenarios.schema.service import Hours
from scenarios.schema.types import Currency, Many, Section, Text, TimeZone

MOST_DAYS = 400
YEARS = range(2000, 2101)


class Title(Section):
    """The scenario's name for people."""

    tr: Text
    en: Text


class SeasonWindow(Section):
    """First and last day, both included, in the call centre's time zone."""

    first: date
    last: date
    time_zone: TimeZone = "Europe/Istanbul"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day is before the first")
        if self.first.year not in YEARS or self.last.year not in YEARS:
            raise ValueError(f"a season lies in the years {YEARS[0]} to {YEARS[-1]}")
        if self.days > MOST_DAYS:
            raise ValueError(f"a season has at most {MOST_DAYS} days")
        return self

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


class HotelUse(Section):
    """A hotel file (name of a shipped one, or a path from the scenario file) and how many such hotels there are;
    `rooms`: rooms of each instead of the file's, its room types in the same proportion."""

    file: Text
    copies: Annotated[int, Field(ge=1, le=500)] = 1
    rooms: Annotated[int, Field(ge=1, le=10_000)] | None = None


class Scenario(Section):
    """One scenario, complete. `exchange`: what one unit of a currency is worth in the currency of wages; `hours`: of
    the call centre; none: those of the first hotel's file."""

    version: Literal[1] = Field(alias="schema")
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
    title: Title
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)]
    season: SeasonWindow
    hotels: Many[HotelUse] = Field(min_length=1)
    calendars: Calendars
    demand: Demand
    work: dict[SeasonChannel, ChannelWork]
    patience: dict[SeasonChannel, Patience]
    redial: Redial
    selling: Selling
    team: dict[OurName, Desk] = Field(min_length=1)
    shifts: dict[OurName, Shift] = Field(min_length=1)
    staff: Staff
    labour: Labour
    exchange: dict[Currency, Positive] = Field(default_factory=dict)
    rules: Rules = Rules()
    hours: Hours | None = None
    targets: Targets
    incidents: Many[Incident] = ()
    faults: Many[FaultRule] = ()
    load: LoadWindow | None = None
