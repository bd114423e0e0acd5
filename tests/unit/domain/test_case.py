"""Calls end with a result, cases keep exactly one lead or none."""

from datetime import date

import pytest

from domain.case import (
    LEAD_MOVES,
    CallEnd,
    CallOutcome,
    CaseKind,
    LeadStatus,
    check_call_open,
    lead_after,
)
from domain.errors import CallClosed, OutcomeMissing, Refused
from tests.builders import a_call, a_case
from tests.fakes.surroundings import NOW

DUE = date(2027, 5, 4)
ENDS = {
    CallOutcome.SOLD: CallEnd(CallOutcome.SOLD),
    CallOutcome.NOT_SOLD: CallEnd(CallOutcome.NOT_SOLD, lost_reason="price"),
    CallOutcome.FOLLOW_UP: CallEnd(CallOutcome.FOLLOW_UP, due_on=DUE),
    CallOutcome.SERVICE: CallEnd(CallOutcome.SERVICE),
    CallOutcome.ABANDONED: CallEnd(CallOutcome.ABANDONED),
}


def test_a_sales_case_without_a_lead_is_refused() -> None:
    with pytest.raises(Refused):
        a_case(lead_status=None)


def test_a_support_case_with_a_lead_is_refused() -> None:
    with pytest.raises(Refused):
        a_case(kind=CaseKind.SUPPORT)
    a_case(kind=CaseKind.SUPPORT, lead_status=None)


def test_a_lost_lead_has_a_reason_and_only_a_lost_one() -> None:
    a_case(lead_status=LeadStatus.LOST, lost_reason="price")
    with pytest.raises(OutcomeMissing):
        a_case(lead_status=LeadStatus.LOST)
    with pytest.raises(OutcomeMissing):
        a_case(lead_status=LeadStatus.WON, lost_reason="price")


@pytest.mark.parametrize(
    ("outcome", "reason", "due", "field"),
    [
        (CallOutcome.NOT_SOLD, None, None, "lost_reason"),
        (CallOutcome.NOT_SOLD, "", None, "lost_reason"),
        (CallOutcome.SOLD, "price", None, "lost_reason"),
        (CallOutcome.FOLLOW_UP, None, None, "due"),
    ],
)
def test_a_call_does_not_end_without_what_its_outcome_needs(
    outcome: CallOutcome, reason: str | None, due: date | None, field: str
) -> None:
    with pytest.raises(OutcomeMissing) as refused:
        CallEnd(outcome, reason, due)
    assert refused.value.field == field


def test_a_call_does_not_end_twice() -> None:
    check_call_open(a_call())
    with pytest.raises(CallClosed):
        check_call_open(a_call(ended_at=NOW, outcome=CallOutcome.SERVICE))


def test_a_call_ends_as_sold_only_with_a_reservation() -> None:
    with pytest.raises(OutcomeMissing):
        lead_after(ENDS[CallOutcome.SOLD], LeadStatus.OPEN, has_reservation=False)


@pytest.mark.parametrize("outcome", list(CallOutcome))
def test_a_support_case_never_gets_a_lead(outcome: CallOutcome) -> None:
    assert lead_after(ENDS[outcome], None, has_reservation=True) is None


@pytest.mark.parametrize("outcome", list(CallOutcome))
@pytest.mark.parametrize("before", list(LeadStatus))
def test_a_call_moves_a_lead_only_along_the_table(outcome: CallOutcome, before: LeadStatus) -> None:
    after = lead_after(ENDS[outcome], before, has_reservation=True)
    assert after is before or after in LEAD_MOVES[before]


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (CallOutcome.SOLD, LeadStatus.WON),
        (CallOutcome.NOT_SOLD, LeadStatus.LOST),
        (CallOutcome.FOLLOW_UP, LeadStatus.IN_PROGRESS),
        (CallOutcome.SERVICE, LeadStatus.OPEN),
        (CallOutcome.ABANDONED, LeadStatus.OPEN),
    ],
)
def test_an_open_lead_follows_the_outcome_of_the_call(outcome: CallOutcome, after: LeadStatus) -> None:
    assert lead_after(ENDS[outcome], LeadStatus.OPEN, has_reservation=True) is after


def test_a_later_call_without_a_sale_does_not_lose_a_lead_that_is_won() -> None:
    assert lead_after(ENDS[CallOutcome.NOT_SOLD], LeadStatus.WON, has_reservation=True) is LeadStatus.WON
