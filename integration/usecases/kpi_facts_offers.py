"""Facts of offers.

An offer was given when it held at least one choice: whoever quotes tells the guest, in a call, a chat or at the desk.
What was quoted in one call is one offer, whatever the dates.
"""

from collections.abc import Sequence

from domain.hotel import HotelTerms
from domain.kpi_facts import By, OfferFact
from domain.offer import Offer
from integration.usecases.kpi_facts_sales import is_sold
from integration.usecases.kpi_facts_segments import segment_of
from integration.usecases.kpi_family import Family


def offer_facts(family: Family, hotel: HotelTerms, by: By) -> list[OfferFact]:
    """One fact for each call that offers were given in, and for each offer without a call."""
    groups: dict[str, list[Offer]] = {}
    for offer in sorted(family.offers, key=lambda one: (one.created_at, one.offer_id)):
        if offer.choices:
            groups.setdefault(offer.call_id or offer.offer_id, []).append(offer)
    return [_offer_fact(family, hotel, by, group) for group in groups.values()]


def _offer_fact(family: Family, hotel: HotelTerms, by: By, group: Sequence[Offer]) -> OfferFact:
    first = group[0]
    made_at, ids = first.created_at, {one.offer_id for one in group}
    made_at = made_at.replace(microsecond=made_at.microsecond // 1000 * 1000)
    mine = [sale for sale in family.sales if sale.one.offer_id in ids]
    return OfferFact(
        offer_id=first.offer_id,
        day=hotel.today(made_at),
        by=By(
            by.hotel, "phone" if first.call_id else by.channel, by.source, by.language or first.language, first.actor,
            segment_of(hotel, mine, group) or by.segment, by.tags,
        ),
        made_at=made_at,
        is_sold=is_sold(mine, made_at),
        quotes=len(group),
        case_id=family.case.case_id if family.case else "",
        call_id=first.call_id or "",
    )  # fmt: skip
