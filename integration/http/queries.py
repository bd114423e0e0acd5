"""What may be asked in a query string: one model per listing. An unknown name is refused, for a misspelt filter would
be no filter at all.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from integration.http.fields import Code, Line
from integration.usecases.look_up import MOST, ReservationSearch
from integration.usecases.recognise_guest import GuestQuestion

Limit = Annotated[int, Field(ge=1, le=MOST)]
Day = Annotated[date, Field(examples=["2027-07-10"])]


class _Query(BaseModel):
    """Closed: no unknown names."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(_Query):
    """How many rows."""

    limit: Limit = 50


class AfterQuery(PageQuery):
    """A page; `after` continues a listing."""

    after: Code | None = None


class HotelQuery(_Query):
    """Which hotel; may be left out where there is one."""

    hotel: Code | None = None


class LiveQuery(_Query):
    """Whether to read the PMS too."""

    live: bool = False


class OfferQuery(PageQuery):
    """Offers of a call."""

    call_id: Code | None = None


class CallQuery(PageQuery):
    """Calls; `open` for those still going on."""

    hotel: Code | None = None
    open: bool = False


class TaskQuery(PageQuery):
    """Tasks; `open=false` for all."""

    hotel: Code | None = None
    open: bool = True


class GuestQuery(_Query):
    """One of telephone (any spelling), e-mail or name."""

    phone: Line | None = None
    email: Line | None = None
    name: Line | None = None
    hotel: Code | None = None
    limit: Limit = 20

    def question(self) -> GuestQuestion:
        """As the use case takes it."""
        return GuestQuestion(self.phone, self.email, self.name, self.limit)


class ReservationQuery(PageQuery):
    """Which reservations; `status` may be given several times, `after` continues a listing."""

    hotel: Code | None = None
    status: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    guest_id: Code | None = None
    arrival_from: Day | None = None
    arrival_to: Day | None = None
    after: Code | None = None

    def search(self) -> ReservationSearch:
        """As the use case takes it."""
        return ReservationSearch(
            hotel_id=self.hotel,
            status=self.status,
            guest_id=self.guest_id,
            arrival_from=self.arrival_from,
            arrival_to=self.arrival_to,
            after=self.after,
            limit=self.limit,
        )
