"""Kinds of field that several bodies have: codes, lines of text, amounts, instants.

Strict and closed: `"2"` is no number, an unknown field is refused. Control characters have no place in any text.
"""

from datetime import UTC, datetime
from typing import Annotated, cast

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from domain.money import Money

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Prose = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Count = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Ages = Annotated[tuple[Count, ...], Field(max_length=100)]
Codes = Annotated[tuple[Code, ...], Field(max_length=50)]
Minutes = Annotated[int, Field(ge=1, le=525_600)]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]


def body_config(**example: object) -> ConfigDict:
    """Strict and closed, with an example for the API document."""
    return ConfigDict(strict=True, extra="forbid", json_schema_extra=cast("JsonDict", {"examples": [example]}))


class MoneyBody(BaseModel):
    """An amount as a decimal string, and its currency (ISO 4217)."""

    model_config = body_config(amount="450.00", currency="EUR")

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    def money(self) -> Money:
        """As the domain has it."""
        return Money.of(self.amount, self.currency)


class NoteBody(BaseModel):
    """A note."""

    model_config = body_config(text="Arrives after midnight.")

    text: Prose


class NothingBody(BaseModel):
    """Nothing to be said: `{}` or no body at all."""

    model_config = body_config()
