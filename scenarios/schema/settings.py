"""What a hotel decides about selling: clocks, limits, and the PMS it sells into.

The binding rungs of the ladder are settings, not code: how long a hold lives,
how long an option, until what hour of the arrival day an option may run, how
large a request is a group. `[status_mapping]` says in which codes of the PMS
each of our states is written and how its states are read back. It is checked
against the code lists of the same file when the file is read, so a service
never starts with a mapping that points nowhere.
"""

from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scenarios.schema.types import Amount, ClockTime, Percent, PmsCode, Section, Text

PmsStatus = Literal[
    "Reserved",
    "Requested",
    "NoShow",
    "Cancelled",
    "InHouse",
    "CheckedOut",
    "Waitlisted",
    "DueIn",
    "DueOut",
    "Walkin",
    "PendingCheckout",
]
Reading = Literal["by_guarantee", "by_reason", "in_house", "checked_out", "no_show", "not_ours"]
GuaranteeKind = Literal["card", "agency", "company", "deposit"]


class Deposit(Section):
    """What must be paid to confirm: a `percent` of the total or the price of `nights`; exactly one."""

    percent: Percent | None = None
    nights: Annotated[int, Field(ge=1, le=30)] | None = None

    @model_validator(mode="after")
    def _one_basis(self) -> Self:
        if (self.percent is None) == (self.nights is None):
            raise ValueError("give either percent or nights")
        return self


class Settings(Section):
    """The hotel's rules for holds, options, quotes and calls; durations as `timedelta` properties."""

    hold_minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    hold_seconds: Annotated[int, Field(ge=1, le=14_400)] | None = None
    option_hours: int = Field(default=24, ge=1, le=720)
    quote_valid_minutes: int = Field(default=30, ge=1, le=1_440)
    arrival_cutoff: ClockTime = time(18, 0)
    deposit: Deposit = Deposit(nights=1)
    group_rooms: int = Field(default=5, ge=1, le=100)
    settle_seconds: int = Field(default=90, ge=0, le=3_600)
    max_live_holds_per_agent: int = Field(default=20, ge=1, le=100)
    low_availability: int = Field(default=3, ge=0, le=100)
    alternates_days: int = Field(default=7, ge=0, le=30)
    max_nights: int = Field(default=30, ge=1, le=90)
    max_child_age: int = Field(default=17, ge=0, le=17)
    join_window_hours: int = Field(default=72, ge=0, le=720)
    rollback_supervisor_above: int = Field(default=5, ge=0, le=1_000)

    @model_validator(mode="after")
    def _one_hold_time(self) -> Self:
        if self.hold_minutes is not None and self.hold_seconds is not None:
            raise ValueError("give hold_minutes or hold_seconds, not both")
        if self.hold >= self.option:
            raise ValueError("a hold must be shorter than an option")
        return self

    @property
    def hold(self) -> timedelta:
        """Life of a hold; 15 minutes when the file does not say."""
        if self.hold_seconds is not None:
            return timedelta(seconds=self.hold_seconds)
        return timedelta(minutes=self.hold_minutes if self.hold_minutes is not None else 15)

    @property
    def option(self) -> timedelta:
        """Life of an option before the arrival cut-off shortens it."""
        return timedelta(hours=self.option_hours)

    @property
    def quote_valid(self) -> timedelta:
        """How long a quoted price is honoured."""
        return timedelta(minutes=self.quote_valid_minutes)

    @property
    def settle(self) -> timedelta:
        """How long a write of unknown outcome may still happen in the PMS."""
        return timedelta(seconds=self.settle_seconds)

    @property
    def join_window(self) -> timedelta:
        """How long a guest's open case takes in a new contact of the same guest."""
        return timedelta(hours=self.join_window_hours)


class MockClient(Section):
    """Credentials of the mock PMS only; a real hotel's come from the environment."""

    client_id: Text
    client_secret: Text
    app_key: Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    username: Text
    password: Text
    enterprise_id: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]


class PmsLink(Section):
    """Where the hotel's records live and how much of its rate limit is ours (requests per second)."""

    system_code: PmsCode = "SANTRAL"
    dialect: Literal["ohip"] = "ohip"
    hotel_id: PmsCode
    requests_per_second: Amount = Decimal(15)
    burst: int = Field(default=20, ge=1, le=100)
    mock_client: MockClient

    @model_validator(mode="after")
    def _some_share(self) -> Self:
        if not 0 < self.requests_per_second <= 50:  # noqa: PLR2004 - the dialect's limit for the whole hotel
            raise ValueError("requests_per_second must be above 0 and at most 50")
        return self


class ConfirmedMapping(Section):
    """Guarantee code of the PMS for each way a stay is guaranteed."""

    card: PmsCode
    agency: PmsCode
    company: PmsCode
    deposit: PmsCode


class CancelMapping(Section):
    """Cancellation reason code of the PMS for each reason of ours."""

    guest: PmsCode
    hold_expired: PmsCode
    option_expired: PmsCode
    rolled_back: PmsCode
    price_changed: PmsCode
    duplicate: PmsCode
    no_show: PmsCode


class StatusMapping(Section):
    """Our states in the words of the PMS, and its states in ours (`read`)."""

    hold: PmsCode
    option: PmsCode
    confirmed: ConfirmedMapping
    cancelled: CancelMapping
    read: dict[PmsStatus, Reading]
