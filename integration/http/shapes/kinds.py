"""What many shapes have: days, instants, money, nights, notes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2027-07-01T10:00:00Z"])]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2027-07-10"])]


class Shape(BaseModel):
    """A shape: exact types."""

    model_config = ConfigDict(strict=True)


class Money(Shape):
    """An amount as a decimal string, and its currency."""

    amount: Annotated[str, Field(examples=["4350.00"])]
    currency: Annotated[str, Field(examples=["EUR"])]


class Night(Shape):
    """The price of one night, for the whole booking."""

    night: Day
    price: Money


class PmsDown(Shape):
    """The PMS is down, so its truth is missing here; `since`: from when on it has not been asked."""

    state: str
    since: Instant


class Note(Shape):
    """A note of the house."""

    at: Instant
    actor: str
    text: str
