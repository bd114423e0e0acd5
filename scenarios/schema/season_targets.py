"""Rules that move results, targets that judge them, and what befalls a simulated season."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from scenarios.schema.season_words import NotNegative, Part, Positive, SeasonChannel
from scenarios.schema.types import Language, Many, Section, Text

ServiceLevelFormula = Literal["of_offered", "of_offered_less_short", "with_abandoned"]


class Rules(Section):
    """Rules that move results by points, and what happens to who comes when nobody is there.

    `service_level`: answered in time by offered (`of_offered`); the same without those who gave up within
    `short_abandon_s` (`of_offered_less_short`); answered or gone in time by offered (`with_abandoned`).
    `closed_calls`: whether calls that come while the house is closed count as `offered`, and so as not answered in
    time, or `apart`. `priority`: smaller is served first. `call_back_after_s`: a caller who waited so long leaves a
    number (none: never).
    """

    tie_break: Literal["order", "longest_free"] = "order"
    shift_end: Literal["finish", "first_finishers"] = "finish"
    service_level: ServiceLevelFormula = "of_offered"
    short_abandon_s: NotNegative = 5.0
    closed_calls: Literal["offered", "apart"] = "offered"
    when_closed: dict[SeasonChannel, Literal["wait", "call_back", "lost"]] = Field(default_factory=dict)
    call_back_after_s: Positive | None = None
    priority: dict[SeasonChannel, Annotated[int, Field(ge=0, le=99)]] = Field(default_factory=dict)


class PhoneTarget(Section):
    """Share answered within so many seconds, and the most that may give up."""

    service_level: Part
    within_s: Positive
    abandonment: Part


class Band(Section):
    """From `low` to `high`, both included."""

    low: Part
    high: Part


class LoadTarget(Section):
    """What the service must keep under the scenario's load: milliseconds at a percentile, share of errors, and how many
    times the load it must bear. `lag_p99_ms`: how late the generator itself may send before its run is invalid; never
    more than a tenth of the tightest latency."""

    availability_p95_ms: Positive
    booking_p95_ms: Positive
    webhook_p99_ms: Positive
    error_rate: Part
    headroom: Positive
    lag_p99_ms: Positive = 10


class Targets(Section):
    """First responses in seconds by channel, reached by `first_response_share` of the contacts."""

    phone: PhoneTarget
    first_response_s: dict[SeasonChannel, Positive]
    first_response_share: Part
    handoff: Band
    resolution_p75_s: Positive
    occupancy_most: Part = 0.85
    load: LoadTarget


class Incident(Section):
    """Something that befalls the season: from a local instant on, for `hours`. `pms_down`: nothing can be sold or
    looked up, the guest is called back; `surge`: contacts of `channels` and `languages` (none: all) multiply by
    `factor`."""

    kind: Literal["pms_down", "surge"]
    at: datetime
    hours: Positive
    factor: Positive = 1.0
    channels: Many[SeasonChannel] = ()
    languages: Many[Language] = ()
    about: Text = "-"
