"""Find cases: lists by what they are, what is due, what is late; one case whole; the clocks of all in one view.

Lists are read from kept instants, never by computing cases anew, and the view of all clocks is counted by the store, so
ten thousand open cases cost one read of a few rows (`make bench`). `due`: what comes back today, call-backs and
follow-ups alike. Late ones come first due first, others newest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor, Permission
from domain.case import Case, CaseId, CaseKind, CaseStatus, LeadStatus
from domain.contact import Channel
from domain.errors import InvalidInput
from domain.presence import PresenceState
from integration.ports.queue_records import CaseWish, OpenCases
from integration.ports.store import ReadTx
from integration.usecases.answers import Body
from integration.usecases.desk import Desk
from integration.usecases.handoff_case_views import handoff_body
from integration.usecases.presence import states_of
from integration.usecases.views import instant
from integration.usecases.work_case import find_case
from integration.usecases.work_case_views import case_body, whole_case_body

MOST = 200


@dataclass(frozen=True, slots=True)
class CaseQuestion:
    """Which cases. `due`: open ones that come back today or should have; `breaching`: late ones; `warning`: those that
    are, or will soon be; `after` continues a list that is newest first."""

    hotel_id: str | None = None
    status: CaseStatus | None = None
    kind: CaseKind | None = None
    lead: LeadStatus | None = None
    channel: Channel | None = None
    assignee: str | None = None
    guest_id: str | None = None
    tag: str | None = None
    is_open: bool = False
    due: bool = False
    breaching: bool = False
    warning: bool = False
    after: str | None = None
    limit: int = 50


async def list_cases(desk: Desk, actor: Actor, asked: CaseQuestion) -> Body:
    """A page of cases; `next`: what to go on behind, None on the last page and where late ones come first."""
    actor.require(Permission.READ)
    if not 1 <= asked.limit <= MOST:
        raise InvalidInput("A page has 1 to {most} rows.", most=MOST, field="limit")
    if asked.breaching and asked.after:
        raise InvalidInput("Late cases come first due first; there is no page behind.", field="after")
    now = desk.clock.now()
    wish = case_wish(desk, asked, now)

    def work(tx: ReadTx) -> tuple[list[Case], Mapping[str, PresenceState]]:
        return tx.list_cases(wish, asked.limit), states_of(tx, now)

    found, there = await desk.store.read(work)
    is_last = asked.breaching or len(found) < asked.limit
    lines = [{**case_body(one, now), "assignee_presence": _stands(one, there)} for one in found]
    return {"cases": lines, "next": None if is_last else found[-1].case_id}


def _stands(case: Case, there: Mapping[str, PresenceState]) -> str | None:
    """Whether whose case it is is there; None for nobody's."""
    return there.get(case.assignee, PresenceState.OFFLINE).value if case.assignee else None


def case_wish(desk: Desk, asked: CaseQuestion, now: datetime) -> CaseWish:
    """The question as the store takes it."""
    hotel = desk.hotel(asked.hotel_id) if asked.hotel_id else None
    first = hotel or next(iter(desk.hotels.values()))
    return CaseWish(
        hotel_id=hotel.hotel_id if hotel else None,
        status=asked.status,
        kind=asked.kind.value if asked.kind else None,
        lead_status=asked.lead.value if asked.lead else None,
        channel=asked.channel,
        assignee=asked.assignee,
        guest_id=asked.guest_id,  # type: ignore[arg-type]
        tag=asked.tag,
        breaching_by=now if asked.breaching else None,
        after=CaseId(asked.after) if asked.after else None,
        warning_by=now if asked.warning else None,
        due_by=first.today(now) if asked.due else None,
        is_open=asked.is_open,
    )


async def show_case(desk: Desk, actor: Actor, case_id: str) -> Body:
    """One case with its contacts, events, clocks, handoffs and reservations. NotFound."""
    actor.require(Permission.READ)

    def work(tx: ReadTx) -> Body:
        case = find_case(tx, case_id)
        body = whole_case_body(tx, actor, case, desk.clock.now())
        handoffs = tx.list_handoffs(case_id=case.case_id)
        return {**body, "handoffs": [handoff_body(tx, actor, one) for one in handoffs]}

    return await desk.store.read(work)


async def view_clocks(desk: Desk, actor: Actor, hotel_id: str | None = None) -> Body:
    """All running clocks at once: open cases by hotel and channel, how many are near, late and escalated, and how long
    the guest who has waited longest has waited (seconds; None when nobody waits)."""
    actor.require(Permission.READ)
    hotel = desk.hotel(hotel_id).hotel_id if hotel_id else None
    now = desk.clock.now()
    found = await desk.store.read(lambda tx: tx.count_open_cases(now))
    rows = [clock_row(one, now) for one in found if hotel in {None, one.hotel_id}]
    return {"as_of": instant(now), "rows": rows}


def clock_row(one: OpenCases, now: datetime) -> Body:
    """How the open cases of a hotel and channel stand."""
    since = one.waiting_since
    return {
        "hotel_id": one.hotel_id,
        "channel": one.channel,
        "open": one.open,
        "waiting": one.waiting,
        "warning": one.warning,
        "breaching": one.breaching,
        "escalated": one.escalated,
        "oldest_wait_s": None if since is None else max((now - since).total_seconds(), 0.0),
    }
