"""What may be sent about the routine around the KPIs: a pilot, targets to propose, their approval."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from integration.http.fields import Code, Codes, Instant, body_config


class PilotBody(BaseModel):
    """Where, and from which day on; today unless it is said."""

    model_config = body_config(**{"from": "2027-08-02"})

    first: Annotated[date | None, Field(alias="from")] = None
    hotel: Code | None = None


class ProposalBody(BaseModel):
    """The last of the thirty days, yesterday unless it is said; `without`: days that do not count, such as those of an
    outage."""

    model_config = body_config(to="2027-08-31", without=["2027-08-12"])

    to: date | None = None
    without: Annotated[tuple[date, ...], Field(max_length=30)] = ()
    hotel: Code | None = None


class ApprovalBody(BaseModel):
    """From when on the targets count, the hotel's next midnight unless it is said; `channels`: these alone."""

    model_config = body_config(**{"from": "2027-09-10T05:00:00Z"}, channels=["whatsapp"])

    since: Annotated[Instant | None, Field(alias="from")] = None
    channels: Codes = ()
