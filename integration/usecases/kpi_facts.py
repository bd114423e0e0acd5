"""Facts from records: a family of records in, the facts of its calls, cases, offers and stays out.

Pure but for the hotel's promises, which are those of the time. Facts of a family are made together, because a tag or
the lead's source set on a case counts for all that belongs to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.hotel import HotelTerms
from domain.kpi_facts import By, CallFact, CaseFact, OfferFact, StayFact
from domain.sla import ServicePolicy
from integration.ports.queue_records import StoredMessage
from integration.ports.store import ReadTx
from integration.usecases.channel_roles_live import policy_of
from integration.usecases.contacts import in_order, is_from_guest
from integration.usecases.desk import Desk
from integration.usecases.kpi_facts_calls import call_facts
from integration.usecases.kpi_facts_cases import case_facts
from integration.usecases.kpi_facts_offers import offer_facts
from integration.usecases.kpi_facts_sales import stay_fact
from integration.usecases.kpi_facts_segments import family_segment
from integration.usecases.kpi_family import Family
from integration.usecases.lead_wish import wish_in

_FURTHER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """The facts of a family."""

    calls: list[CallFact]
    runs: list[CaseFact]
    offers: list[OfferFact]
    stays: list[StayFact]


def facts_of(desk: Desk, tx: ReadTx, family: Family) -> FamilyFacts:
    """As of now."""
    hotel, now = desk.hotel(family.hotel_id), desk.clock.now()
    by, policy = by_of(family, hotel), promises(desk, tx, family, now)
    case_id = family.case.case_id if family.case else ""
    return FamilyFacts(
        calls=call_facts(family, hotel, policy, by),
        runs=case_facts(family, hotel, policy, by, now),
        offers=offer_facts(family, hotel, by),
        stays=[stay_fact(sale, hotel, by, case_id) for sale in family.own_sales()],
    )


def promises(desk: Desk, tx: ReadTx, family: Family, now: datetime) -> ServicePolicy:
    """The hotel's promises for all instants of a family."""
    seen = [now, *_instants(family)]
    return policy_of(desk, tx, family.hotel_id, min(seen), max(seen) + _FURTHER)


def _instants(family: Family) -> Iterable[datetime]:
    for row in family.rows:
        yield row.at
        yield row.received_at
    yield from (call.started_at for call in family.calls)
    if family.case is not None:
        yield family.case.opened_at


def by_of(family: Family, hotel: HotelTerms) -> By:
    """What the facts of a family have in common: the agent is each fact's own, the segment where it knows better."""
    case, segment = family.case, family_segment(hotel, family)
    if case is None:
        return By(family.hotel_id, segment=segment)
    rows = in_order(family.rows)
    channel = rows[0].channel.value if rows else case.channel
    return By(family.hotel_id, channel, _source(rows), case.language or "", "", segment, tuple(case.tags))


def _source(rows: Iterable[StoredMessage]) -> str:
    """Where the lead came from: the first that says so."""
    return next((found for row in rows if is_from_guest(row) and (found := wish_in(row.document).source)), "")
