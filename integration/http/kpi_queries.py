"""What may be asked about KPIs in a query string."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kpi_row import Dimension, Period
from integration.http.fields import Code, Line
from integration.http.queries import HotelQuery
from integration.usecases.kpi_shapes import ReportWish


class KpiQuery(HotelQuery):
    """Days, both included; `by`: dimensions to break down by, each on its own; `kpi`: slugs, none for all; `pms=false`:
    do not ask the PMS again."""

    from_: Annotated[date, Field(alias="from")]
    to: date
    by: Annotated[list[Dimension], Field(max_length=10, default_factory=list)]
    kpi: Annotated[list[Code], Field(max_length=40, default_factory=list)]
    pms: bool = True

    def wish(self) -> ReportWish:
        """As the use case takes it."""
        by = tuple(dict.fromkeys(self.by))
        return ReportWish(Period(self.from_, self.to), self.hotel, by, tuple(self.kpi), self.pms)


class ExplainQuery(HotelQuery):
    """Days, and the part that is meant: `part=channel=phone`; `after` continues."""

    from_: Annotated[date, Field(alias="from")]
    to: date
    part: Annotated[list[Line], Field(max_length=10, default_factory=list)]
    after: Line | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100

    def wish(self) -> ReportWish:
        """As the use case takes it."""
        return ReportWish(Period(self.from_, self.to), self.hotel, ask_pms=False)

    def where(self) -> dict[str, str]:
        """Dimension and key of each part."""
        return {name: key for name, _, key in (one.partition("=") for one in self.part)}


class BoardQuery(HotelQuery):
    """How many days of lost leads, today included."""

    days: Annotated[int, Field(ge=1, le=366)] = 30
