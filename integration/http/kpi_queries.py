"""What may be asked about KPIs in a query string."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.errors import InvalidInput
from domain.kpi_row import Dimension
from integration.http.fields import Code, Line
from integration.http.queries import HotelQuery
from integration.usecases.desk import Desk
from integration.usecases.kpi_planned import days_over
from integration.usecases.kpi_report import last_days
from integration.usecases.kpi_shapes import ReportWish
from integration.usecases.kpi_weekly import WeekWish, monday_of


class KpiQuery(HotelQuery):
    """Days, both included, by default the last seven. `by`: dimensions to break down by, each on its own; `kpi`: slugs,
    none for all; `pms=false`: do not ask the PMS again; `plan`: a shipped scenario, or one in the home's folder
    `scenarios`, to stand beside days that are over (by default the seven up to yesterday)."""

    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    by: Annotated[list[Dimension], Field(max_length=10, default_factory=list)]
    kpi: Annotated[list[Code], Field(max_length=40, default_factory=list)]
    pms: bool = True
    plan: Code | None = None

    def wish(self, desk: Desk) -> ReportWish:
        """As the use case takes it."""
        days = last_days if self.plan is None else days_over
        by, period = tuple(dict.fromkeys(self.by)), days(desk, self.hotel, self.from_, self.to)
        return ReportWish(period, self.hotel, by, tuple(self.kpi), self.pms)


class ExplainQuery(HotelQuery):
    """Days, by default the last seven, and the part that is meant: `part=channel=phone`; `after` continues."""

    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    part: Annotated[list[Line], Field(max_length=10, default_factory=list)]
    after: Line | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100

    def wish(self, desk: Desk) -> ReportWish:
        """As the use case takes it."""
        return ReportWish(last_days(desk, self.hotel, self.from_, self.to), self.hotel, ask_pms=False)

    def where(self) -> dict[str, str]:
        """Dimension and key of each part; InvalidInput for two of one dimension."""
        found: dict[str, str] = {}
        for name, _, key in (one.partition("=") for one in self.part):
            if name in found:
                raise InvalidInput("{part} is said twice.", part=name[:40], field="part")
            found[name] = key
        return found


class WeekQuery(HotelQuery):
    """The week, such as `2027-W31` or a day in it (by default the last one that is over), and the one to hold it
    against (by default the pilot's first); `pms=false`: do not ask the PMS again."""

    week: Line | None = None
    baseline: Line | None = None
    pms: bool = True

    def wish(self) -> WeekWish:
        """As the use case takes it; InvalidInput for what is no week."""
        monday = None if self.week is None else monday_of(self.week, "week")
        baseline = None if self.baseline is None else monday_of(self.baseline, "baseline")
        return WeekWish(monday, baseline, self.hotel, self.pms)


class BoardQuery(HotelQuery):
    """How many days of lost leads, today included."""

    days: Annotated[int, Field(ge=1, le=366)] = 30
