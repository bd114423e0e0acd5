"""A fault profile: what the mock PMS does on a bad day, as data.

Each `[[fault]]` is one rule: a kind, whom it concerns, how often it strikes and when. Times are counted from the
moment the profile is loaded (`"10m"`), or are instants, both on the mock's clock, so a profile can be used again.
A rule without a seed of its own takes the profile's seed plus its place, so that two rules never share their luck.

The words are those of docs/faults.md; the mock checks operations and codes once more when it takes the rules.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from scenarios.schema.types import Many, Number, Section, Share, Text

TAKES: dict[str, frozenset[str]] = {
    "down": frozenset(),
    "slow": frozenset({"seconds", "median", "p95"}),
    "status": frozenset({"status", "retry_after"}),
    "token_expired": frozenset(),
    "lost_answer": frozenset(),
    "truncated": frozenset(),
    "garbage": frozenset(),
    "warnings": frozenset({"text"}),
    "5xx_after_commit": frozenset({"status"}),
    "201_without_location": frozenset(),
    "late_execution": frozenset({"seconds"}),
    "lookup_lag": frozenset({"seconds"}),
    "stale_availability": frozenset({"seconds"}),
    "price_changed": frozenset({"percent"}),
    "restriction_appears": frozenset({"seconds", "code", "unit"}),
    "house_closed": frozenset({"seconds"}),
    "locked": frozenset({"seconds", "user"}),
    "guarantee_replaced": frozenset({"guarantee"}),
    "deposit_without_guarantee": frozenset(),
    "confirmed_by_front_desk": frozenset({"guarantee"}),
}
PARAMETERS = frozenset().union(*TAKES.values())
LENGTH = re.compile(r"(\d{1,6})(s|m|h|d)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset, such as 2027-07-01T10:00:00Z")
        return value
    found = LENGTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{value!r} is neither a time since loading such as "10m" nor an instant')
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _kind(value: object) -> object:
    if value not in TAKES:
        raise ValueError(f"{value!r} is not one of {', '.join(TAKES)}")
    return value


Moment = Annotated[timedelta | datetime, BeforeValidator(_moment)]
Seconds = Annotated[Number, Field(ge=0, le=10_000_000)]


class FaultRule(Section):
    """One rule. What is left out is the kind's own default; `operation` is an id, `reads`, `writes` or `*`."""

    kind: Annotated[str, BeforeValidator(_kind)]
    operation: Text = "*"
    hotel: Text | None = None
    rate: Share | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    seed: int | None = None
    start: Moment | None = None
    end: Moment | None = None
    seconds: Seconds | None = None
    median: Seconds | None = None
    p95: Seconds | None = None
    percent: Annotated[Number, Field(ge=-100, le=1000)] | None = None
    status: Annotated[int, Field(ge=300, le=599)] | None = None
    retry_after: Text | None = None
    code: Text | None = None
    unit: Annotated[int, Field(ge=1, le=365)] | None = None
    user: Text | None = None
    guarantee: Text | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _takes_only_its_own(self) -> Self:
        for name in sorted(PARAMETERS - TAKES[self.kind]):
            if getattr(self, name) is not None:
                offered = ", ".join(sorted(TAKES[self.kind])) or "nothing"
                raise ValueError(f"a fault of kind {self.kind} takes no {name} (it takes {offered})")
        if (self.median is None) != (self.p95 is None):
            raise ValueError("a distribution needs both median and p95")
        return self

    @property
    def params(self) -> dict[str, float | str]:
        """The kind's parameters that are set: numbers as floats, texts as they are."""
        found = {name: getattr(self, name) for name in sorted(TAKES[self.kind])}
        return {
            name: value if isinstance(value, str) else float(value)
            for name, value in found.items()
            if value is not None
        }


class FaultProfile(Section):
    """A whole file."""

    version: Annotated[Literal[1], Field(alias="schema")]
    about: Text
    seed: int = 1
    fault: Many[FaultRule] = Field(min_length=1)
