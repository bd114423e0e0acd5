"""What may be asked about cases, leads, handoffs and channels in a query string."""

from typing import Annotated, Literal

from pydantic import Field

from domain.case import CaseKind, CaseStatus, LeadStatus
from domain.contact import Channel
from domain.handoff import HandoffState
from domain.signals import Tag
from integration.http.fields import Code, Line
from integration.http.queries import AfterQuery, HotelQuery, PageQuery
from integration.usecases.list_cases import CaseQuestion


class LeadQuery(AfterQuery):
    """Which leads; `due`: those that come back today or should have."""

    hotel: Code | None = None
    status: LeadStatus | None = None
    channel: Channel | None = None
    assignee: Line | None = None
    due: bool = False

    def question(self) -> CaseQuestion:
        """As the use case takes it."""
        return CaseQuestion(
            hotel_id=self.hotel, kind=CaseKind.SALES, lead=self.status, channel=self.channel, assignee=self.assignee,
            due=self.due, after=self.after, limit=self.limit,
        )  # fmt: skip


class CaseQuery(AfterQuery):
    """Which cases; `breaching`: late ones, first due first; `warning`: those that are or soon will be; `due`: those
    that come back today; `open`: not resolved."""

    hotel: Code | None = None
    status: CaseStatus | None = None
    kind: CaseKind | None = None
    channel: Channel | None = None
    assignee: Line | None = None
    guest_id: Code | None = None
    tag: Tag | None = None
    open: bool = False
    due: bool = False
    breaching: bool = False
    warning: bool = False

    def question(self) -> CaseQuestion:
        """As the use case takes it."""
        return CaseQuestion(
            hotel_id=self.hotel, status=self.status, kind=self.kind, channel=self.channel, assignee=self.assignee,
            guest_id=self.guest_id, tag=self.tag, is_open=self.open, due=self.due, breaching=self.breaching,
            warning=self.warning, after=self.after, limit=self.limit,
        )  # fmt: skip


class HandoffQuery(PageQuery):
    """Which handoffs."""

    hotel: Code | None = None
    case_id: Code | None = None
    state: HandoffState | None = None


class DrawingQuery(HotelQuery):
    """The language of the words."""

    lang: Annotated[Literal["tr", "en"], Field()] = "en"
