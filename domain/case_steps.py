"""What a person can do to a case and its lead by hand, and when: the two tables of moves in one place.

A case is open, waits for the guest, or is resolved. Waiting stops the clock of the solution, never that of an answer;
the guest's next word ends it by itself. A case is only resolved when its lead is: a sales case ends won or lost, a
support case ends resolved. What is done is kept as an event of the case, so a case computed anew says the same.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.case import LEAD_MOVES, Case, CaseStatus, LeadStatus
from domain.errors import MoveNotAllowed, OutcomeMissing

CLOSED_LEADS = frozenset({LeadStatus.WON, LeadStatus.LOST})


class CaseStep(StrEnum):
    """A step of a case by hand."""

    WAIT = "wait"
    REOPEN = "reopen"
    RESOLVE = "resolve"


CASE_STEPS: Mapping[CaseStep, Mapping[CaseStatus, str]] = {
    CaseStep.WAIT: {CaseStatus.OPEN: "paused"},
    CaseStep.REOPEN: {CaseStatus.WAITING: "resumed", CaseStatus.RESOLVED: "reopened"},
    CaseStep.RESOLVE: {CaseStatus.OPEN: "resolved", CaseStatus.WAITING: "resolved"},
}


def event_of_step(case: Case, step: CaseStep) -> str:
    """The event that a step is kept as. MoveNotAllowed outside the table; OutcomeMissing for resolving a sales case
    whose lead is neither won nor lost."""
    event = CASE_STEPS[step].get(case.status)
    if event is None:
        raise MoveNotAllowed(
            "Case {case_id} is {status}; this cannot be done now.", case_id=case.case_id, status=case.status.value
        )
    if step is CaseStep.RESOLVE and case.lead_status is not None and case.lead_status not in CLOSED_LEADS:
        raise OutcomeMissing(
            "Case {case_id} has a lead that is {lead}; win it or lose it first.",
            case_id=case.case_id,
            lead=case.lead_status.value,
            hint="A case of support has no lead: tag it support, and take the tag reservation off.",
            field="lead",
        )
    return event


def check_lead_move(case: Case, to: LeadStatus) -> None:
    """MoveNotAllowed when the case has no lead, or its lead does not lead there."""
    if case.lead_status is None:
        raise MoveNotAllowed("Case {case_id} is of support; it has no lead.", case_id=case.case_id)
    if to not in LEAD_MOVES[case.lead_status]:
        raise MoveNotAllowed(
            "The lead of case {case_id} is {lead}; it cannot become {to}.",
            case_id=case.case_id,
            lead=case.lead_status.value,
            to=to.value,
        )
