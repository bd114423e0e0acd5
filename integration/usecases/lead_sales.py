"""Whether a lead that was won has a sale to show.

Won needs a reservation. One that was rolled back or has lapsed was none, nor was a hold that was given up before it was
confirmed, nor what the PMS does not have; one that was confirmed and cancelled later was a sale and is told as a
cancellation. A lead that came to us as won, without any reservation of ours, is taken at its word.
"""

from domain.case import LeadStatus
from domain.reservation import TIMED
from integration.usecases.kpi_facts_sales import sold_at, truth_of
from integration.usecases.kpi_family import Family, Sale

_WAITS = frozenset(state.value for state in TIMED)


def lead_of(family: Family) -> LeadStatus | None:
    """The lead's status, held against its sales: a win by nothing that stands is in progress. None without a lead."""
    status = family.case.lead_status if family.case is not None else None
    if status is not LeadStatus.WON or not family.sales or any(wins(one) for one in family.sales):
        return status
    return LeadStatus.IN_PROGRESS


def wins(sale: Sale) -> bool:
    """Whether a lead is won by it: it was confirmed, or waits on hold or option."""
    return truth_of(sale) in _WAITS or sold_at(sale) is not None
